"""From what a request says to a host and to names in the tree. Pure; everything doubtful is refused here, before the store is asked."""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus

_HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")

PUBLIC_DOT_NAMES = frozenset({".well-known"})
"""RFC 8615, for security.txt (RFC 9116)."""


class Refused(Exception):
    """This address is never served; `status` is the answer."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@lru_cache(maxsize=4096)
def host_name(header: str) -> str:
    """The Host header without port and final dot, lower case; "" for what is no host (RFC 9110, 7.2). An IPv6 address keeps its brackets."""
    match = _HOST.fullmatch(header.lower())
    return match[1].removesuffix(".") if match else ""


def decoded(path_info: str) -> str:
    """WSGI's PATH_INFO (bytes as Latin-1, PEP 3333) as text. Raises Refused."""
    try:
        path = path_info.encode("latin-1").decode()
    except UnicodeError:
        raise Refused(HTTPStatus.NOT_FOUND) from None
    if "\x00" in path:
        raise Refused(HTTPStatus.BAD_REQUEST)
    return path


def names(path: str) -> tuple[str, ...]:
    """The names along an absolute path; a path to a directory ends in "". Raises Refused for what no site shows: names that start with "_"
    (they are for the server) or with "." (hidden files, and the dots that climb), and empty names."""
    if not path.startswith("/"):
        raise Refused(HTTPStatus.BAD_REQUEST)
    found = tuple(path[1:].split("/"))
    if "" in found[:-1] or any(name[:1] in {"_", "."} and name not in PUBLIC_DOT_NAMES for name in found):
        raise Refused(HTTPStatus.NOT_FOUND)
    return found

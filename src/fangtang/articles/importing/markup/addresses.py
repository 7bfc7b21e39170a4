"""Addresses of an old system: which may stand in a link, where a relative one leads, and what a file is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from fangtang.kernel import text

_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{1,63}\.?")
_UNQUOTED = re.compile(r"[\s<>\"]")
_OTHER = re.compile(r"(?:mailto|tel):[^\s<>\"]+", re.IGNORECASE)


def is_web_address(address: str) -> bool:
    """True for http and https with a whole host name and a possible port, without user name, space or control character."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_whole = bool(_HOST.fullmatch(parts.hostname or "")) and "@" not in parts.netloc and port != 0
    return parts.scheme in {"http", "https"} and is_whole and not re.search(r"[\s<>\"\x00-\x1f\x7f]", address)


def resolved(address: str, *, source: str = "") -> str:
    """A target as it may stand in a link: whole, with spaces quoted; relative to `source`, the address of the page it stood on.

    "" for what leads nowhere: another scheme, a broken host, a place on the same page, a relative address without a source.
    """
    address = re.sub(r"[\t\n]", "", text.clean(address)).strip()
    if not address or address.startswith("#"):
        return ""
    if _OTHER.fullmatch(address):
        return address
    quoted = _UNQUOTED.sub(lambda sign: quote(sign[0]), address)
    try:
        whole = urljoin(source or "https:", quoted) if source or quoted.startswith("//") else quoted
    except ValueError:
        return ""
    return whole if is_web_address(whole) else ""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where addresses of a page lead; remembers those that lead nowhere, each once."""

    source: str
    left_out: dict[str, None]

    def of(self, address: str | None) -> str:
        """The whole address; "" for none, for one that leads nowhere, and for a place on the page itself."""
        given = (address or "").strip()
        found = resolved(given, source=self.source)
        if given and not found and not given.startswith("#"):
            self.left_out[text.shortened(given, most=200)] = None
        return found


def file_name(address: str) -> str:
    """The last part of an address, as a person reads it."""
    parts = urlsplit(address)
    return text.one_line(unquote(parts.path.rstrip("/").rpartition("/")[2])) or parts.netloc

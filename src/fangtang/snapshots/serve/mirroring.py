"""What a mirror reads of a public host, below /.well-known/fangtang/: the site's record, the trust, manifests by digest, files by path.

Files are asked for by path, not by digest: what was withdrawn must not stay within reach of those who know its digest. Ordinary requests never see
names that begin with "_"; a mirror does, for it holds the whole snapshot. Every file is sent as bytes without a meaning, so that nothing runs here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from fangtang.snapshots.serve import addresses, headers
from fangtang.snapshots.serve.files import Foreign
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Kind

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

PREFIX = "/.well-known/fangtang/"
RECORD = "record.json"
FOREVER = "public, max-age=31536000, immutable"
NOW = "no-store"
"""What changes must come from the site itself: a cache between would look like somebody who holds the site back."""
BLOCK_BYTES = 64 * 1024

_TRUST = re.compile(r"trust/([1-9][0-9]{0,8}\.json)", re.ASCII)
_MANIFEST = re.compile(r"manifests/([0-9a-f]{64})", re.ASCII)
_FILES = "files/"


@dataclass(frozen=True, slots=True)
class Asked:
    """A file on disk that answers, with what is said about it."""

    place: str
    content_type: str
    cache_control: str


def asked(layout: Layout, site_key: str, path: str) -> Asked | None:
    """What `path` (decoded, below PREFIX) asks for; None for nothing that a site shows."""
    if path == RECORD:
        return Asked(f"{layout.site(site_key)}/{RECORD}", headers.CONTENT_TYPES["json"], NOW)
    if match := _TRUST.fullmatch(path):
        return Asked(f"{layout.trust}/{match[1]}", headers.CONTENT_TYPES["json"], NOW)
    if match := _MANIFEST.fullmatch(path):
        return Asked(layout.manifest(match[1]), headers.UNKNOWN_TYPE, FOREVER)
    root = layout.current(site_key) if path.startswith(_FILES) else None
    entry = layout.find(root, path.removeprefix(_FILES).split("/")) if root else None
    return Asked(layout.object(entry.sha256), headers.UNKNOWN_TYPE, NOW) if entry and entry.kind is Kind.FILE else None


def answer(environ: WSGIEnvironment, start_response: StartResponse, layout: Layout, site_key: str) -> Iterable[bytes]:
    """Answer a request whose PATH_INFO begins with PREFIX."""
    method = environ["REQUEST_METHOD"]
    if method not in {"GET", "HEAD"}:
        return _plain(environ, start_response, HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "GET, HEAD"))
    try:
        found = asked(layout, site_key, addresses.decoded(environ["PATH_INFO"]).removeprefix(PREFIX))
        file = open(found.place, "rb") if found else None  # noqa: PTH123, SIM115  (closed with the answer)
    except Foreign:  # somebody changed the list of a directory; the guard puts it right
        return _plain(environ, start_response, HTTPStatus.SERVICE_UNAVAILABLE)
    except addresses.Refused as refused:
        return _plain(environ, start_response, refused.status)
    except FileNotFoundError:
        found = file = None
    if found is None or file is None:
        return _plain(environ, start_response, HTTPStatus.NOT_FOUND)
    size = os.fstat(file.fileno()).st_size
    about = [("Content-Type", found.content_type), ("Content-Length", str(size)), ("Cache-Control", found.cache_control)]
    start_response(_line(HTTPStatus.OK), [*about, *headers.security(found.content_type)])
    if method == "HEAD":
        file.close()
        return ()
    return _blocks(file, size)


def _plain(environ: WSGIEnvironment, start_response: StartResponse, status: HTTPStatus, *more: tuple[str, str]) -> Iterable[bytes]:
    content, type_sent = f"{_line(status)}\n".encode(), headers.CONTENT_TYPES["txt"]
    about = [("Content-Type", type_sent), ("Content-Length", str(len(content))), ("Cache-Control", NOW)]
    start_response(_line(status), [*about, *more, *headers.security(type_sent)])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (content,)


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


def _blocks(file: BinaryIO, left: int) -> Iterator[bytes]:
    """Never more than was announced, though the file grew meanwhile."""
    with file:
        while left and (block := file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block

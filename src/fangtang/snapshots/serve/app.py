"""The WSGI application: public hosts are answered from the store without Django; every other host goes to the application behind.

A request reads `current` once and stays with that root to its end, so its parts never come from two snapshots.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fangtang.snapshots.serve import addresses, headers, mirroring, ranges
from fangtang.snapshots.serve.codings import PLAIN, wanted
from fangtang.snapshots.serve.files import CheckedLayout, Foreign, LargeFiles, blocks
from fangtang.snapshots.serve.pages import KEPT_BYTES, Headers, Moved, NotAcceptable, Page, Pages

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ALLOWED = "GET, HEAD"
NOT_FOUND_PAGE = "404.html"
RETRY_SECONDS = "2"
"""The guard puts a wrong file right within a second."""
STATUS_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}
OK = STATUS_LINES[HTTPStatus.OK]


def static_sites(store_root: Path, hosts: Callable[[str], str | None], fallback_app: WSGIApplication, *, kept_bytes: int = KEPT_BYTES) -> WSGIApplication:
    """`hosts` maps a host name (lower case, no port) to a site key, None for a host that is no public site; it is asked on every request.
    `kept_bytes` caps the memory for hot pages."""
    layout = CheckedLayout(store_root)
    sites = Sites(Pages(layout, kept_bytes=kept_bytes), LargeFiles(layout))
    kept, current, monotonic = sites.pages.kept, layout.current, time.monotonic

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        site_key = hosts(addresses.host_name(environ.get("HTTP_HOST", "")))
        if site_key is None:
            return fallback_app(environ, start_response)
        try:
            root = current(site_key)
        except OSError:  # somebody put something else in the place of the link
            root = ""
        key = (root or "", environ.get("PATH_INFO", ""), wanted(environ.get("HTTP_ACCEPT_ENCODING", "")))
        page = kept.get(key)
        # The way of nearly every request: a page that is in memory, asked for as a whole. Bodies are lists, which granian sends without asking back.
        if (
            page is not None
            and page.body is not None
            and environ["REQUEST_METHOD"] == "GET"
            and "HTTP_IF_NONE_MATCH" not in environ
            and "HTTP_RANGE" not in environ
            and page.again_at > monotonic()
        ):
            start_response(OK, page.headers)
            return page.body
        if key[1].startswith(mirroring.PREFIX):
            return mirroring.answer(environ, start_response, layout, site_key)
        return _Request(environ, start_response, sites, site_key).answer(root, key)

    return application


class Sites:
    """What all requests share."""

    __slots__ = ("large", "pages")

    def __init__(self, pages: Pages, large: LargeFiles) -> None:
        self.pages = pages
        self.large = large


class _Request:
    """One request to a public site."""

    __slots__ = ("_environ", "_has_body", "_method", "_site_key", "_sites", "_start_response")

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse, sites: Sites, site_key: str) -> None:
        self._environ = environ
        self._start_response = start_response
        self._sites = sites
        self._site_key = site_key
        self._method = environ["REQUEST_METHOD"]
        self._has_body = self._method != "HEAD"

    def answer(self, root: str | None, key: tuple[str, str, tuple[str, ...]]) -> Iterable[bytes]:
        """`root` is None for a site without a snapshot, "" for one whose `current` leads nowhere."""
        if self._method not in {"GET", "HEAD"}:
            return self._plain(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", ALLOWED))
        if root is None:
            return self._plain(HTTPStatus.NOT_FOUND)
        if "HTTP_RANGE" in self._environ and self._has_body and PLAIN in key[2]:
            key = (*key[:2], (PLAIN,))  # parts are parts of the plain bytes
        try:
            found = self._find(key)
            if found is None:
                return self._missing(key)
            return self._moved(found) if isinstance(found, Moved) else self._page(found)
        except addresses.Refused as refused:
            return self._missing(key) if refused.status is HTTPStatus.NOT_FOUND else self._plain(refused.status)
        except NotAcceptable:
            return self._plain(HTTPStatus.NOT_ACCEPTABLE, ("Vary", "Accept-Encoding"))
        except Foreign:
            return self._plain(HTTPStatus.SERVICE_UNAVAILABLE, ("Retry-After", RETRY_SECONDS))

    def _find(self, key: tuple[str, str, tuple[str, ...]]) -> Page | Moved | None:
        """A moved address leads on though a stub lies there: that is for plain file servers."""
        pages = self._sites.pages
        page = pages.kept.get(key)
        if page is not None and page.again_at > time.monotonic():
            return page
        path = addresses.decoded(key[1])
        names = addresses.names(path)
        move = pages.move(key[0], path)
        if move:
            return move
        found = pages.find(self._site_key, names, key=key)
        query = self._environ.get("QUERY_STRING", "")
        return Moved(f"{found.location}?{query}") if query and isinstance(found, Moved) else found

    def _page(self, page: Page) -> Iterable[bytes]:
        environ = self._environ
        known = _named(environ.get("HTTP_IF_NONE_MATCH", ""), page)
        if known:
            self._start(HTTPStatus.NOT_MODIFIED, [("ETag", known), *page.validated])
            return []
        if "HTTP_RANGE" in environ and self._has_body and environ.get("HTTP_IF_RANGE", page.etag) == page.etag == f'"{page.digest}"':
            return self._part(page)
        return self._whole(page, page.headers)

    def _whole(self, page: Page, about: Headers, status: HTTPStatus = HTTPStatus.OK) -> Iterable[bytes]:
        body = self._body(page, ranges.Span(0, page.size))  # may raise, so before the head goes out
        self._start(status, about)
        return body

    def _part(self, page: Page) -> Iterable[bytes]:
        try:
            span = ranges.span(self._environ["HTTP_RANGE"], size=page.size)
        except ranges.Unsatisfiable:
            return self._plain(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, ("Content-Range", f"bytes */{page.size}"))
        if span is None:
            return self._whole(page, page.headers)
        about = [header for header in page.headers if header[0] != "Content-Length"]
        place = [("Content-Range", f"bytes {span.start}-{span.stop - 1}/{page.size}"), ("Content-Length", str(span.stop - span.start))]
        body = self._body(page, span)
        self._start(HTTPStatus.PARTIAL_CONTENT, [*about, *place])
        return body

    def _body(self, page: Page, span: ranges.Span) -> Iterable[bytes]:
        if not self._has_body:
            return []
        if page.body is None:
            return blocks(self._sites.large.open(self._site_key, page.place, page.digest), span.start, span.stop)
        return page.body if span.stop - span.start == page.size else [page.body[0][span.start : span.stop]]

    def _missing(self, key: tuple[str, str, tuple[str, ...]]) -> Iterable[bytes]:
        """404 with the site's own page. No ETag: it would let a cache answer a 304 for a page that is not there."""
        key = (key[0], f"/{NOT_FOUND_PAGE}", key[2])
        pages = self._sites.pages
        try:
            page = pages.kept.get(key) or pages.find(self._site_key, (NOT_FOUND_PAGE,), key=key)
        except (Foreign, NotAcceptable):
            page = None
        if not isinstance(page, Page):
            return self._plain(HTTPStatus.NOT_FOUND)
        return self._whole(page, [header for header in page.headers if header[0] not in {"ETag", "Accept-Ranges"}], HTTPStatus.NOT_FOUND)

    def _moved(self, target: Moved) -> Iterable[bytes]:
        return self._plain(HTTPStatus.MOVED_PERMANENTLY, ("Location", target.location))

    def _plain(self, status: HTTPStatus, *more: tuple[str, str]) -> Iterable[bytes]:
        """A short answer of our own, for when no page of the site fits."""
        content = f"{STATUS_LINES[status]}\n".encode()
        type_sent = headers.CONTENT_TYPES["txt"]
        about = [("Content-Type", type_sent), ("Content-Length", str(len(content))), ("Cache-Control", headers.CACHE_PAGES)]
        self._start(status, [*about, *more, *headers.security(type_sent)])
        return [content] if self._has_body else []

    def _start(self, status: HTTPStatus, about: Headers) -> None:
        self._start_response(STATUS_LINES[status], about)


def _named(header: str, page: Page) -> str | None:
    """The ETag of this page that If-None-Match names, in whichever coding; compared weakly (RFC 9110, 13.1.2)."""
    if not header:
        return None
    if header.strip() == "*":
        return page.etag
    return next((tag for one in header.split(",") if (tag := one.strip().removeprefix("W/")) in page.etags), None)

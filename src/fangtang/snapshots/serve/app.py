"""The WSGI application: public hosts are answered from the store without Django; every other host goes to the application behind.

A request reads `current` once and stays with that root to its end, so its parts never come from two snapshots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fangtang.snapshots.serve import addresses, headers, ranges
from fangtang.snapshots.serve.pages import KEPT_BYTES, Moved, Page, Pages
from fangtang.snapshots.store.layout import Layout

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ALLOWED = "GET, HEAD"
BLOCK_BYTES = 64 * 1024
NOT_FOUND_PAGE = ("404.html",)
STATUS_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}


def static_sites(store_root: Path, hosts: Callable[[str], str | None], fallback_app: WSGIApplication, *, kept_bytes: int = KEPT_BYTES) -> WSGIApplication:
    """`hosts` maps a host name (lower case, no port) to a site key, None for a host that is no public site; it is asked on every request.
    `kept_bytes` caps the memory for hot pages."""
    layout = Layout(store_root)
    pages = Pages(layout, kept_bytes=kept_bytes)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        site_key = hosts(addresses.host_name(environ.get("HTTP_HOST", "")))
        if site_key is None:
            return fallback_app(environ, start_response)
        return _Request(environ, start_response).answer(pages, layout.current(site_key))

    return application


class _Request:
    """One request to a public site."""

    __slots__ = ("_environ", "_has_body", "_method", "_start_response")

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self._environ = environ
        self._start_response = start_response
        self._method = environ["REQUEST_METHOD"]
        self._has_body = self._method != "HEAD"

    def answer(self, pages: Pages, root: str | None) -> Iterable[bytes]:
        if self._method not in {"GET", "HEAD"}:
            return self._plain(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", ALLOWED))
        if root is None:
            return self._plain(HTTPStatus.NOT_FOUND)
        key = self._environ.get("PATH_INFO", "")
        page = pages.kept(root, key)
        if page is not None:
            return self._page(page)
        try:
            found = self._find(pages, root, key)
        except addresses.Refused as refused:
            if refused.status is not HTTPStatus.NOT_FOUND:
                return self._plain(refused.status)
            found = None
        if found is None:
            return self._missing(pages, root)
        return self._moved(found) if isinstance(found, Moved) else self._page(found)

    def _find(self, pages: Pages, root: str, key: str) -> Page | Moved | None:
        """A moved address leads on though a stub lies there: that is for plain file servers."""
        path = addresses.decoded(key)
        names = addresses.names(path)
        moved = pages.move(root, path)
        if moved:
            return moved
        found = pages.find(root, names, key=key)
        query = self._environ.get("QUERY_STRING", "")
        return Moved(f"{found.location}?{query}") if query and isinstance(found, Moved) else found

    def _page(self, page: Page) -> Iterable[bytes]:
        environ = self._environ
        if _names(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            self._start(HTTPStatus.NOT_MODIFIED, page.headers[1:])
            return ()
        if "HTTP_RANGE" in environ and self._has_body and environ.get("HTTP_IF_RANGE", page.etag) == page.etag:
            return self._part(page)
        self._start(HTTPStatus.OK, [*page.headers, ("Content-Length", str(page.size))])
        return self._body(page, ranges.Span(0, page.size))

    def _part(self, page: Page) -> Iterable[bytes]:
        try:
            span = ranges.span(self._environ["HTTP_RANGE"], size=page.size)
        except ranges.Unsatisfiable:
            return self._plain(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, ("Content-Range", f"bytes */{page.size}"))
        if span is None:
            self._start(HTTPStatus.OK, [*page.headers, ("Content-Length", str(page.size))])
            return self._body(page, ranges.Span(0, page.size))
        place = [("Content-Range", f"bytes {span.start}-{span.stop - 1}/{page.size}"), ("Content-Length", str(span.stop - span.start))]
        self._start(HTTPStatus.PARTIAL_CONTENT, [*page.headers, *place])
        return self._body(page, span)

    def _body(self, page: Page, span: ranges.Span) -> Iterable[bytes]:
        if not self._has_body:
            return ()
        if page.content is None:
            return _blocks(page.place, span)
        return (page.content if span.stop - span.start == page.size else page.content[span.start : span.stop],)

    def _missing(self, pages: Pages, root: str) -> Iterable[bytes]:
        """404 with the site's own page. No ETag: it would let a cache answer a 304 for a page that is not there."""
        page = pages.kept(root, "/404.html") or pages.find(root, NOT_FOUND_PAGE, key="/404.html")
        if not isinstance(page, Page):
            return self._plain(HTTPStatus.NOT_FOUND)
        about = [header for header in page.headers if header[0] not in {"ETag", "Accept-Ranges"}]
        self._start(HTTPStatus.NOT_FOUND, [*about, ("Content-Length", str(page.size))])
        return self._body(page, ranges.Span(0, page.size))

    def _moved(self, target: Moved) -> Iterable[bytes]:
        return self._plain(HTTPStatus.MOVED_PERMANENTLY, ("Location", target.location))

    def _plain(self, status: HTTPStatus, *more: tuple[str, str]) -> Iterable[bytes]:
        """A short answer of our own, for when no page of the site fits."""
        content = f"{STATUS_LINES[status]}\n".encode()
        type_sent = headers.CONTENT_TYPES["txt"]
        about = [("Content-Type", type_sent), ("Content-Length", str(len(content))), ("Cache-Control", headers.CACHE_PAGES)]
        self._start(status, [*about, *more, *headers.security(type_sent)])
        return (content,) if self._has_body else ()

    def _start(self, status: HTTPStatus, about: list[tuple[str, str]]) -> None:
        self._start_response(STATUS_LINES[status], about)


def _names(header: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag; compared weakly (RFC 9110, 13.1.2)."""
    if not header:
        return False
    return header.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _blocks(place: str, span: ranges.Span) -> Iterator[bytes]:
    with open(place, "rb") as file:  # noqa: PTH123
        file.seek(span.start)
        left = span.stop - span.start
        while left and (block := file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block

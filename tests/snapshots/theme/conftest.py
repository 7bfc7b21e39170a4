"""The theme's pages on a real server: what a browser asks for is what a visitor's would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from fangtang.snapshots.theme.render import render
from tests.snapshots.theme.pages import FILES, PAGES

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'"
KINDS = {"css": "text/css", "svg": "image/svg+xml", "vtt": "text/vtt"}


class Server(BaseHTTPRequestHandler):
    """Serves /page/<name> and the files of the fixture, under the policy that README.md promises."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/page/"):
            self._answer(render(PAGES[path.removeprefix("/page/")]), "text/html; charset=utf-8")
        elif path in FILES:
            self._answer(FILES[path], KINDS[path.rsplit(".", 1)[-1]])
        else:
            self.send_error(404)

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing: the test tells what was missing."""


@pytest.fixture(scope="module")
def theme_server() -> Iterator[str]:
    """The address of a server with every page of the fixture."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()

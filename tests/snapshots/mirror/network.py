"""An origin over real HTTP, and somebody in the middle: a proxy that forwards to the origin and may change, replay, delay, cut or mix what comes back."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from fangtang.snapshots.serve import static_sites
from fangtang.snapshots.serve.mirroring import PREFIX

HOSTS = {"portal.test": "portal", "water.test": "water"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the origin answered, or what is said in its place. `headers` are sent as they are: what they say of the length may be wrong."""

    status: int
    headers: dict[str, str]
    body: bytes

    def said(self, body: bytes, **more: str) -> Reply:
        """Other bytes, with their true length."""
        return replace(self, status=200, body=body, headers={"Content-Length": str(len(body)), **more})


Tampering = Callable[[str, Reply], "Reply | Callable[[socket.socket], None]"]
"""Path below PREFIX and the honest answer → what the mirror gets; or what is done to the connection itself."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Named:
    """Names itself without asking a name server."""

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # type: ignore[arg-type]
        self.server_name, self.server_port = "localhost", self.server_address[1]  # type: ignore[attr-defined]
        if isinstance(self, WSGIServer):
            self.setup_environ()


class _Threaded(_Named, ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def origin(store: Path) -> Iterator[int]:
    """Port of a server over the store."""

    def nobody(environ: Any, start_response: Any) -> list[bytes]:
        start_response("404 Not Found", [("Content-Length", "0")])
        return []

    server = _Threaded(("127.0.0.1", 0), _Quiet)
    server.set_app(static_sites(store, HOSTS.get, nobody))
    yield from _running(server)


@dataclass(slots=True)
class Middle:
    """`tampering` is what the attacker does now; None: forward everything as it is. `before` is called with each path before it is forwarded. `seen` are
    the paths that were asked for."""

    port: int
    upstream: int
    tampering: Tampering | None = None
    before: Callable[[str], None] | None = None
    seen: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def middle(upstream: int) -> Iterator[Middle]:
    server = _Proxy(("127.0.0.1", 0), _Between)
    server.between = Middle(server.server_address[1], upstream)
    for _ in _running(server):
        yield server.between


class _Proxy(_Named, ThreadingHTTPServer):
    daemon_threads = True
    between: Middle


class _Between(BaseHTTPRequestHandler):
    """One connection of the mirror."""

    server: _Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        between, path = self.server.between, self.path.removeprefix(PREFIX)
        between.seen.append(path)
        if between.before:
            between.before(path)
        reply: Any = asked(between.upstream, self.path, host=self.headers["Host"])
        if between.tampering:
            reply = between.tampering(path, reply)
        if isinstance(reply, Reply):
            self._send(reply)
        else:
            self.close_connection = True
            reply(self.connection)

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # the mirror had enough
            super().handle()

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, content in reply.headers.items():
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(reply.body)
        if reply.headers.get("Content-Length") != str(len(reply.body)):
            self.close_connection = True


def asked(port: int, path: str, *, host: str = "portal.test", method: str = "GET") -> Reply:
    """One request of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read()
        headers = {name: content for name, content in answer.getheaders() if name not in {"Connection", "Date", "Server"}}
        return Reply(answer.status, {"Content-Length": str(len(body)), **headers}, body)
    finally:
        connection.close()


def dripping(head: bytes, drop: bytes = b"x", *, every: float = 0.05) -> Callable[[socket.socket], None]:
    """A head at once, then a byte now and then, as long as somebody listens."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            connection.sendall(drop)
            time.sleep(every)

    return drip


def hanging(connection: socket.socket) -> None:
    """Not a word, until the other side goes."""
    connection.settimeout(20)
    connection.recv(1)


def _running(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)

"""Two sites in a real store, served by a real granian and a real nginx on loopback; and a client that sends exactly the bytes it is told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fangtang.snapshots.nginx import nginx_config, write_moves
from fangtang.snapshots.store import TreesStore
from tests.conftest import needed
from tests.snapshots.serve.served import HOSTS

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LARGE = bytes(range(256)) * 8192
STUB = b'<!doctype html><title>Moved</title><meta http-equiv="refresh" content="0;url=/news/">'
PORTAL = {
    "index.html": "<!doctype html><title>方塘</title>".encode(),
    "404.html": "<!doctype html><title>没有找到</title>".encode(),
    "news/index.html": b"<!doctype html><title>News</title>",
    "news/2026/a.html": b"<!doctype html><title>A</title>",
    "政策/通知.html": "<!doctype html><title>通知</title>".encode(),
    "政策/文件/index.html": "<!doctype html><title>文件</title>".encode(),
    "empty/deep/page.html": b"",
    "policy.html": b'<!doctype html><title>T</title><link rel="stylesheet" href="/assets/site.0123abcd.css">'
    b'<script type="application/ld+json">{"@type": "NewsArticle"}</script><img src="/img/emblem.svg" alt="">',
    "hostile.html": b"<!doctype html><title>T</title><script>document.title = 'ran'</script><img src=x onerror=\"document.title='ran'\">"
    b'<img src="http://127.0.0.1:9/outside.png" alt=""><style>body{color:red}</style>',
    "assets/site.0123abcd.css": b"body{}",
    "rss.xml": b"<rss/>",
    "news/atom.xml": b"<feed/>",
    "news/feed.json": b"{}",
    "sitemap.xml": b"<urlset/>",
    "site.webmanifest": b"{}",
    "robots.txt": b"User-agent: *\n",
    "files/notice.pdf": b"%PDF-1.7",
    "files/second.notice.PDF": b"%PDF-1.7",
    "files/table.XLSX": b"PK",
    "files/raw.bin": b"\x00\x01",
    "files/plain": b"no extension",
    "files/large.mp4": LARGE,
    "img/emblem.svg": b"<svg/>",
    ".well-known/security.txt": b"Contact: mailto:security@portal.test\n",
    ".hidden": b"hidden",
    "news/.hidden": b"hidden",
    "_drafts/a.html": b"hidden",
    "news/_part.html": b"hidden",
    "stub/old.html": STUB,
    "_moved/stub/old.html": STUB,
    "stub/index.html": STUB,
    "_moved/stub/index.html": STUB,
    "_redirects.json": """{"/stub/old.html": "/news/2026/a.html", "/stub/": "/news/",
        "/old.html": "/news/2026/a.html", "/旧/文.html": "/政策/通知.html", "/away": "https://example.gov.cn/x",
        "/bad": "//evil.test/"}""".encode(),
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def exchange(port: int, request: bytes) -> bytes:
    """Everything the server sends back for these bytes, until it closes or is silent for a second."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        received = b""
        try:
            while block := connection.recv(65536):
                received += block
        except (ConnectionResetError, TimeoutError):
            return received
    return received


def ask(port: int, target: str, *, host: str = "portal.test", method: str = "GET", **more: str) -> Answer:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {content}" for name, content in more.items()]
    received = exchange(port, "\r\n".join([*lines, "", ""]).encode())
    head, _, body = received.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): content.strip() for name, _, content in (field.partition(":") for field in fields)}
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Answer(int(status.split()[1]), headers, body)


def _joined(chunked: bytes) -> bytes:
    size, _, rest = chunked.partition(b"\r\n")
    length = int(size, 16)
    return rest[:length] + _joined(rest[length + 2 :]) if length else b""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail(f"nothing answers on port {port}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def store(folder: Path) -> TreesStore:
    store = TreesStore(folder / "store", barrier=lambda descriptor: None)
    store.commit("portal", PORTAL, at=AT)
    store.commit("health", {"index.html": b"health"}, at=AT)
    return store


@pytest.fixture(scope="module")
def embedded(store: TreesStore, folder: Path) -> Iterator[int]:
    """Port of our own server."""
    with running_granian(folder) as port:
        yield port


@pytest.fixture(scope="module")
def nginx(embedded: int, folder: Path) -> Iterator[int]:
    """Port of nginx over the same store, with our server behind it."""
    with running_nginx(folder, "nginx", embedded) as port:
        yield port


@pytest.fixture
def nginx_alone(store: TreesStore, folder: Path) -> Iterator[int]:
    """Port of nginx with nothing behind it."""
    with running_nginx(folder, "alone", free_port()) as port:
        yield port


@contextmanager
def running_granian(folder: Path) -> Iterator[int]:
    """Our own server over the store in `folder`, with the hosts of `served`; its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    environment = os.environ | {"FANGTANG_TEST_STORE": str(folder / "store")}
    process = subprocess.Popen(
        [*command, "tests.snapshots.serve.served:application"], env=environment, cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def running_nginx(folder: Path, name: str, upstream: int, *, moves: bool = True) -> Iterator[int]:
    """nginx over the store in `folder`, with `upstream` behind it; with or without the list of moved addresses."""
    program, port, prefix = needed("nginx", "it serves the sites in production (apt-get install nginx-light)"), free_port(), folder / name
    prefix.mkdir()
    if moves:
        write_moves(folder / "store")
    (prefix / "sites.conf").write_text(nginx_config(HOSTS, folder / "store", f"127.0.0.1:{port}", f"127.0.0.1:{upstream}"))
    temporary = "".join(f"    {kind}_temp_path {prefix}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    (prefix / "nginx.conf").write_text(
        f"{user}worker_processes 1;\ndaemon off;\npid {prefix}/pid;\nerror_log {prefix}/error.log;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{temporary}    include {prefix}/sites.conf;\n}}\n"
    )
    process = subprocess.Popen([program, "-p", prefix, "-c", prefix / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)

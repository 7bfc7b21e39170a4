"""A real Caddy over the same store with the example of deploy/caddy: the same bytes, types and headers as our own server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fangtang.snapshots.serve.headers import CONTENT_TYPES
from fangtang.snapshots.store import TreesStore
from tests.conftest import needed
from tests.snapshots.serve.conftest import AT, PORTAL, ask, free_port, wait_for
from tests.snapshots.serve.test_answers import MOVES, TYPES
from tests.snapshots.serve.test_nginx import COMPARED

CADDYFILE = Path(__file__).parents[3] / "deploy/caddy/Caddyfile"
STUBS = {"/stub/old.html", "/stub/"}
SAME = [
    *TYPES,
    *(target for target in MOVES if target not in STUBS),
    "/news/",
    "/empty",
    "/empty/",
    "/empty/deep/page.html",
    "/missing.html",
    "/index.html/",
    "/assets/gone.css",
    "/_redirects.json",
    "/_drafts/a.html",
    "/news/_part.html",
    "/.hidden",
    "/news/.hidden",
    "/%2ehidden",
    "/%5Fredirects.json",
    "/_moved/stub/old.html",
    "/.well-known/security.txt",
    "/.well-known/missing.txt",
    "/files/large.mp4",
    "/%E6%94%BF%E7%AD%96/%E9%80%9A%E7%9F%A5.html",
]


@pytest.fixture(scope="module")
def caddy(embedded: int, folder: Path) -> Iterator[int]:
    with _running(folder, "caddy", embedded) as port:
        yield port


@contextmanager
def _running(folder: Path, name: str, upstream: int) -> Iterator[int]:
    program, port, home = needed("caddy", "the example is tried with it (apt-get install caddy)"), free_port(), folder / name
    home.mkdir()
    settings = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "FANGTANG_HOST": f"http://portal.test:{port}",
        "FANGTANG_KEY": "portal",
        "FANGTANG_STORE": str(folder / "store"),
        "FANGTANG_DESK": f"127.0.0.1:{upstream}",
    }
    process = subprocess.Popen([program, "run", "--config", CADDYFILE, "--adapter", "caddyfile"], env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("target", SAME)
def test_caddy_answers_like_our_own_server(caddy: int, embedded: int, target: str) -> None:
    host = f"portal.test:{caddy}"
    theirs, ours = ask(caddy, target, host=host), ask(embedded, target)

    assert theirs.status == ours.status
    assert {name: theirs.headers.get(name) for name in COMPARED} == {name: ours.headers.get(name) for name in COMPARED}
    assert theirs.body == ours.body


def test_every_type_of_the_table_is_in_the_example(caddy: int, store: TreesStore) -> None:
    store.commit("portal", {f"types/x.{extension}": b"x" for extension in CONTENT_TYPES}, at=AT)
    host = f"portal.test:{caddy}"
    found = {extension: ask(caddy, f"/types/x.{extension}", host=host).headers["content-type"] for extension in CONTENT_TYPES}
    store.commit("portal", {f"types/x.{extension}": None for extension in CONTENT_TYPES}, at=AT)
    assert found == dict(CONTENT_TYPES)


def test_who_has_the_page_gets_304_and_parts_are_parts(caddy: int) -> None:
    host = f"portal.test:{caddy}"
    page = ask(caddy, "/", host=host)
    assert ask(caddy, "/", host=host, If_None_Match=page.headers["etag"]).status == 304
    part = ask(caddy, "/files/large.mp4", host=host, Range="bytes=0-3")
    assert (part.status, part.body) == (206, bytes(range(4)))


def test_a_folder_leads_to_its_slash(caddy: int) -> None:
    answer = ask(caddy, "/news", host=f"portal.test:{caddy}")
    assert (answer.status, answer.headers["location"]) == (308, "/news/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_but_reading(caddy: int, method: str) -> None:
    answer = ask(caddy, "/", host=f"portal.test:{caddy}", method=method, Content_Length="0")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_release_is_seen_at_once(caddy: int, store: TreesStore) -> None:
    for number in range(10):
        store.commit("portal", {"now/page.html": b"%d" % number}, at=AT)
        assert ask(caddy, "/now/page.html", host=f"portal.test:{caddy}").body == b"%d" % number
    store.commit("portal", {"now/page.html": None}, at=AT)


def test_the_sites_stay_up_when_the_application_is_away(store: TreesStore, folder: Path) -> None:
    with _running(folder, "caddy-alone", free_port()) as port:
        host = f"portal.test:{port}"
        assert ask(port, "/", host=host).body == PORTAL["index.html"]
        missing = ask(port, "/missing", host=host)
    assert (missing.status, missing.body) == (404, PORTAL["404.html"])

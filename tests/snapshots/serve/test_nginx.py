"""A real nginx over the same store: the same answers as our own server, and a release seen at once."""

from __future__ import annotations

import gzip
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.nginx import nginx_config, nginx_template
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.variants import Variants
from tests.snapshots.serve.conftest import AT, LARGE, PORTAL, ask
from tests.snapshots.serve.test_answers import MOVES, TYPES

COMPARED = (
    "content-type",
    "cache-control",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "location",
    "allow",
    "content-range",
    "last-modified",
    "set-cookie",
)
OURS_TO_WORD = {301, 405, 400, 416}
"""Answers without a page of the site: each server words them itself, as plain text or HTML."""

REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    *[("GET", target, {}) for target in (*TYPES, *MOVES)],
    *[
        ("GET", target, {})
        for target in (
            "/news/",
            "/news",
            "/news?page=2",
            "/empty",
            "/empty/",
            "/empty?page=2",
            "/empty/deep",
            "/%E6%94%BF%E7%AD%96/",
            "/%E6%94%BF%E7%AD%96/%E6%96%87%E4%BB%B6",
            "/%E6%94%BF%E7%AD%96/%E6%96%87%E4%BB%B6/",
            "/empty/deep/",
            "/empty/deep/page.html",
            "/%E6%94%BF%E7%AD%96",
            "/%E6%94%BF%E7%AD%96/%E9%80%9A%E7%9F%A5.html",
            "/missing.html",
            "/stub",
            "/stub/index.html",
            "/stub/?page=2",
            "/stub/old.html?page=2",
            "/_moved/stub/old.html",
            "/assets/gone.css",
            "/index.html/",
            "/404.html",
            "/_redirects.json",
            "/_drafts/a.html",
            "/news/_part.html",
            "/.hidden",
            "/news/.hidden",
            "/%2ehidden",
            "/.well-known/security.txt",
            "/.well-known/missing.txt",
            "//news/",
            "/news//",
            "/news/../index.html",
            "/news/./index.html",
            "/news%2Findex.html",
            "/%00",
            "/%ff",
            "/bad",
            "/" + "a" * 300,
        )
    ],
    *[("GET", "/files/large.mp4", {"Range": sent}) for sent in ("bytes=0-3", "bytes=-5", "bytes=100-", f"bytes={len(LARGE)}-", "lines=1-2")],
    ("GET", "/", {"Range": "bytes=100-"}),
    *[("GET", target, {}) for target in ("/files/missing.pdf", "/files/notice.pdf/", "/_drafts/a.pdf", "/files/.pdf")],
    *[(method, "/", {"Content_Length": "0"}) for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS")],
    *[("HEAD", target, {}) for target in ("/", "/missing", "/news", "/files/large.mp4", "/old.html", "/stub/old.html")],
]


@pytest.mark.parametrize(("method", "target", "sent"), REQUESTS, ids=[f"{method} {target[:40]} {sent}" for method, target, sent in REQUESTS])
def test_nginx_answers_like_our_own_server(nginx: int, embedded: int, method: str, target: str, sent: dict[str, str]) -> None:
    theirs, ours = (ask(port, target, method=method, **sent) for port in (nginx, embedded))

    assert theirs.status == ours.status
    if ours.status == 400:
        return  # nginx refuses before it knows which site is meant
    compared = [name for name in COMPARED if name != "content-type" or ours.status not in OURS_TO_WORD]
    assert {name: theirs.headers.get(name) for name in compared} == {name: ours.headers.get(name) for name in compared}
    if ours.status not in OURS_TO_WORD:
        assert theirs.body == ours.body


def test_who_has_the_page_gets_304(nginx: int) -> None:
    page = ask(nginx, "/")
    again = ask(nginx, "/", If_None_Match=page.headers["etag"])

    assert (again.status, again.headers["etag"], again.body) == (304, page.headers["etag"], b"")
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


def test_pages_of_one_size_made_in_one_second_have_different_etags(nginx: int, store: TreesStore) -> None:
    store.commit("portal", {"count.html": b"1"}, at=AT)
    one = ask(nginx, "/count.html")
    store.commit("portal", {"count.html": b"2"}, at=AT)
    two = ask(nginx, "/count.html", If_None_Match=one.headers["etag"])

    assert (two.status, two.body) == (200, b"2")
    store.commit("portal", {"count.html": None}, at=AT)


def test_a_release_is_seen_at_once(nginx: int, store: TreesStore) -> None:
    for number in range(50):
        store.commit("portal", {"now/page.html": b"%d" % number}, at=AT)
        assert ask(nginx, "/now/page.html").body == b"%d" % number
    store.commit("portal", {"now/page.html": None}, at=AT)
    assert ask(nginx, "/now/page.html").status == 404


def test_every_other_host_is_for_the_application(nginx: int) -> None:
    answer = ask(nginx, "/desk/", host="desk.test", method="POST", Content_Length="0")

    assert (answer.body, answer.headers["x-desk"]) == (b"desk /desk/", "POST")


def test_each_host_has_its_own_site(nginx: int) -> None:
    assert ask(nginx, "/", host="HEALTH.test:80").body == b"health"
    assert ask(nginx, "/", host="unbuilt.test").status == 404


def test_the_file_in_deploy_is_the_template() -> None:
    """Written by `python -m fangtang.snapshots.nginx > deploy/nginx/fangtang.conf.template`."""
    assert (Path(__file__).parents[3] / "deploy/nginx/fangtang.conf.template").read_text() == nginx_template()


@pytest.mark.parametrize("host", ["a b", "a;b", "A.test", "", "-", "a\n", "a{"])
def test_a_host_that_would_break_the_configuration_is_refused(host: str) -> None:
    with pytest.raises(Invalid):
        nginx_config({host: "portal"}, Path("/srv"), 80, "127.0.0.1:8000")


@pytest.mark.parametrize("store_root", ["/srv/a b", "/srv;", '/srv"', "/srv/$uri"])
def test_a_folder_that_would_break_the_configuration_is_refused(store_root: str) -> None:
    with pytest.raises(Invalid):
        nginx_config({"a.test": "portal"}, Path(store_root), 80, "127.0.0.1:8000")


def test_texts_are_compressed_for_who_can_unpack_them(nginx: int, store: TreesStore) -> None:
    line = b"<p>The same line again.</p>\n"
    store.commit("portal", {"long.html": line * 200, "long/atom.xml": line * 200, "long.mp4": line * 200}, at=AT)
    for target in ("/long.html", "/long/atom.xml"):
        plain, packed = ask(nginx, target), ask(nginx, target, Accept_Encoding="gzip, br")
        assert (plain.headers["vary"], packed.headers["vary"], packed.headers["content-encoding"]) == ("Accept-Encoding", "Accept-Encoding", "gzip")
        assert (gzip.decompress(packed.body), packed.headers["etag"]) == (plain.body, f"W/{plain.headers['etag']}")
        assert packed.headers["content-security-policy"] == plain.headers["content-security-policy"]
        again = ask(nginx, target, Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert ask(nginx, target, Accept_Encoding="gzip", Range="bytes=0-3").status == 200
        assert ask(nginx, target, Range="bytes=0-3").body == plain.body[:4]
        assert ask(nginx, target, method="HEAD", Accept_Encoding="gzip").body == b""
    assert "content-encoding" not in ask(nginx, "/long.mp4", Accept_Encoding="gzip").headers
    store.commit("portal", {"long.html": None, "long/atom.xml": None, "long.mp4": None}, at=AT)


def test_what_the_application_compressed_is_passed_on(nginx: int, store: TreesStore, folder: Path) -> None:
    line = b"body { color: red }\n"
    store.commit("portal", {"assets/old.css": line * 200}, at=datetime.now(UTC))
    layout = Layout(folder / "store")
    Variants(layout).fill([layout.current("portal") or ""], seconds=60)
    store.commit("portal", {"assets/old.css": None}, at=datetime.now(UTC))
    answer = ask(nginx, "/assets/old.css", Accept_Encoding="br")
    assert (answer.status, answer.headers["content-encoding"], brotli.decompress(answer.body)) == (200, "br", line * 200)


def test_the_sites_stay_up_when_the_application_is_away(nginx_alone: int) -> None:
    assert ask(nginx_alone, "/").body == PORTAL["index.html"]
    for target in ("/stub/old.html", "/stub/", "/old.html", "/away"):
        answer = ask(nginx_alone, target)
        assert (answer.status, answer.headers["location"]) == (301, MOVES[target])
    missing = ask(nginx_alone, "/missing")
    assert (missing.status, missing.body) == (404, PORTAL["404.html"])
    assert missing.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert ask(nginx_alone, "/missing", host="health.test").status == 404


@pytest.mark.slow
def test_who_never_finishes_asking_makes_room(nginx: int) -> None:
    with socket.create_connection(("127.0.0.1", nginx), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: portal.test\r\nX-Slow: ")
        began = time.monotonic()
        try:
            answer = connection.recv(65536)
        except ConnectionResetError:
            answer = b""
        assert time.monotonic() - began < 15
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")

"""What mirrors read, from our own server and from nginx: the same answers, and nothing that no site shows."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.serve.mirroring import PREFIX
from fangtang.snapshots.store import TreesStore
from tests.snapshots.serve.conftest import AT, LARGE, PORTAL, ask

ABOUT = ("content-type", "content-length", "cache-control", "content-security-policy", "x-content-type-options", "last-modified", "location")


@pytest.fixture(params=["embedded", "nginx"])
def port(request: pytest.FixtureRequest, trusted: None) -> int:
    return request.getfixturevalue(request.param)


@pytest.fixture
def trusted(folder) -> None:
    (folder / "store/trust").mkdir(parents=True, exist_ok=True)
    (folder / "store/trust/1.json").write_bytes(b'{"trust": 1}')


def test_the_record(port: int, store: TreesStore) -> None:
    answer = ask(port, f"{PREFIX}record.json")
    assert (answer.status, answer.body) == (200, store.layout.record("portal"))
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == ("no-store", "application/json")
    assert json.loads(ask(port, f"{PREFIX}record.json", host="health.test").body)["signed"]["site"] == "health"


def test_the_trust(port: int) -> None:
    assert ask(port, f"{PREFIX}trust/1.json").body == b'{"trust": 1}'
    missing = ask(port, f"{PREFIX}trust/2.json")
    assert (missing.status, missing.headers["cache-control"]) == (404, "no-store")


def test_manifests_by_digest(port: int, store: TreesStore) -> None:
    root = store.root("portal") or ""
    answer = ask(port, f"{PREFIX}manifests/{root}")
    assert (answer.status, sha256(answer.body)) == (200, root)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask(port, f"{PREFIX}manifests/{'0' * 64}").headers["cache-control"] == "no-store"


def test_every_file_by_its_path(port: int) -> None:
    for path, content in PORTAL.items():
        answer = ask(port, f"{PREFIX}files/{quote(path)}")
        assert (answer.status, answer.body) == (200, content), path
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/octet-stream", "no-store")
        assert "content-encoding" not in answer.headers


def test_heads(port: int) -> None:
    answer = ask(port, f"{PREFIX}files/files/large.mp4", method="HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, str(len(LARGE)), b"")


def test_what_was_withdrawn_is_gone(port: int, store: TreesStore) -> None:
    store.commit("portal", {"gone.html": b"withdrawn"}, at=AT)
    assert ask(port, f"{PREFIX}files/gone.html").body == b"withdrawn"
    store.commit("portal", {"gone.html": None}, at=AT)
    assert ask(port, f"{PREFIX}files/gone.html").status == 404
    for guess in (f"files/{sha256(b'withdrawn')}", f"objects/{sha256(b'withdrawn')}", f"manifests/{sha256(b'withdrawn')}"):
        assert ask(port, PREFIX + guess).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "record",
        "record.json/",
        "trust/",
        "trust/0.json",
        "trust/01.json",
        "trust/x.json",
        "trust/1.json/x",
        "manifests/",
        "manifests/" + "A" * 64,
        "manifests/ab/" + "ab" * 32,
        "files/",
        "files/news",
        "files/news/",
        "files/missing.html",
        "files/../record.json",
        "files/%2e%2e/lock",
        "files/..%2flock",
        "files/../../../../../../etc/passwd",
        "files//index.html",
        "files/index.html/",
        "files/index.html%00",
        "lock",
        "history",
        "current/index.html",
        "%ff",
    ],
)
def test_nothing_else(port: int, path: str) -> None:
    answer = ask(port, PREFIX + path)
    assert answer.status in {400, 404}
    assert b"root:" not in answer.body
    assert b"health" not in answer.body


def test_reading_only(port: int) -> None:
    assert ask(port, f"{PREFIX}record.json", method="POST", Content_Length="0").status == 405


def test_hosts_that_are_no_sites_show_nothing(embedded: int) -> None:
    assert ask(embedded, f"{PREFIX}record.json", host="other.test").body.startswith(b"desk")
    assert ask(embedded, f"{PREFIX}record.json", host="unbuilt.test").status == 404


@pytest.mark.parametrize("path", ["record.json", "trust/1.json", "files/index.html", "files/_redirects.json", "files/missing", "files/news"])
def test_nginx_says_the_same(embedded: int, nginx: int, trusted: None, path: str) -> None:
    ours, theirs = (ask(port, PREFIX + path) for port in (embedded, nginx))
    assert ours.status == theirs.status
    compared = ABOUT if ours.status == 200 else ABOUT[2:3]
    assert {name: theirs.headers.get(name) for name in compared} == {name: ours.headers.get(name) for name in compared}


def test_ordinary_requests_still_see_no_hidden_names(embedded: int, nginx: int) -> None:
    for port in (embedded, nginx):
        assert ask(port, "/_redirects.json").status == 404
        assert ask(port, "/.well-known/security.txt").status == 200

"""A page of yesterday still gets its stylesheet, and nothing else of yesterday is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangtang.snapshots.serve import recent
from fangtang.snapshots.serve.files import CheckedLayout
from fangtang.snapshots.serve.headers import CACHE_ASSETS
from fangtang.snapshots.serve.recent import RecentAssets, recent_roots
from fangtang.snapshots.store import TreesStore
from tests.snapshots.serve.asking import Served

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD, NEW = b"body{color:#000}", b"body{color:#111}"


@pytest.fixture
def store(tmp_path: Path) -> TreesStore:
    return TreesStore(tmp_path / "store", barrier=lambda descriptor: None)


def replace(store: TreesStore, *, started: datetime, replaced: datetime) -> None:
    store.commit("www", {"index.html": b"1", "assets/site.1.css": OLD, "assets/deep/a.svg": OLD, "notes.html": b"old"}, at=started)
    store.commit("www", {"index.html": b"2", "assets/site.1.css": None, "assets/deep/a.svg": None, "assets/site.2.css": NEW, "notes.html": None}, at=replaced)


def test_the_stylesheet_of_the_page_before_is_still_there(store: TreesStore, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    replace(store, started=now - timedelta(days=9), replaced=now - timedelta(hours=23))
    served = Served(tmp_path / "store")

    answer = served.get("/assets/site.1.css")
    assert (answer.status, answer.body, answer.headers["cache-control"]) == (200, OLD, CACHE_ASSETS)
    assert served.get("/assets/site.1.css").body == OLD
    assert served.get("/assets/deep/a.svg").body == OLD
    assert served.get("/assets/site.2.css").body == NEW
    for path in ("/notes.html", "/assets/site.3.css", "/assets/", "/assets", "/assets/deep/", "/assets/deep/a.svg/x"):
        assert served.get(path).status == 404


def test_after_a_day_it_is_gone(store: TreesStore, tmp_path: Path) -> None:
    replace(store, started=NOW - timedelta(days=9), replaced=NOW - timedelta(hours=25))
    layout = CheckedLayout(tmp_path / "store")
    assert RecentAssets(layout, now=lambda: NOW - timedelta(hours=2)).find("www", ("assets", "site.1.css"))
    assert RecentAssets(layout, now=lambda: NOW).find("www", ("assets", "site.1.css")) is None
    assert RecentAssets(layout, now=lambda: NOW).find("nowhere", ("assets", "site.1.css")) is None


def test_a_release_is_noticed_at_once(store: TreesStore, tmp_path: Path) -> None:
    assets = RecentAssets(CheckedLayout(tmp_path / "store"), now=lambda: NOW)
    store.commit("www", {"assets/a.css": OLD}, at=NOW - timedelta(hours=3))
    assert assets.find("www", ("assets", "a.css"))
    store.commit("www", {"assets/b.css": NEW}, at=NOW - timedelta(hours=2))
    assert assets.find("www", ("assets", "b.css"))


def test_roots_come_newest_first_and_once(store: TreesStore, tmp_path: Path) -> None:
    roots = [
        store.commit("www", {"a.html": content}, at=NOW - timedelta(hours=hours)).root_sha256
        for hours, content in ((60, b"0"), (40, b"1"), (9, b"2"), (5, b"1"))
    ]
    assert recent_roots(CheckedLayout(tmp_path / "store"), "www", NOW) == [roots[3], roots[2]]
    assert recent_roots(CheckedLayout(tmp_path / "store"), "www", NOW - timedelta(hours=8)) == [roots[3], roots[2]]
    assert recent_roots(CheckedLayout(tmp_path / "store"), "other", NOW) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b".") or b"."), max_size=12),
    torn=st.sampled_from([b"", b"torn"]),
    block=st.integers(1, 30),
)
def test_lines_are_read_backwards_whole(tmp_path: Path, lines: list[bytes], torn: bytes, block: int) -> None:
    place = tmp_path / "lines"
    place.write_bytes(b"".join(line + b"\n" for line in lines) + torn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recent, "BLOCK_BYTES", block)
        assert list(recent._lines_backwards(str(place))) == lines[::-1]

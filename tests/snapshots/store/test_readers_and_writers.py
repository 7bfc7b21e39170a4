"""Readers beside writers, and writers beside each other."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import TreesStore
from tests.snapshots.store.generations import AT, PATHS, SITES, files
from tests.snapshots.store.test_crashes import WRITER, assert_true_history


def numbers_in(folder: Path, site_key: str) -> set[bytes]:
    """What a web server's reader sees: `current` resolved once, then every file below it."""
    root = os.path.realpath(folder / "sites" / site_key / "current")
    return {Path(root, path).read_bytes().split()[0] for path in PATHS}


def test_readers_never_see_a_mixture(tmp_path: Path) -> None:
    TreesStore(tmp_path).commit_all({site_key: files(0) for site_key in SITES}, at=AT)
    writer = subprocess.Popen([sys.executable, WRITER, tmp_path, "1", "150"])
    stop = threading.Event()

    def read(site_key: str) -> tuple[int, set[bytes]]:
        reads, seen = 0, set[bytes]()
        while not stop.is_set():
            numbers = numbers_in(tmp_path, site_key)
            assert len(numbers) == 1
            reads, seen = reads + len(PATHS), seen | numbers
        return reads, seen

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read, site_key) for site_key in SITES]
        try:
            assert writer.wait(timeout=60) == 0
        finally:
            stop.set()
    results = [reader.result() for reader in readers]
    assert sum(reads for reads, _ in results) > 2000
    assert all(len(seen) > 10 for _, seen in results)  # the readers did meet the writer


def test_a_writer_that_changes_files_in_place_would_be_seen(tmp_path: Path) -> None:
    """The measure above is worth something: a store that wrote where it serves shows two numbers."""
    TreesStore(tmp_path).commit("portal", files(0), at=AT)
    page = tmp_path / "sites/portal/current" / PATHS[0]
    page.unlink()
    page.write_bytes(b"1 changed in place")

    assert len(numbers_in(tmp_path, "portal")) == 2


def test_what_is_pinned_stays_as_it_was(trees: TreesStore, tmp_path: Path) -> None:
    trees.commit("portal", files(1), at=AT)
    root = os.path.realpath(tmp_path / "store/sites/portal/current")
    trees.replace("portal", [("other.html", b"other")], at=AT)

    assert {Path(root, path).read_bytes() for path in PATHS} == set(files(1).values())


def test_writers_of_one_site_take_turns(tmp_path: Path) -> None:
    def add(worker: int) -> None:
        store = TreesStore(tmp_path, barrier=lambda descriptor: None)
        for number in range(10):
            store.commit("portal", {f"{worker}/{number}.html": b"%d" % number, f"of-all/{worker}{number}.html": b""}, at=AT)

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(add, range(6)))

    store = TreesStore(tmp_path)
    assert len(list(store.paths("portal"))) == 120
    assert len(store.log("portal")) == 60
    assert_true_history(store, "portal")
    assert store.verify("portal") is None


def test_sites_are_taken_in_one_order_so_that_no_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Whoever waits for "a" holds no "c", though "c" was named first."""
    store, other = (TreesStore(tmp_path, wait_seconds=seconds, barrier=lambda descriptor: None) for seconds in (10, 0))
    store.commit("a", {}, at=AT)

    with ThreadPoolExecutor() as pool:
        with (tmp_path / "sites/a/lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            waiting = pool.submit(store.commit_all, {"c": {"1": b""}, "a": {"1": b""}}, at=AT)
            time.sleep(0.3)  # it waits by now
            other.commit("c", {"meanwhile": b""}, at=AT)
        waiting.result(timeout=10)

    assert store.read("a", "1") == b""
    assert len(list(store.paths("c"))) == 2


def test_a_site_in_other_hands_is_said_to_be_busy(tmp_path: Path) -> None:
    store = TreesStore(tmp_path, wait_seconds=0.05)
    store.commit("portal", files(1), at=AT)

    with (tmp_path / "sites/portal/lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unavailable) as refused:
            store.commit_all({"health": files(2), "portal": files(2)}, at=AT)
        assert store.read("portal", PATHS[0]) == files(1)[PATHS[0]]

    assert (refused.value.code, refused.value.data, refused.value.permanent) == ("snapshots.store_busy", {"site_key": "portal"}, False)
    assert store.root("health") is None
    store.commit("portal", files(2), at=AT)


def test_starting_does_not_sweep_what_a_living_writer_needs(tmp_path: Path) -> None:
    store = TreesStore(tmp_path)

    def files_with_a_start_between():
        yield "a.html", b"a"
        TreesStore(tmp_path)
        yield "b.html", b"b"

    store.replace("portal", files_with_a_start_between(), at=AT)
    assert list(store.paths("portal")) == ["a.html", "b.html"]

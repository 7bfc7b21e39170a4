"""What nobody needs is given up, and nothing else: not what stands or stood lately, not what is pinned, not what a writer is just bringing into use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from fangtang.kernel.errors import FangtangError, Invalid, NotPossible, Unavailable
from fangtang.snapshots.store import TreesStore, collecting, pins
from fangtang.snapshots.store.collecting import Collected, collect
from tests.snapshots.store.generations import SITES, files

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = datetime(2096, 1, 1, tzinfo=UTC)
"""Long after the files of a test were written: what is young is kept."""


def count(folder: Path, kind: str) -> int:
    return len(list(folder.glob(f"{kind}/*/*")))


def can_stand(store: TreesStore, key: str, root: str) -> bool:
    store.rollback(key, to=root, at=NOW)
    return store.verify(key) is None


def test_what_stood_long_ago_is_given_up(trees: TreesStore, tmp_path: Path) -> None:
    first = trees.commit("portal", {"a": b"1", "b/c": b"22", "d/e": b"3"}, at=AT)
    second = trees.commit("portal", {"a": b"4", "b/c": None}, at=AT + DAY)
    third = trees.commit("portal", {"a": b"5"}, at=AT + 9 * DAY)

    assert collect(trees.layout, since=AT + 8 * DAY, now=NOW) == Collected(trees=2, objects=2, bytes=3)
    assert [count(tmp_path / "store", kind) for kind in ("trees", "manifests", "objects")] == [3, 3, 3]
    assert can_stand(trees, "portal", second.root_sha256), "it stood until the day after"
    assert can_stand(trees, "portal", third.root_sha256)
    with pytest.raises(NotPossible) as refused:
        trees.rollback("portal", to=first.root_sha256, at=NOW)
    assert refused.value.code == "snapshots.collected"
    again = trees.commit("portal", {"a": b"1", "b/c": b"22"}, at=NOW)
    assert (again.root_sha256, trees.verify("portal")) == (first.root_sha256, None), "what was given up can come back"


def test_a_second_call_finds_nothing(trees: TreesStore) -> None:
    for number in range(4):
        trees.commit("portal", {"a": b"%d" % number}, at=AT)
    assert collect(trees.layout, since=AT + DAY, now=NOW).trees == 3
    assert collect(trees.layout, since=AT + DAY, now=NOW) == Collected()


def test_what_is_pinned_stays(trees: TreesStore) -> None:
    roots = [trees.commit("portal", {"a": b"%d" % number}, at=AT).root_sha256 for number in range(3)]
    pins.pin(trees.layout, "portal", roots[0], reason="诉讼留存", at=AT)
    pins.pin(trees.layout, "portal", roots[1], reason="", at=AT)
    assert pins.unpin(trees.layout, "portal", roots[1])
    assert not pins.unpin(trees.layout, "portal", roots[1])
    collect(trees.layout, since=AT + DAY, now=NOW)
    assert [(pin.root_sha256, pin.reason, pin.at) for pin in pins.pinned(trees.layout, "portal")] == [(roots[0], "诉讼留存", AT)]
    assert can_stand(trees, "portal", roots[0])
    with pytest.raises(NotPossible):
        trees.rollback("portal", to=roots[1], at=NOW)
    with pytest.raises(Invalid):
        pins.pin(trees.layout, "portal", roots[1], reason="too late", at=AT)
    with pytest.raises(Invalid):
        pins.pin(trees.layout, "portal", "0" * 64, reason="never stood", at=AT)


def test_nothing_is_given_up_within_a_day(trees: TreesStore) -> None:
    for number in range(3):
        trees.commit("portal", {"a": b"%d" % number}, at=AT)
    with pytest.raises(ValueError):
        collect(trees.layout, since=NOW - DAY / 2, now=NOW)
    assert collect(trees.layout, since=AT + DAY, now=datetime.now(UTC)) == Collected(), "a build may just have stored it"


def test_what_one_site_gives_up_another_may_need(trees: TreesStore) -> None:
    trees.commit_all({"portal": {"a/b": b"1"}, "water": {"a/b": b"1"}}, at=AT)
    trees.commit("portal", {"a/b": b"2"}, at=AT)
    assert collect(trees.layout, since=AT + DAY, now=NOW) == Collected()
    assert trees.verify("water") is None


CONTENTS = st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "e/f/g"]), st.sampled_from([b"1", b"2", b"3"]), min_size=1)


@given(st.lists(st.tuples(st.sampled_from(SITES), CONTENTS), min_size=1, max_size=8), st.integers(0, 8))
@settings(deadline=None, max_examples=40)
def test_exactly_what_stood_since_can_stand_again(steps: list[tuple[str, dict[str, bytes]]], day: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, log = TreesStore(Path(folder), barrier=lambda descriptor: None), []
        for number, (key, contents) in enumerate(steps):
            log.append((key, number, store.replace(key, contents.items(), at=AT + number * DAY).root_sha256))
        collect(store.layout, since=AT + day * DAY, now=NOW)
        needed = set()
        for key, number, root in log:
            after = [later for other, later, _ in log if other == key and later > number]
            if not after or min(after) >= day:
                needed.add(root)
        for key in {key for key, _, _ in log}:
            assert store.verify(key) is None
        stored = {entry.name for entry in Path(folder).glob("trees/*/*")}
        reached = set()
        for root in needed:
            reached |= reachable(store, root)
        assert stored == reached


def reachable(store: TreesStore, root: str) -> set[str]:
    below = [entry.sha256 for entry in store.layout.read_entries(root).values() if entry.kind == "tree"]
    return {root}.union(*(reachable(store, digest) for digest in below))


@pytest.mark.slow
def test_collecting_beside_a_writer_takes_nothing_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer goes to and fro between a few states, so that what is being given up is always about to be used again."""
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    store, ended, wrong = TreesStore(tmp_path, barrier=lambda descriptor: None), threading.Event(), []

    def write() -> None:
        try:
            for number in range(300):
                store.commit_all({key: files(number % 3) for key in SITES}, at=AT + number * timedelta(minutes=1))
                wrong.extend(damage for key in SITES if (damage := store.verify(key)))
        except (OSError, FangtangError) as error:
            wrong.append(error)
        finally:
            ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    rounds = 0
    while not ended.is_set():
        collect(store.layout, since=AT + 300 * DAY, now=NOW)
        rounds += 1
    writer.join()
    assert not wrong
    assert rounds > 3


@pytest.mark.slow
def test_without_a_second_look_used_things_would_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the test above: a collector that marks once takes away what a writer brought back into use meanwhile."""
    store = TreesStore(tmp_path, barrier=lambda descriptor: None)
    for number in (1, 2):
        store.commit("portal", {"a": b"%d" % number}, at=AT)
    real = collecting._Kept.mark

    def once(kept) -> None:
        if not kept._seen:
            real(kept)
            store.commit("portal", {"a": b"1"}, at=AT)

    monkeypatch.setattr(collecting._Kept, "mark", once)
    collect(store.layout, since=AT + DAY, now=NOW)
    assert store.verify("portal") is not None


COLLECTOR = """
import sys
from datetime import datetime, UTC, timedelta
from pathlib import Path
from fangtang.snapshots.store import Layout
from fangtang.snapshots.store.collecting import collect
collect(Layout(Path(sys.argv[1])), since=datetime(2026, 4, 1, tzinfo=UTC), now=datetime(2096, 1, 1, tzinfo=UTC))
"""


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_collector_that_dies_leaves_a_sound_store(tmp_path: Path, batch: int) -> None:
    store = TreesStore(tmp_path, barrier=lambda descriptor: None)
    for number in range(4):
        store.commit_all({key: files(number) for key in SITES}, at=AT)
    environment = os.environ | {"FANGTANG_FAULT": f"store.batch_collected:{batch}"}
    died = subprocess.run([sys.executable, "-c", COLLECTOR, str(tmp_path)], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    assert [store.verify(key) for key in SITES] == [None, None]
    store.commit_all({key: files(1) for key in SITES}, at=AT)
    assert [store.verify(key) for key in SITES] == [None, None], "what was half given up is made again"
    collect(store.layout, since=AT + DAY, now=NOW)
    assert [count(tmp_path, kind) for kind in ("trees", "objects")] == [4, len(files(1))]


def test_a_writer_that_never_pauses_is_not_disturbed(trees: TreesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        trees.commit("portal", {"a": b"%d" % number}, at=AT)
    monkeypatch.setattr(collecting, "WAIT_SECONDS", 0.0)

    def busy():
        with pytest.raises(Unavailable) as refused:
            collect(trees.layout, since=AT + DAY, now=NOW)
        assert refused.value.code == "snapshots.store_busy"
        yield "a", b"3"

    trees.replace("portal", busy(), at=AT)
    assert trees.verify("portal") is None


def test_what_would_go_is_said_and_nothing_is_taken(trees: TreesStore) -> None:
    for number in range(3):
        trees.commit_all({key: files(number) for key in SITES}, at=AT)
    stored = sum(1 for _ in trees.layout.folder.rglob("*"))
    planned = collecting.collectable(trees.layout, since=AT + DAY, now=NOW)
    assert sum(1 for _ in trees.layout.folder.rglob("*")) == stored
    assert planned == collect(trees.layout, since=AT + DAY, now=NOW)
    assert planned.trees > 0
    assert planned.bytes > 0
    with pytest.raises(ValueError):
        collecting.collectable(trees.layout, since=NOW - DAY / 2, now=NOW)


def test_what_a_long_build_keeps_again_is_young_again(trees: TreesStore) -> None:
    """A build stores files in parts, and names them in a directory hours later: an old file that no directory holds any more must not go meanwhile."""
    kept = trees.keep([("a", b"old"), ("b", b"older")])
    time.sleep(0.05)
    between = datetime.now(UTC)
    time.sleep(0.05)
    trees.keep([("a", b"old")])
    collect(trees.layout, since=between - DAY, now=between + DAY)
    assert [Path(trees.layout.object(entry.sha256)).exists() for _, entry in kept] == [True, False]
    assert trees.replace("portal", kept[:1], at=AT).serial == 1
    assert trees.read("portal", "a") == b"old"


def die_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """A collector that is ended after so many batches of one."""
    passed = iter(range(batches - 1))
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    monkeypatch.setattr(collecting.faults, "point", lambda name: next(passed))


@pytest.mark.parametrize("batches", range(1, 60, 4))
def test_what_a_collector_left_half_given_up_is_gone_for_rollbacks_and_pins(trees: TreesStore, monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    roots = [trees.replace("portal", [(f"{at}/a", f"{at}{number}".encode()) for at in "bcde"], at=AT).root_sha256 for number in range(9)]
    with monkeypatch.context() as patched:
        die_after(patched, batches)
        with pytest.raises(StopIteration):
            collect(trees.layout, since=AT + DAY, now=NOW)
    found = [can_stand(trees, "portal", root) for root in roots[:-1] if pinned(trees, root)]
    assert all(found)
    assert len(found) == max(0, len(roots) - 1 - batches)


def test_a_young_root_keeps_what_is_below_it(trees: TreesStore) -> None:
    first = trees.commit("portal", {"a/b": b"1", "c": b"1"}, at=AT)
    trees.commit("portal", {"a/b": b"2", "c": b"2"}, at=AT)
    place = Path(trees.layout.tree(first.root_sha256))
    below = (place / "a").resolve()
    now = datetime.fromtimestamp(max(below.stat().st_ctime, place.stat().st_ctime), UTC) + DAY
    time.sleep(0.05)
    place.chmod(0o700)
    place.chmod(0o755)
    assert collect(trees.layout, since=AT + DAY, now=now + timedelta(seconds=0.03)).trees == 0
    assert can_stand(trees, "portal", first.root_sha256)


@pytest.mark.parametrize("moment", ["first look", "second look"])
def test_what_is_pinned_beside_a_collector_stays(trees: TreesStore, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    first = trees.commit("portal", {"a/b": b"1"}, at=AT)
    trees.commit("portal", {"a/b": b"2"}, at=AT)
    real, looks = collecting._Kept.mark, iter(["first look", "second look", "", "", "", ""])

    def mark(kept) -> None:
        real(kept)
        if next(looks) == moment:
            person.start()
            person.join(timeout=0.1)

    person = threading.Thread(target=lambda: answers.append(pinned(trees, first.root_sha256)))
    answers: list[bool] = []
    monkeypatch.setattr(collecting._Kept, "mark", mark)
    collect(trees.layout, since=AT + DAY, now=NOW)
    person.join()
    assert answers == [moment == "first look"], "who comes between a look and what follows it waits, and is told that it is too late"
    assert can_stand(trees, "portal", first.root_sha256) if answers[0] else not Path(trees.layout.tree(first.root_sha256)).exists()


def pinned(store: TreesStore, root: str) -> bool:
    try:
        pins.pin(store.layout, "portal", root, reason="", at=AT)
    except Invalid:
        return False
    return True


def test_a_pin_outlives_a_power_cut(trees: TreesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    root, synced = trees.commit("portal", {"a": b"1"}, at=AT).root_sha256, []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink())))
    pins.pin(trees.layout, "portal", root, reason="", at=AT)
    site = trees.layout.site("portal")
    assert synced == [f"{site}/pins.new", site]


def test_what_somebody_else_put_there_stays(trees: TreesStore, tmp_path: Path) -> None:
    trees.commit("portal", {"a": b"1"}, at=AT)
    strangers = [tmp_path / "store" / kind / name for kind in ("trees", "objects") for name in ("README", "ab/notes")]
    for one in strangers:
        (one if one.parent.parent.name == "objects" else one.parent).mkdir(parents=True, exist_ok=True)
        if not one.exists():
            one.write_text("hello")
    collect(trees.layout, since=AT + DAY, now=NOW)
    assert all(one.exists() for one in strangers)


@pytest.mark.parametrize(("name", "content"), [("pins", b"{"), ("pins", b"[1]\n"), ("history", b"\n"), ("history", b"{}\n"), ("record.json", b"")])
def test_nothing_is_given_up_while_it_cannot_be_told_what_is_needed(trees: TreesStore, name: str, content: bytes) -> None:
    for number in range(3):
        trees.commit("portal", {"a": b"%d" % number}, at=AT)
    place = Path(trees.layout.site("portal"), name)
    place.write_bytes(content)
    with pytest.raises(Unavailable) as refused:
        collect(trees.layout, since=AT + DAY, now=NOW)
    assert (refused.value.code, refused.value.data["file"]) == ("snapshots.papers_damaged", str(place))
    assert count(trees.layout.folder, "trees") == 3


def test_a_list_that_was_changed_gives_up_nothing(trees: TreesStore) -> None:
    root = trees.commit("portal", {"a": b"1", "b": b"2"}, at=AT).root_sha256
    place = Path(trees.layout.manifest(root))
    place.chmod(0o644)
    place.write_bytes(place.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(Unavailable) as refused:
        collect(trees.layout, since=AT + DAY, now=NOW)
    assert (refused.value.code, refused.value.data) == ("snapshots.blob_changed", {"sha256": root})
    assert count(trees.layout.folder, "objects") == 2

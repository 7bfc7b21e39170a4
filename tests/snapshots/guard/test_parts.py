"""The parts that decide without a disk: what is expected, when to keep calm; and the guard's own folder when it has no room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.guard.calm import LEAST_SECONDS, MOST_SECONDS, TIMES, WINDOW_SECONDS, Calm
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.home import Home
from fangtang.snapshots.guard.incidents import Incident, Kind, Place, Spool
from fangtang.snapshots.guard.spare import Spare
from fangtang.snapshots.store.manifests import Edit, Entries, Entry, Plan
from fangtang.snapshots.store.manifests import Kind as EntryKind

paths = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map(lambda names: (*names, "page"))
snapshots = st.dictionaries(paths, st.sampled_from("xyz"), min_size=1, max_size=4)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), snapshots), max_size=6))
def test_what_is_expected_is_the_same_however_it_came_about(history: list[tuple[str, dict[tuple[str, ...], str]]]) -> None:
    known: dict[str, Entries] = {}
    expected = Expected()
    for site_key, files in history:
        edit = Edit()
        for names, content in files.items():
            edit.add(names, Entry(EntryKind.FILE, sha256(content.encode()), 1))
        plan = Plan(known.__getitem__)
        root = plan.root(None, edit)
        known |= plan.trees
        before = set(expected.trees), set(expected.places)
        turn = expected.stand(site_key, root, known.__getitem__)
        assert set(turn.trees) - before[0] == set(turn.trees) >= set(expected.trees) - before[0]
        assert set(turn.gone_objects) == before[1] - set(expected.places)
    anew = Expected()
    for site_key, root in expected.roots.items():
        anew.stand(site_key, root, known.__getitem__)
    assert anew == expected
    for tree, entries in expected.trees.items():
        for name in entries:
            site_key, path = expected.served(tree, name)
            *names, last = path.split("/")
            found = expected.roots[site_key]
            for one in names:
                found = expected.trees[found][one].sha256
            assert (found, last) == (tree, name)
            assert site_key in expected.sites(tree)


def test_what_cannot_be_read_changes_nothing() -> None:
    expected = Expected()
    with pytest.raises(KeyError):
        expected.stand("one", "0" * 64, {}.__getitem__)
    assert expected == Expected()


def test_a_place_is_left_alone_for_longer_the_more_are_contended() -> None:
    calm = Calm()
    assert [calm.hit("a", 0.0) for _ in range(TIMES + 2)] == [False] * TIMES + [True, False]
    assert calm.wait_seconds("a") == LEAST_SECONDS
    assert calm.wait_seconds("b") == 0
    for place in range(10_000):
        for _ in range(TIMES + 1):
            calm.hit(place, 1.0)
    assert calm.wait_seconds("a") == MOST_SECONDS
    calm.forget(2.0 + WINDOW_SECONDS)
    assert calm.wait_seconds("a") == 0


def test_incidents_are_told_together_when_they_come_too_quickly_or_nobody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(Home(tmp_path))
    assert sum(spool.has_room() for _ in range(10_000)) < 1000
    incident = Incident("watch")
    for number in range(250):
        incident.add(Place(f"trees/{number}", "portal", str(number), 1, "changed", restored=True), {"portal"})
    document = incident.document()
    assert (document["count"], document["restored"], len(document["places"]), document["kind"]) == (250, 250, 100, "changed")
    assert spool.write(document)
    assert spool.tell(Kind.WATCHER_DIED, signal="SIGKILL")
    assert len(list((tmp_path / "incidents").glob("*.json"))) == 2


def test_a_home_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "heartbeat.new").mkdir()
    assert not home.write("heartbeat", b"1")
    (tmp_path / "sound").write_bytes(b"[[1,2")
    assert home.sound() == {}


def test_a_spare_takes_only_right_bytes_and_forgets_what_is_long_gone(tmp_path: Path) -> None:
    spare, source = Spare(tmp_path / "spare"), tmp_path / "source"
    source.write_bytes(b"x" * 3_000_000)
    digest = sha256(source.read_bytes())
    with source.open("rb") as file:
        assert not spare.take("objects", "0" * 64, file.fileno())
        file.seek(0)
        assert spare.take("objects", digest, file.fileno())
    assert spare.missing("objects", [digest, "0" * 64]) == ["0" * 64]
    assert Spare(tmp_path / "spare").has("objects", digest)
    copy = tmp_path / "spare/objects" / digest[:2] / digest
    assert copy.stat().st_nlink == 1
    list(spare.tidy("objects", [digest], keep_seconds=0))
    assert spare.has("objects", digest)
    spare.give_up("objects", [digest])
    list(spare.tidy("objects", [], keep_seconds=60))
    assert spare.has("objects", digest)
    os.utime(copy, (0, 0))
    list(spare.tidy("objects", [], keep_seconds=60))
    assert not spare.has("objects", digest)
    assert not copy.exists()

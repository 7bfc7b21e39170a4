"""Random lives of two sites, led in both stores at once: same contents, same paths, same roots, same history."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fangtang.kernel.errors import FangtangError
from fangtang.snapshots.store import MemoryStore, Store, TreesStore

SITES = ("portal", "health")
NAMES = st.sampled_from(["a", "b", "news", "方塘.html"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
CONTENTS = st.sampled_from([b"", b"1", b"2", "塘".encode()])
CHANGES = st.dictionaries(PATHS, st.none() | CONTENTS, max_size=5)


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stores: tuple[Store, Store] = (MemoryStore(), TreesStore(self.folder, barrier=lambda descriptor: None))
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def both(self, name: str, *args: object, **options: object) -> None:
        self.at += timedelta(seconds=1)
        memory, trees = (_outcome(store, name, *args, at=self.at, **options) for store in self.stores)
        assert memory == trees

    @rule(site=st.sampled_from(SITES), changes=CHANGES)
    def commit(self, site: str, changes: dict[str, bytes | None]) -> None:
        self.both("commit", site, changes)

    @rule(first=CHANGES, second=CHANGES)
    def commit_all(self, first: dict[str, bytes | None], second: dict[str, bytes | None]) -> None:
        self.both("commit_all", dict(zip(SITES, (first, second), strict=True)))

    @rule(site=st.sampled_from(SITES), files=st.lists(st.tuples(PATHS, CONTENTS), max_size=5))
    def replace(self, site: str, files: list[tuple[str, bytes]]) -> None:
        self.both("replace", site, files)

    @rule(site=st.sampled_from(SITES), pick=st.none() | st.integers(0, 5))
    def rollback(self, site: str, pick: int | None) -> None:
        log = self.stores[0].log(site)
        to = log[pick % len(log)].root_sha256 if log and pick is not None else None
        self.both("rollback", site, to=to)

    @rule(site=st.sampled_from(SITES))
    def rebuild_in_another_order(self, site: str) -> None:
        """However a site came to be what it is, a full build of the same files has the same root, so nothing is switched."""
        for store in self.stores:
            if (before := store.root(site)) is not None:
                files = [(path, store.read(site, path) or b"") for path in reversed(list(store.paths(site)))]
                assert store.replace(site, files, at=self.at).root_sha256 == before

    @invariant()
    def same(self) -> None:
        memory, trees = self.stores
        for site in SITES:
            assert memory.root(site) == trees.root(site)
            assert memory.log(site) == trees.log(site)
            assert list(memory.paths(site)) == list(trees.paths(site))
            assert all(memory.read(site, path) == trees.read(site, path) for path in memory.paths(site))
            assert trees.verify(site) is None

    @invariant()
    def nothing_is_left_over(self) -> None:
        assert list((self.folder / "tmp").iterdir()) == []


def _outcome(store: Store, name: str, *args: object, **options: object) -> object:
    try:
        return getattr(store, name)(*args, **options)
    except FangtangError as error:
        return type(error), error.code


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)

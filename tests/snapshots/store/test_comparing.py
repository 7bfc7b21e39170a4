"""The difference of two snapshots is exactly the files that differ."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.store import MemoryStore, TreesStore
from fangtang.snapshots.store.comparing import differences

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATHS = st.lists(st.sampled_from(["a", "b", "news", "方塘.html"]), min_size=1, max_size=4).map("/".join)
FILES = st.dictionaries(PATHS, st.binary(max_size=2), max_size=6)


def is_possible(files: dict[str, bytes]) -> bool:
    try:
        MemoryStore().replace("portal", files.items(), at=AT)
    except Invalid:
        return False
    return True


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(FILES.filter(is_possible), FILES.filter(is_possible))
def test_every_file_that_differs_is_named_and_no_other(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = TreesStore(Path(folder), barrier=lambda descriptor: None)
        first, second = (store.replace("portal", files.items(), at=AT).root_sha256 for files in (before, after))
        found = {one.path: (one.kind, one.after.size if one.after else None) for one in differences(store.layout, first, second)}
    kinds = {path: "changed" for path in before.keys() & after.keys() if before[path] != after[path]}
    kinds |= dict.fromkeys(before.keys() - after.keys(), "removed") | dict.fromkeys(after.keys() - before.keys(), "added")
    assert found == {path: (kind, len(after[path]) if path in after else None) for path, kind in kinds.items()}


def test_from_nothing_everything_is_added(trees: TreesStore) -> None:
    root = trees.commit("portal", {"a/b": b"1", "c": b"2"}, at=AT).root_sha256
    assert [(one.path, one.kind) for one in differences(trees.layout, None, root)] == [("a/b", "added"), ("c", "added")]
    assert list(differences(trees.layout, root, root)) == []


def test_what_was_collected_cannot_be_compared(trees: TreesStore) -> None:
    root = trees.commit("portal", {"a": b"1"}, at=AT).root_sha256
    with pytest.raises(FileNotFoundError):
        list(differences(trees.layout, root, "0" * 64))

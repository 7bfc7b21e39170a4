"""The hint to ext4 is given where it is understood and passed over where it is not."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.files import open_folder
from fangtang.snapshots.store.spreading import spread


def test_marking_twice_is_marking_once(tmp_path: Path) -> None:
    with open_folder(str(tmp_path)) as folder:
        assert spread(folder) == spread(folder)


def test_a_file_system_without_the_mark_says_so() -> None:
    with open_folder("/proc/self") as folder:
        assert spread(folder) is False


def test_a_store_works_on_a_file_system_without_the_mark() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        store = TreesStore(Path(folder))
        store.commit("portal", {"news/a.html": b"a"}, at=datetime(2026, 3, 2, tzinfo=UTC))
        assert store.verify("portal") is None

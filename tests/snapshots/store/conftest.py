"""Stores in temporary folders. No barrier in most tests: they end by looking, not by pulling the plug."""

from __future__ import annotations

from pathlib import Path

import pytest

from fangtang.snapshots.store import MemoryStore, Store, TreesStore


@pytest.fixture
def trees(tmp_path: Path) -> TreesStore:
    return TreesStore(tmp_path / "store", barrier=lambda descriptor: None)


@pytest.fixture(params=["trees", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return TreesStore(tmp_path / "store", barrier=lambda descriptor: None)

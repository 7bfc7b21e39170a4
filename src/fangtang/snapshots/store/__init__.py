"""Where snapshots are kept: a content-addressed store with one atomic switch per site.

`base` says what a store promises, `trees` keeps it on disk for web servers, `memory` is the plain model that tests compare with.
"""

from fangtang.snapshots.store.base import Damage, Snapshot, Store
from fangtang.snapshots.store.memory import MemoryStore
from fangtang.snapshots.store.staging import FULL
from fangtang.snapshots.store.trees import TreesStore

__all__ = ["FULL", "Damage", "MemoryStore", "Snapshot", "Store", "TreesStore"]

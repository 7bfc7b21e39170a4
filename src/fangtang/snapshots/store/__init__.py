"""Where snapshots are kept: a content-addressed store with one atomic switch per site. Knows neither Django nor a database.

`base` says what a store promises, `trees` keeps it on disk for web servers, `memory` is the plain model that tests compare with. `records`, `trust` and
`keys` are the signed word on what stands; `verifying`, `comparing`, `collecting` and `pins` look after what is kept.
"""

from fangtang.snapshots.store.base import Blob, Changes, Content, Damage, Snapshot, Store
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.memory import MemoryStore
from fangtang.snapshots.store.trees import Laid, TreesStore
from fangtang.snapshots.store.trouble import FULL

__all__ = ["FULL", "Blob", "Changes", "Content", "Damage", "Laid", "Layout", "MemoryStore", "Snapshot", "Store", "TreesStore"]

"""What a path means in a snapshot, and the answers prepared for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from fangtang.snapshots.serve import headers, moved
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Entry, Kind

INDEX = "index.html"
KEPT_BYTES = 64 * 1024 * 1024
LARGEST_KEPT_BYTES = 1024 * 1024
"""Larger files are read from disk in blocks each time."""
OVERHEAD_BYTES = 2048
"""What a kept page costs besides its bytes, so that ten thousand empty files count too."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file ready to be sent. `content` is None for one too large to keep, then `place` is read."""

    etag: str
    headers: list[tuple[str, str]]
    size: int
    place: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer is elsewhere."""

    location: str


@dataclass(slots=True)
class Pages:
    """Looks pages up and keeps the hot ones, by (root, PATH_INFO). A root never changes, so nothing kept goes stale; the oldest go first."""

    layout: Layout
    kept_bytes: int = KEPT_BYTES
    _kept: dict[tuple[str, str], Page] = field(default_factory=dict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kept(self, root: str, key: str) -> Page | None:
        return self._kept.get((root, key))

    def find(self, root: str, names: tuple[str, ...], *, key: str) -> Page | Moved | None:
        """What `names` (a path to a directory ends in "") leads to below `root`; None when nothing is there. Pages are kept under `key`."""
        parent = self.layout.find(root, names[:-1])
        if parent is None or parent.kind is not Kind.TREE:
            return None
        name = names[-1] or INDEX
        entry = self.layout.entries(parent.sha256).get(name)
        if entry is None:
            return None
        if entry.kind is Kind.TREE:
            has_page = bool(names[-1]) and INDEX in self.layout.entries(entry.sha256)
            return Moved(quote("/" + "/".join(names) + "/")) if has_page else None
        return self._keep((root, key), self._page(parent, name, entry, path="/".join((*names[:-1], name))))

    def move(self, root: str, path: str) -> Moved | None:
        """Where the site's own table sends `path`."""
        entry = self.layout.find(root, [moved.TABLE])
        target = _table(self.layout.object(entry.sha256)).get(path) if entry and entry.kind is Kind.FILE else None
        return Moved(target) if target else None

    def _page(self, parent: Entry, name: str, entry: Entry, *, path: str) -> Page:
        place = f"{self.layout.tree(parent.sha256)}/{name}"
        with open(place, "rb") as file:  # noqa: PTH123  (on the way of every cold request)
            size = os.fstat(file.fileno()).st_size
            content = file.read() if size <= LARGEST_KEPT_BYTES else None
        etag, type_sent = f'"{entry.sha256}"', headers.content_type(name)
        about = [("Content-Type", type_sent), ("ETag", etag), ("Cache-Control", headers.cache_control(path)), ("Accept-Ranges", "bytes")]
        return Page(etag, [*about, *headers.security(type_sent)], size, place, content)

    def _keep(self, key: tuple[str, str], page: Page) -> Page:
        if page.content is None:
            return page
        with self._lock:
            if key not in self._kept:
                self._kept[key] = page
                self._size += page.size + OVERHEAD_BYTES
            while self._size > self.kept_bytes:
                self._size -= self._kept.pop(next(iter(self._kept))).size + OVERHEAD_BYTES
        return page


@lru_cache(maxsize=256)
def _table(place: str) -> Mapping[str, str]:
    """By the object's place, which names its digest, so the table never goes stale."""
    with open(place, "rb") as file:  # noqa: PTH123
        return moved.read_table(file.read())

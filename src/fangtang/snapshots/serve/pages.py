"""What a path means in a snapshot, and the answers prepared for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from fangtang.snapshots.serve import headers, moved
from fangtang.snapshots.serve.codings import OFFERED, PLAIN
from fangtang.snapshots.serve.files import CheckedLayout, Foreign, read_file, read_object
from fangtang.snapshots.serve.recent import FOLDER, RecentAssets
from fangtang.snapshots.store.manifests import Entry, Kind
from fangtang.snapshots.store.variants import LEAST_BYTES, Variants, is_text

INDEX = "index.html"
KEPT_BYTES = 64 * 1024 * 1024
LARGEST_KEPT_BYTES = 1024 * 1024
"""Larger files are read from disk in blocks each time."""
OVERHEAD_BYTES = 2048
"""What a kept page costs besides its bytes, so that ten thousand empty files count too."""
LOOK_AGAIN_SECONDS = 10.0
"""A page whose best variant is not made yet is sent as it is, and looked up again after this."""

Key = tuple[str, str, tuple[str, ...]]
"""Root, PATH_INFO, codings wanted."""
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A file ready to be sent in one coding.

    `headers` are those of a whole answer, `validated` those of a 304 without its ETag. `etags` are the names of this page in all codings. `body` is
    None for a file too large to keep, then `place` is read. After `again_at` (monotonic clock) a better coding may be there."""

    digest: str
    etag: str
    etags: frozenset[str]
    headers: Headers
    validated: Headers
    size: int
    place: str
    body: list[bytes] | None
    again_at: float = math.inf


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer is elsewhere."""

    location: str


class NotAcceptable(Exception):
    """The client refuses every coding in which there is this page."""


@dataclass(slots=True)
class Pages:
    """Looks pages up and keeps the hot ones. A root never changes, so nothing kept goes stale; the oldest go first."""

    layout: CheckedLayout
    kept_bytes: int = KEPT_BYTES
    kept: dict[Key, Page] = field(default_factory=dict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _variants: Variants = field(init=False)
    _recent: RecentAssets = field(init=False)

    def __post_init__(self) -> None:
        self._variants = Variants(self.layout)
        self._recent = RecentAssets(self.layout)

    def find(self, site_key: str, names: tuple[str, ...], *, key: Key) -> Page | Moved | None:
        """What `names` (a path to a directory ends in "") leads to below the root; None when nothing is there. Pages are kept under `key`.

        Raises NotAcceptable, Foreign."""
        root = key[0]
        parent = self.layout.find(root, names[:-1])
        name = names[-1] or INDEX
        entry = self.layout.entries(parent.sha256).get(name) if parent and parent.kind is Kind.TREE else None
        if parent is None or entry is None:
            earlier = self._recent.find(site_key, names) if names[0] == FOLDER else None
            return self._page(site_key, *earlier, names=names, key=key) if earlier else None
        if entry.kind is Kind.TREE:
            has_page = bool(names[-1]) and INDEX in self.layout.entries(entry.sha256)
            return Moved(quote("/" + "/".join(names) + "/")) if has_page else None
        return self._page(site_key, parent.sha256, entry, names=(*names[:-1], name), key=key)

    def move(self, root: str, path: str) -> Moved | None:
        """Where the site's own table sends `path`. A table that was tampered with sends nowhere."""
        entry = self.layout.find(root, [moved.TABLE])
        if entry is None or entry.kind is not Kind.FILE:
            return None
        try:
            target = _table(self.layout, entry.sha256).get(path)
        except Foreign:
            return None
        return Moved(target) if target else None

    def _page(self, site_key: str, tree: str, entry: Entry, *, names: tuple[str, ...], key: Key) -> Page:
        codings = key[2]
        for coding in codings if is_text(names[-1]) and entry.size <= LARGEST_KEPT_BYTES else [one for one in codings if one == PLAIN]:
            page = self._coded(site_key, tree, entry, names, coding, is_best=coding == codings[0])
            if page:
                return self._keep(key, page)
        raise NotAcceptable

    def _coded(self, site_key: str, tree: str, entry: Entry, names: tuple[str, ...], coding: str, *, is_best: bool) -> Page | None:
        """The page in this coding; None when there is no such variant."""
        place = f"{self.layout.tree(tree)}/{names[-1]}"
        content: bytes | None = None
        if coding != PLAIN:
            content = self._variants.read(entry.sha256, coding, size=entry.size)
            if content is None:
                return None
        elif entry.size <= LARGEST_KEPT_BYTES:
            content = read_file(self.layout, site_key, place, entry.sha256)
        size = entry.size if content is None else len(content)
        validated, type_sent = _about(names, coding)
        etag = _etag(entry.sha256, coding)
        about = [("Content-Type", type_sent), ("ETag", etag), *validated, ("Content-Length", str(size))]
        if coding != PLAIN:
            about.append(("Content-Encoding", coding))
        may_improve = not is_best and is_text(names[-1]) and entry.size >= LEAST_BYTES
        return Page(
            digest=entry.sha256,
            etag=etag,
            etags=frozenset(_etag(entry.sha256, one) for one in OFFERED),
            headers=about,
            validated=validated,
            size=size,
            place=place,
            body=None if content is None else [content],
            again_at=time.monotonic() + LOOK_AGAIN_SECONDS if may_improve else math.inf,
        )

    def _keep(self, key: Key, page: Page) -> Page:
        if page.body is None:
            return page
        with self._lock:
            before = self.kept.pop(key, None)
            self._size += page.size - before.size if before else page.size + OVERHEAD_BYTES
            self.kept[key] = page
            while self._size > self.kept_bytes:
                self._size -= self.kept.pop(next(iter(self.kept))).size + OVERHEAD_BYTES
        return page


def _etag(digest: str, coding: str) -> str:
    return f'"{digest}-{coding}"' if coding else f'"{digest}"'


def _about(names: tuple[str, ...], coding: str) -> tuple[Headers, str]:
    """(headers that a 304 has too, content type)."""
    type_sent = headers.content_type(names[-1])
    about = [("Cache-Control", headers.cache_control("/".join(names))), *headers.security(type_sent)]
    if is_text(names[-1]):
        about.append(("Vary", "Accept-Encoding"))
    if coding == PLAIN:
        about.append(("Accept-Ranges", "bytes"))
    return about, type_sent


@lru_cache(maxsize=256)
def _table(layout: CheckedLayout, digest: str) -> Mapping[str, str]:
    """By the table's digest, so it never goes stale. Raises Foreign."""
    return moved.read_table(read_object(layout, digest))

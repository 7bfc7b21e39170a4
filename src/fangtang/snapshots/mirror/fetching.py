"""Fetching the files that a store lacks, a few at a time, and keeping each batch durably, so that neither an error nor a death loses more than one batch."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import FangtangError, Unavailable
from fangtang.snapshots.mirror.asking import Mismatch, Origin
from fangtang.snapshots.store import FULL, Blob, Content, TreesStore
from fangtang.snapshots.store.manifests import Entries, Entry, Kind

BATCH_FILES = 1000
BATCH_BYTES = 32 * 1024 * 1024
LARGE_BYTES = 1024 * 1024
"""A larger file goes over the disk, not through memory."""
RESERVE_BYTES = 64 * 1024 * 1024
"""Kept free: directories take room too, and so does the system."""
MOST_MISMATCHES = 100
"""A release touches tens of files; whoever meets more in one round need not ask for the rest."""

GRACE_SECONDS = 600.0
SECONDS_EACH = 0.5
"""What a pull may take: the grace, so much for each file, and what the bytes take at the least rate. Each answer alone in time is not enough: ten
thousand, each as slow as it may be, would hold a pull for days."""

Wanted = tuple[str, Entry]
Listings = Mapping[str, tuple[str, Entries]]
"""Digest of a directory → its path ("" or ending in "/") and what it lists."""


def fetched(origin: Origin, store: TreesStore, fresh: Listings, *, incoming: Path) -> tuple[int, int]:
    """Store every file in the directories `fresh` that the store lacks; how many were fetched, and their bytes. The first mismatch is raised when all
    others are kept, any other error at once after its batch: Mismatch, Unavailable (unreachable, answered, store_full)."""
    wanted = list(_missing(store, fresh))
    size = sum(entry.size for _, entry in wanted)
    if size + RESERVE_BYTES > shutil.disk_usage(store.layout.folder).free and wanted:
        raise Unavailable("snapshots.store_full", permanent=False, reason=f"{size} bytes are to come")
    with ThreadPoolExecutor(origin.connections) as threads:
        seconds = GRACE_SECONDS + SECONDS_EACH * len(wanted) + size / origin.patience.least_bytes_per_second
        fetching = _Fetching(origin, threads, incoming, give_up_at=time.monotonic() + seconds)
        for batch in _batches(wanted):
            try:
                store.keep(fetching.contents(batch))
            finally:
                fetching.clear()
            faults.point("mirror.batch_kept")
            fetching.raise_serious()
    if fetching.mismatches:
        raise fetching.mismatches[0]
    return len(wanted), size


class _Fetching:
    """What went wrong so far, and the large files of the batch on their way."""

    def __init__(self, origin: Origin, threads: ThreadPoolExecutor, incoming: Path, *, give_up_at: float) -> None:
        self._give_up_at = give_up_at
        self._origin = origin
        self._threads = threads
        self._incoming = incoming
        self._stop = threading.Event()
        self._places: list[str] = []
        self._serious: list[Exception] = []
        self.mismatches: list[Mismatch] = []

    def contents(self, batch: Iterable[Wanted]) -> Iterator[tuple[str, Content]]:
        """Those that came and are right, with their paths."""
        for (path, _), content in zip(batch, self._threads.map(self._content, batch), strict=True):
            if content is not None:
                yield path, content

    def clear(self) -> None:
        while self._places:
            os.unlink(self._places.pop())  # noqa: PTH108

    def raise_serious(self) -> None:
        if self._serious:
            raise self._serious[0]
        if len(self.mismatches) > MOST_MISMATCHES:
            raise self.mismatches[0]

    def _content(self, wanted: Wanted) -> Content | None:
        if self._stop.is_set():
            return None
        try:
            if time.monotonic() > self._give_up_at:
                raise Unavailable("snapshots.mirror_unreachable", permanent=False, path=wanted[0], reason="slow")
            return self._fetch(*wanted)
        except Mismatch as wrong:
            self.mismatches.append(wrong)
            if len(self.mismatches) > MOST_MISMATCHES:
                self._stop.set()
        except FangtangError as error:
            self._serious.append(error)
            self._stop.set()
        except OSError as error:
            if error.errno not in FULL:
                raise
            self._serious.append(Unavailable("snapshots.store_full", permanent=False, reason=os.strerror(error.errno)))
            self._stop.set()
        return None

    def _fetch(self, path: str, entry: Entry) -> Content:
        if entry.size <= LARGE_BYTES:
            memory = io.BytesIO()
            self._origin.file(path, entry, memory)
            return memory.getvalue()
        descriptor, place = tempfile.mkstemp(dir=self._incoming)
        self._places.append(place)
        with os.fdopen(descriptor, "w+b") as file:
            self._origin.file(path, entry, file)
        return Blob(place, entry.sha256, entry.size)


def _missing(store: TreesStore, fresh: Listings) -> Iterator[Wanted]:
    """Each file once, with one of its paths."""
    seen: set[str] = set()
    for at, entries in fresh.values():
        for name, entry in entries.items():
            if entry.kind is Kind.FILE and entry.sha256 not in seen:
                seen.add(entry.sha256)
                if not os.path.exists(store.layout.object(entry.sha256)):  # noqa: PTH110
                    yield f"{at}{name}", entry


def _batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    batch: list[Wanted] = []
    size = 0
    for path, entry in wanted:
        batch.append((path, entry))
        size += entry.size
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch

"""One pull of one site from one origin: read the record, verify it, fetch what differs, verify that, switch.

A release at the origin in the middle of a pull shows as a file that is not what the manifest says. Then the record is read again and the pull goes on;
what came and was right is kept, so every round has less to do.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from fangtang.kernel import faults
from fangtang.snapshots.mirror.asking import MANIFEST_BYTES, Mismatch, Origin
from fangtang.snapshots.mirror.believing import Believer
from fangtang.snapshots.mirror.fetching import fetched
from fangtang.snapshots.mirror.inspecting import DEEPEST, Scales, checked
from fangtang.snapshots.mirror.keeping import pulling
from fangtang.snapshots.store import TreesStore, records
from fangtang.snapshots.store.keys import untrusted
from fangtang.snapshots.store.manifests import Entries, Kind
from fangtang.snapshots.store.paths import checked_site_key
from fangtang.snapshots.store.records import Record

ROUNDS = 6
PAUSE_SECONDS = 0.2
MOST_LISTED_BYTES = 16 * MANIFEST_BYTES
"""Of all manifests of one pull, which are held in memory: about five million files."""


class Change(StrEnum):
    """What a pull did."""

    SWITCHED = "switched"
    RENEWED = "renewed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Pulled:
    """`files`, `directories` and `size` (bytes of files) count what was fetched, not what stands."""

    record: Record
    change: Change
    files: int = 0
    directories: int = 0
    size: int = 0


class Puller:
    """Pulls one site into a store. `incoming` is a folder for large files on their way, on the store's file system."""

    def __init__(self, store: TreesStore, believer: Believer, site_key: str, *, incoming: Path, now: Callable[[], datetime]) -> None:
        self.site_key = checked_site_key(site_key)
        self._store = store
        self._believer = believer
        self._incoming = incoming
        self._now = now
        self._scales = Scales(store.layout.entries)

    def pull(self, origin: Origin) -> Pulled:
        """Stand where the origin says. Raises Invalid snapshots.untrusted, Unavailable (unreachable, answered, store_full, store_busy): then what stood
        before stands."""
        for number in range(ROUNDS):
            try:
                with pulling(self._incoming):
                    return self._round(origin)
            except Mismatch as wrong:
                mismatch = wrong
                time.sleep(PAUSE_SECONDS * number * random.uniform(0.5, 1.5))  # noqa: S311
        raise mismatch

    def _round(self, origin: Origin) -> Pulled:
        base = self._store.layout.record(self.site_key)
        document, record = self._accepted(origin, base)
        if document == base and self._has(record.snapshot.root_sha256):
            return Pulled(record, Change.UNCHANGED)
        fresh = self._manifests(origin, record.snapshot.root_sha256)
        order = self._scales.order(record.snapshot.root_sha256, {digest: entries for digest, (_, entries) in fresh.items()})
        faults.point("mirror.manifests_read")
        files, size = fetched(origin, self._store, fresh, incoming=self._incoming)
        faults.point("mirror.files_kept")
        self._refuse_expired(record)
        self._store.adopt(self.site_key, document, [(digest, fresh[digest][1]) for digest in order], base=base)
        change = Change.RENEWED if base and records.believed(base).snapshot == record.snapshot else Change.SWITCHED
        return Pulled(record, change, files, len(fresh), size)

    def _accepted(self, origin: Origin, base: bytes | None) -> tuple[bytes, Record]:
        """The origin's record, when it is signed by keys that are trusted now, about this site, in force, and not older than the one that stands.
        A record whose key was given up since binds nobody: that is how a site comes back after a stolen key ran its numbers up."""
        trust = self._believer.newest(origin)
        if trust.is_expired(self._now()):
            raise untrusted("trust_expired", version=trust.version, expires=trust.expires.isoformat())
        document = origin.record()
        record = records.read(document, trust=trust, site_key=self.site_key)
        known = records.believed(base) if base is not None and records.is_signed(base, trust) else None
        records.following(known, record)
        self._refuse_expired(record)
        return document, record

    def _refuse_expired(self, record: Record) -> None:
        if record.is_expired(self._now()):
            raise untrusted("expired", serial=record.snapshot.serial, expires=record.expires.isoformat())

    def _manifests(self, origin: Origin, root: str) -> dict[str, tuple[str, Entries]]:
        """Every directory from `root` down that the store lacks, with its path. One that it has is whole, so nothing below is asked for."""
        found: dict[str, tuple[str, Entries]] = {}
        size, level = 0, {} if self._has(root) else {root: ""}
        with ThreadPoolExecutor(origin.connections) as threads:
            for _ in range(DEEPEST):
                below: dict[str, str] = {}
                for (digest, at), content in zip(level.items(), threads.map(lambda one: origin.manifest(one[0], at=one[1]), level.items()), strict=True):
                    size += len(content)
                    if size > MOST_LISTED_BYTES:
                        raise untrusted("manifest", path=at, why="bomb")
                    entries = checked(content, at=at)
                    found[digest] = (at, entries)
                    below |= {entry.sha256: f"{at}{name}/" for name, entry in entries.items() if entry.kind is Kind.TREE}
                level = {digest: at for digest, at in below.items() if digest not in found and not self._has(digest)}
                if not level:
                    return found
        raise untrusted("manifest", path=next(iter(level.values()))[:200], why="path")

    def _has(self, digest: str) -> bool:
        return os.path.exists(self._store.layout.tree(digest))  # noqa: PTH110

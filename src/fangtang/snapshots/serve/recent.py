"""Files below /assets/ of snapshots that stood lately: a page that lies open in a browser, or in a cache, still gets the stylesheet it was made with."""

# Plain system calls below, not Path: this is on the way of requests.
# ruff: noqa: PTH123
from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.serve.files import CheckedLayout, Foreign
from fangtang.snapshots.store import records
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Entry, Kind

FOLDER = "assets"
KEPT = timedelta(hours=24)
BLOCK_BYTES = 64 * 1024
MOST_RECORDS = 10_000
LOOK_SECONDS = 60.0
"""How long an answer about one state of the history is believed; what has left the 24 hours by then is found a little longer."""


def recent_roots(layout: Layout, site_key: str, now: datetime) -> list[str]:
    """Roots at which the site stood in the 24 hours before `now`, the newest first, each once. A snapshot stood until the next one came."""
    roots: dict[str, None] = {}
    try:
        for line in _lines_backwards(f"{layout.site(site_key)}/history"):
            snapshot = records.believed(line).snapshot
            roots[snapshot.root_sha256] = None
            if snapshot.at < now - KEPT or len(roots) >= MOST_RECORDS:
                break
    except (FileNotFoundError, Invalid):
        return list(roots)
    return list(roots)


def _lines_backwards(place: str) -> Iterator[bytes]:
    """Whole lines, the last first; the file is read from its end, as far as asked for."""
    with open(place, "rb") as file:
        at, rest, is_whole = file.seek(0, os.SEEK_END), b"", False  # what follows the last line break is no whole line
        while at:
            step = min(at, BLOCK_BYTES)
            at = file.seek(at - step)
            rest, *lines = (file.read(step) + rest).split(b"\n")
            for line in reversed(lines):
                if is_whole:
                    yield line
                is_whole = True
        if rest and is_whole:
            yield rest


@dataclass(slots=True)
class _Seen:
    history: tuple[int, int]
    until: float
    trees: list[str]


class RecentAssets:
    """Finds files below /assets/ of the last 24 hours. What a site's history says is remembered as long as it does not change, at most a minute."""

    def __init__(self, layout: CheckedLayout, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._layout = layout
        self._now = now
        self._seen: dict[str, _Seen] = {}

    def find(self, site_key: str, names: tuple[str, ...]) -> tuple[str, Entry] | None:
        """(tree, entry) of the file at `names`, which begin with "assets"; None when no recent snapshot had it."""
        for tree in self._trees(site_key):
            parent = self._layout.find(tree, names[1:-1])
            entry = self._layout.entries(parent.sha256).get(names[-1]) if parent and parent.kind is Kind.TREE else None
            if parent and entry and entry.kind is Kind.FILE:
                return parent.sha256, entry
        return None

    def _trees(self, site_key: str) -> list[str]:
        """The folders of assets, each once: few, for most releases leave them as they are."""
        try:
            status = os.stat(f"{self._layout.site(site_key)}/history")  # noqa: PTH116
        except FileNotFoundError:
            return []
        history, seen = (status.st_size, status.st_mtime_ns), self._seen.get(site_key)
        if seen is None or seen.history != history or time.monotonic() > seen.until:
            seen = self._seen[site_key] = _Seen(history, time.monotonic() + LOOK_SECONDS, self._read(site_key))
        return seen.trees

    def _read(self, site_key: str) -> list[str]:
        trees: dict[str, None] = {}
        for root in recent_roots(self._layout, site_key, self._now()):
            try:
                folder = self._layout.read_entries(root).get(FOLDER)
            except Foreign:  # given up since
                continue
            if folder and folder.kind is Kind.TREE:
                trees[folder.sha256] = None
        return list(trees)

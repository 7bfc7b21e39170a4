"""Giving up old snapshots of a mirror, once a day, while nothing is pulled: a pull relies on old files and directories that it found here."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.collecting import Collected, collect
from fangtang.snapshots.store.files import open_folder
from fangtang.snapshots.store.trees import RECORD_LASTS

KEPT = RECORD_LASTS + timedelta(days=1)
"""The moments in records are the origin's. A mirror that lags may show a snapshot until its record ends, and pages in browsers need a day more."""
EVERY = timedelta(days=1)
MARK = "collected"


@contextmanager
def pulling(incoming: Path) -> Iterator[None]:
    """Keep the collector away; any number at once."""
    with open_folder(str(incoming)) as folder:
        fcntl.flock(folder, fcntl.LOCK_SH)
        yield


def collect_when_due(store: TreesStore, folder: Path, now: datetime) -> Collected | None:
    """Collect unless that was done within a day; None for not due, or not possible now because something is pulled. `folder` is that of the mirror."""
    mark = folder / "status" / MARK
    if mark.exists() and now.timestamp() - mark.stat().st_mtime < EVERY.total_seconds():
        return None
    with open_folder(str(folder / "incoming")) as incoming:
        try:
            fcntl.flock(incoming, fcntl.LOCK_EX | fcntl.LOCK_NB)
            collected = collect(store.layout, since=now - KEPT, now=now)
        except (BlockingIOError, Unavailable):
            return None
    mark.touch()
    os.utime(mark, (now.timestamp(), now.timestamp()))
    return collected

"""One site's folder in a store on disk: its lock, the switch, and the history.

`current` is the truth and `history` its diary: the switch happens first, the line follows. A writer that died between the two is made up for by
the next one, which finds that `current` is not what the last line says and writes the line; the moment is kept as the symlink's own time.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH105, PTH108, PTH123, PTH211
from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import canonical
from fangtang.snapshots.store.base import Snapshot
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.staging import make_folder

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_LINE_BYTES = 1024
"""More than the longest line of a history."""


@contextmanager
def writing(layout: Layout, site_keys: Iterable[str], *, wait_seconds: float) -> Iterator[None]:
    """Be the one writer of these sites. Always taken in the order of keys, so that two writers never wait for each other.

    Raises Unavailable snapshots.store_busy after `wait_seconds`."""
    with ExitStack() as locks:
        for site_key in sorted(site_keys):
            locks.enter_context(_lock(layout, site_key, wait_seconds=wait_seconds))
            _catch_up(layout, site_key)
        yield


@contextmanager
def _lock(layout: Layout, site_key: str, *, wait_seconds: float) -> Iterator[None]:
    make_folder(layout.site(site_key))
    give_up_at = time.monotonic() + wait_seconds
    with open(f"{layout.site(site_key)}/lock", "ab") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    raise Unavailable("snapshots.store_busy", permanent=False, site_key=site_key) from None
                time.sleep(0.005)
        yield


def switch(layout: Layout, site_key: str, root: str, *, at: datetime) -> Snapshot:
    """Make `root` the one that stands, and write it down. Only the site's writer may, and only for a tree that is in place."""
    folder = layout.site(site_key)
    fresh = f"{folder}/current.new"
    if os.path.lexists(fresh):  # left by a writer that died just here
        os.unlink(fresh)
    os.symlink(f"../../trees/{fanned(root)}", fresh)
    moment = (at - EPOCH) // timedelta(microseconds=1) * 1000
    os.utime(fresh, ns=(moment, moment), follow_symlinks=False)
    faults.point("store.before_switch")
    os.replace(fresh, f"{folder}/current")
    faults.point("store.after_switch")
    return _note(layout, site_key, root, at=at)


def newest(layout: Layout, site_key: str) -> Snapshot:
    """The site's last switch, at the same cost however long its history is. Raises LookupError before the first."""
    snapshot = _last(layout, site_key)
    if snapshot is None:
        raise LookupError(site_key)
    return snapshot


def _last(layout: Layout, site_key: str) -> Snapshot | None:
    with open(f"{layout.site(site_key)}/history", "ab+") as history:
        history.seek(max(0, history.tell() - LAST_LINE_BYTES))
        lines = history.read().splitlines()
    return _snapshot(site_key, lines[-1]) if lines else None


def read_history(layout: Layout, site_key: str) -> list[Snapshot]:
    """Every whole line, oldest first."""
    try:
        with open(f"{layout.site(site_key)}/history", "rb") as history:
            lines = history.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    return [_snapshot(site_key, line) for line in lines]


def _snapshot(site_key: str, line: bytes) -> Snapshot:
    row: dict[str, Any] = json.loads(line)
    return Snapshot(site_key, row["root"], row["previous"], row["serial"], datetime.fromisoformat(row["at"]))


def _note(layout: Layout, site_key: str, root: str, *, at: datetime) -> Snapshot:
    before = _last(layout, site_key)
    snapshot = Snapshot(site_key, root, before.root_sha256 if before else None, before.serial + 1 if before else 1, at)
    row = {"serial": snapshot.serial, "root": root, "previous": snapshot.previous, "at": at.astimezone(UTC).isoformat()}
    with open(f"{layout.site(site_key)}/history", "ab") as history:
        history.write(canonical(row) + b"\n")
    return snapshot


def _catch_up(layout: Layout, site_key: str) -> None:
    """Bring the history of a writer that died up to what stands: cut a torn last line, add a missing one."""
    with open(f"{layout.site(site_key)}/history", "ab+") as history:
        end = history.tell()
        history.seek(max(0, end - LAST_LINE_BYTES))
        torn = len(history.read().rpartition(b"\n")[2])
        history.truncate(end - torn)
    root, before = layout.current(site_key), _last(layout, site_key)
    if root and root != (before and before.root_sha256):
        link = os.lstat(f"{layout.site(site_key)}/current")
        _note(layout, site_key, root, at=EPOCH + timedelta(microseconds=link.st_mtime_ns // 1000))

"""Following sites: pull, say what happened, wait, again. A site has a thread of its own, so that one that is held up holds up no other.

Several origins of one site are all asked each time: whoever shows something newer that is signed wins, so somebody who holds back one of them gains nothing.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fangtang.kernel.errors import FangtangError, Unavailable
from fangtang.snapshots.mirror import status
from fangtang.snapshots.mirror.asking import Origin
from fangtang.snapshots.mirror.believing import Believer
from fangtang.snapshots.mirror.pulling import Change, Puller
from fangtang.snapshots.store import FULL, TreesStore
from fangtang.snapshots.store.signing import written

LONGEST_WAIT_SECONDS = 900.0
LONGEST_ASKED_SECONDS = 3600.0
"""An origin that asks to be left alone for longer (Retry-After) is asked again all the same: it might be somebody else who speaks."""


def wait_seconds(every: float, *, failures: int, asked: float | None) -> float:
    """Until the next try: `every` after a success, doubled with each failure up to LONGEST_WAIT_SECONDS, with a jitter of a tenth; at least what the
    origin `asked` for within bounds."""
    wait = every * 2.0 ** min(failures, 16) if failures else every
    wait = min(wait, max(every, LONGEST_WAIT_SECONDS)) * random.uniform(0.9, 1.1)  # noqa: S311
    return max(wait, min(asked or 0.0, LONGEST_ASKED_SECONDS))


@dataclass(frozen=True, slots=True)
class Tried:
    """`error` is None when at least one origin brought what it has, or had nothing new."""

    error: FangtangError | None
    asked_to_wait: float | None


class Follower:
    """One site and its origins."""

    def __init__(self, puller: Puller, store: TreesStore, believer: Believer, origins: Sequence[Origin], *, folder: Path, now: Callable[[], datetime]) -> None:
        """`folder` takes the status."""
        self.site_key = puller.site_key
        self._puller = puller
        self._store = store
        self._believer = believer
        self._origins = origins
        self._folder = folder
        self._now = now
        before = status.read(folder, self.site_key)
        self._failures, self._succeeded_at = (before.failures, before.succeeded_at) if before else (0, None)
        self._tried = Tried(None, None)
        self._tried_at: datetime | None = None
        self._stale_since: str | None = None
        self._noting = threading.Lock()

    def follow(self, every: float, stopping: threading.Event) -> None:
        """Until `stopping`."""
        while not stopping.is_set():
            tried = self.once()
            wait = wait_seconds(every, failures=self._failures, asked=tried.asked_to_wait)
            self._note(wait)
            stopping.wait(wait)

    def once(self) -> Tried:
        """Ask every origin. The error is that of the last one that failed, when all failed."""
        errors = [error for origin in self._origins if (error := self._ask(origin))]
        self._tried = Tried(errors[-1] if len(errors) == len(self._origins) else None, _asked_to_wait(errors))
        self._tried_at = self._now()
        if self._tried.error is None:
            self._failures, self._succeeded_at = 0, written(self._tried_at)
        else:
            self._failures += 1
        self._note(None)
        return self._tried

    def look(self) -> None:
        """Say so once what stands goes stale, whatever the pull is waiting for; from any thread."""
        if status.stale_since(self._store.standing(self.site_key), self._now()) != self._stale_since:
            self._note(None)

    def _ask(self, origin: Origin) -> FangtangError | None:
        try:
            pulled = self._puller.pull(origin)
        except FangtangError as error:
            status.say(self._now(), self.site_key, "failed", origin=origin.url, code=error.code, data=error.data)
            return error
        except OSError as error:  # the disk: full in a place where no store was at work, read-only, broken
            failed = _of_disk(error)
            status.say(self._now(), self.site_key, "failed", origin=origin.url, code=failed.code, data=failed.data)
            return failed
        if pulled.change is not Change.UNCHANGED:
            snapshot = pulled.record.snapshot
            about = {"serial": snapshot.serial, "root": snapshot.root_sha256, "files": pulled.files, "directories": pulled.directories, "bytes": pulled.size}
            status.say(self._now(), self.site_key, pulled.change, origin=origin.url, **about)
        return None

    def _note(self, wait: float | None) -> None:
        with self._noting:
            now, record, error = self._now(), self._store.standing(self.site_key), self._tried.error
            stale_since = status.stale_since(record, now)
            if stale_since and stale_since != self._stale_since:
                status.say(now, self.site_key, "stale", since=stale_since)
            self._stale_since = stale_since
            found = status.Status(
                site=self.site_key,
                standing=status.standing(record),
                stale_since=stale_since,
                trust_version=self._believer.version,
                tried_at=written(self._tried_at) if self._tried_at else None,
                succeeded_at=self._succeeded_at,
                error=status.error_of(error) if error else None,
                failures=self._failures,
                next_try_at=None if wait is None else written(now + timedelta(seconds=wait)),
            )
            try:
                status.write(self._folder, found)
            except OSError as failed:
                status.say(now, self.site_key, "status_lost", reason=os.strerror(failed.errno or 0))


def _of_disk(error: OSError) -> Unavailable:
    code = "snapshots.store_full" if error.errno in FULL else "snapshots.store_broken"
    return Unavailable(code, permanent=False, reason=os.strerror(error.errno or 0))


def _asked_to_wait(errors: Sequence[FangtangError]) -> float | None:
    return max((error.data["retry_after_seconds"] for error in errors if error.data.get("retry_after_seconds")), default=None)

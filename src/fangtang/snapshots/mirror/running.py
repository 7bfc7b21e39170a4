"""Staying: threads that follow, a server beside them, and an end in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from fangtang.snapshots.mirror import status
from fangtang.snapshots.mirror.answering import Server
from fangtang.snapshots.mirror.following import Follower

LOOK_SECONDS = 1.0

Work = Callable[[threading.Event], None]
"""Goes on until the event is set."""


class Running:
    """Each work in a thread, until SIGTERM or SIGINT, or until one ends by itself: that is unexpected, and whoever started us starts all of it again."""

    def __init__(self, works: Iterable[Work]) -> None:
        self._works = tuple(works)
        self._stopping = threading.Event()
        self._failed = threading.Event()

    def stay(self, followers: Sequence[Follower], server: Server | None) -> bool:
        """Whether all went well. A pull under way at the end is left where it is: whatever moment it is, what stands is whole."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        for work in self._works:
            threading.Thread(target=self._watched, args=(work,), daemon=True).start()
        while not self._stopping.wait(LOOK_SECONDS):
            for follower in followers:
                follower.look()
            if server and server.look_after():
                status.say(datetime.now(UTC), "-", "server_restarted")
        if server:
            server.stop()
        return not self._failed.is_set()

    def _watched(self, work: Work) -> None:
        try:
            work(self._stopping)
        finally:
            if not self._stopping.is_set():
                self._failed.set()
                self._stopping.set()

"""huey's queue on SQLite, with a doorbell: whoever leaves a task rings, and a worker that waits wakes at once instead of at its next look.

The bell is a named pipe beside the queue. Losing a ring loses nothing, since workers look by themselves a few times a second; losing the queue loses
nothing either (docs/adr/0009), so it need not outlive a power cut.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import sqlite3
import threading
import time
from contextlib import suppress
from typing import Any

from huey import Huey
from huey.storage import SqliteStorage

logger = logging.getLogger(__name__)

COLLECTED_AFTER = (50_000, 20, 20)
"""Of Python's collector: a release makes some hundred thousand objects, hardly one of them in a circle."""
LOOK_SECONDS = 0.25
"""From one look at the queue to the next when nobody rings."""


class BelledStorage(SqliteStorage):
    """As its parent, except that `dequeue` waits a moment for a task before it says that there is none."""

    blocking = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._threads = threading.local()
        super().__init__(*args, **kwargs)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        self._ring()

    def dequeue(self) -> Any:
        task = super().dequeue()
        if task is None and self._is_rung():
            task = super().dequeue()
        return task

    def _ring(self) -> None:
        with suppress(OSError):  # nobody listens, or nobody has listened for long and the pipe is full
            bell = os.open(self._bell, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(bell, b".")
            finally:
                os.close(bell)

    @property
    def _bell(self) -> str:
        return f"{self.filename}.bell"

    def _is_rung(self) -> bool:
        """Whether somebody rang within the time; each thread listens for itself."""
        listening = self._listening()
        if listening is None:
            time.sleep(LOOK_SECONDS)
            return False
        if not select.select([listening], [], [], LOOK_SECONDS)[0]:
            return False
        with suppress(BlockingIOError):  # another worker has answered; there may be work for two
            os.read(listening, 4096)
        return True

    def _listening(self) -> int | None:
        """The bell, open for reading and writing, so that it never ends; made where it is missing. None on a file system that has no pipes."""
        if not hasattr(self._threads, "bell"):
            try:
                with suppress(FileExistsError):
                    os.mkfifo(self._bell, 0o660)
                self._threads.bell = os.open(self._bell, os.O_RDWR | os.O_NONBLOCK)
            except OSError as error:
                logger.warning("no bell (%s): tasks are looked for every %s seconds", error, LOOK_SECONDS)
                self._threads.bell = None
        found: int | None = self._threads.bell
        return found

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        return connection


class BelledHuey(Huey):
    """A worker of it begins by setting aside what it has loaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, storage_class=BelledStorage, **kwargs)
        self.on_startup("set_aside")(_set_aside)


def _set_aside() -> None:
    """Let the collector look at what is made from now on, and seldom: a look at all modules held releases up for 50 to 100 ms, now and then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)

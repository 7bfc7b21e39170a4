"""One builder at a time. The kernel drops the lock when its holder dies, so it never needs breaking."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from fangtang.kernel.errors import Unavailable

WAIT_SECONDS = 600.0
PAUSE_SECONDS = 0.005


@contextmanager
def builder(*, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Be the one builder. Raises Unavailable "snapshots.builder_busy" after waiting."""
    place = Path(settings.SNAPSHOT_ROOT) / "builder.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    give_up_at = time.monotonic() + wait_seconds
    with place.open("ab") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    raise Unavailable("snapshots.builder_busy", permanent=False) from None
                time.sleep(PAUSE_SECONDS)
        yield

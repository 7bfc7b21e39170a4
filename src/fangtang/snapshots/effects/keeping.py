"""What goes on in the quiet: records are signed again before they end, pages are compressed, and what no snapshot needs is given up."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots import keyring
from fangtang.snapshots.effects.sites import store
from fangtang.snapshots.serve.files import CheckedLayout
from fangtang.snapshots.store import collecting, records
from fangtang.snapshots.store.collecting import Collected
from fangtang.snapshots.store.variants import Variants

logger = logging.getLogger(__name__)

COLLECTED_EVERY = timedelta(days=1)
RENEWED_EVERY = timedelta(hours=1)


def collect(*, now: datetime) -> Collected | None:
    """Give up what stood last before SNAPSHOT_KEEP_DAYS, once a day; None when that was done today. Raises Unavailable snapshots.store_busy; then it is
    tried again tomorrow too, for something writes without a pause."""
    with _at_most_every(COLLECTED_EVERY, "collected", now=now) as is_due:
        if not is_due:
            return None
        done = collecting.collect(store().layout, since=now - timedelta(days=settings.SNAPSHOT_KEEP_DAYS), now=now)
    if done != Collected():
        logger.info("given up: %d directories, %d files, %d bytes", done.trees, done.objects, done.bytes)
    return done


def renew(*, now: datetime) -> list[str]:
    """Sign anew the record of every site that has less than half of its time left, or that the keys of today have not signed; looked at once an
    hour. Their keys. What is signed is our own word: a foreign record is first put back by the store. A site that is being written, or of which nothing of
    ours says what stands, is left to the next look."""
    renewed: list[str] = []
    with _at_most_every(RENEWED_EVERY, "renewed", now=now) as is_due:
        if not is_due:
            return renewed
        known = keyring.ring().meant()
        for site_key in store().layout.site_keys():
            try:
                document = store().layout.record(site_key)
                if document is not None and (_is_old(document, now) or known is None or not records.is_signed(document, known)):
                    store().renew(site_key, at=now)
                    renewed.append(site_key)
            except (Invalid, Unavailable) as error:
                logger.warning("the record of %s cannot be signed anew: %s", site_key, error)
    return renewed


def _is_old(document: bytes, now: datetime) -> bool:
    record = records.believed(document)
    return record.expires - now < (record.expires - record.given) / 2


@contextmanager
def _at_most_every(pause: timedelta, name: str, *, now: datetime) -> Iterator[bool]:
    """Whether it is time again. Noted even when it fails, so that what cannot be done now is not tried in each round. A stamp from the future, of a
    clock that was wrong, counts for nothing."""
    stamp, last = Path(settings.SNAPSHOT_ROOT) / f"{name}.stamp", None
    with suppress(OSError, ValueError):
        last = datetime.fromisoformat(stamp.read_text())
    is_due = last is None or not timedelta(0) <= now - last < pause
    try:
        yield is_due
    finally:
        if is_due:
            stamp.write_text(now.isoformat())


COMPRESS_SECONDS = 0.3
"""In one round of the sweeper: a release never waits for it, and the machine hardly notices."""
GIVES_WAY = 19
"""The niceness of a thread that works when nobody else has anything to do."""


def compress(*, now: datetime) -> None:
    """Make compressed forms of what stands, a little at a time, in a thread that gives way to everything else."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_compress).result()


def _compress() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)
    every = _variants(Path(settings.SNAPSHOT_ROOT))
    roots = (store().root(site_key) for site_key in store().layout.site_keys())
    every.fill([root for root in roots if root], seconds=COMPRESS_SECONDS)


@lru_cache(maxsize=1)
def _variants(root: Path) -> Variants:
    """One for the process: it remembers what it has looked through."""
    return Variants(CheckedLayout(root))

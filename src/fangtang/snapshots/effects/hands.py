"""Who draws the parts of a full build: this process, or several beside it for a large site.

Each part is drawn from the rows and stored; what comes back says which file lies where. The others are fresh processes (spawn): forking one with
threads and database connections is not safe. They end with this one, even when it is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice

from django.conf import settings
from django.db import connection

from fangtang.snapshots import beside, drawing
from fangtang.snapshots.effects.journal import Kept
from fangtang.snapshots.register import Register
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.targets import Target

ALONE_BELOW = 5000
"""Targets: a smaller site is drawn sooner than another process would have started."""

Part = Sequence[Target]
Done = tuple[Part, list[Kept]]


def draw_part(site_id: int, part: Part, *, register: Register, store: TreesStore, is_doubting: bool = False) -> list[Kept]:
    """Draw targets of one site and store their files. `is_doubting`: see `TreesStore.replace`."""
    files = drawing.draw({site_id: part}, register=register)[site_id]
    kept = store.keep(((path, content) for path, content in files.items() if content is not None), is_doubting=is_doubting)
    return [*kept, *((path, None) for path, content in files.items() if content is None)]


def draw_parts(site_id: int, parts: Sequence[Part], *, register: Register, store: TreesStore, is_doubting: bool = False) -> Iterator[Done]:
    """Every part, in whatever order they are done. Raises what drawing raised."""
    count = settings.BUILDERS or os.cpu_count() or 1
    if count == 1 or sum(map(len, parts)) < ALONE_BELOW:
        for part in parts:
            yield part, draw_part(site_id, part, register=register, store=store, is_doubting=is_doubting)
        return
    with _hands(min(count, len(parts)), register) as submit:
        yield from _drawn(submit, site_id, parts, ahead=2 * count, is_doubting=is_doubting)


def _drawn(submit: Callable[..., Future[list[Kept]]], site_id: int, parts: Sequence[Part], *, ahead: int, is_doubting: bool) -> Iterator[Done]:
    rest = iter(parts)
    waiting = {submit(beside.draw, site_id, part, is_doubting): part for part in islice(rest, ahead)}
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield waiting.pop(future), future.result()
            for part in islice(rest, 1):
                waiting[submit(beside.draw, site_id, part, is_doubting)] = part


@contextmanager
def _hands(count: int, register: Register) -> Iterator[Callable[..., Future[list[Kept]]]]:
    """So many processes; what gives them work."""
    begun = (os.getpid(), here(), pickle.dumps(register))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=beside.begin, initargs=begun)
    try:
        yield pool.submit
    finally:
        pool.shutdown(cancel_futures=True)


def here() -> dict[str, str]:
    """Where this process works, for one beside it."""
    places = {"database": connection.settings_dict["NAME"], "snapshots": settings.SNAPSHOT_ROOT, "uploads": settings.MEDIA_ROOT, "keys": settings.KEYS}
    return {name: str(place) for name, place in places.items()}

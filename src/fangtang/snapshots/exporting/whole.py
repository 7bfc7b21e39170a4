"""Writing one file that appears under its name only when it is whole and durable."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import durability


@contextmanager
def whole(place: Path) -> Iterator[BinaryIO]:
    """The file to write to; it replaces `place` at the end, and is gone when something fails. Raises Unavailable snapshots.export_failed,
    snapshots.export_busy."""
    part = place.with_name(f"{place.name}.part")
    try:
        with _alone(part, place) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                part.replace(place)
            except BaseException:
                with suppress(OSError):
                    part.unlink()
                raise
            durability.names(place.parent)
    except OSError as error:
        raise Unavailable("snapshots.export_failed", permanent=False, place=str(place), reason=error.strerror or type(error).__name__) from error


@contextmanager
def _alone(part: Path, place: Path) -> Iterator[BinaryIO]:
    """The empty file at `part`, which no other export writes."""
    while True:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666), "wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unavailable("snapshots.export_busy", permanent=False, place=str(place)) from None
            if _lies_at(file, part):
                file.truncate()
                yield file
                return


def _lies_at(file: BinaryIO, part: Path) -> bool:
    """False when another export has ended meanwhile: it is the whole file now, or gone."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), part.stat())
    except FileNotFoundError:
        return False

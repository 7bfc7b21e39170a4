"""Writing one file that appears under its name only when it is whole and durable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fangtang.kernel.errors import Unavailable


@contextmanager
def whole(place: Path) -> Iterator[BinaryIO]:
    """The file to write to; it replaces `place` at the end, and is gone when something fails. Raises Unavailable snapshots.export_failed."""
    part = place.with_name(f"{place.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError as error:
        raise Unavailable("snapshots.export_failed", permanent=False, place=str(place), reason=error.strerror or type(error).__name__) from error
    finally:
        part.unlink(missing_ok=True)

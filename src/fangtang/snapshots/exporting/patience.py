"""Asking a bucket again while it fails: each time after twice as long."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fangtang.kernel.errors import Unavailable

T = TypeVar("T")

PASSING = frozenset({"408", "425", "429"})
"""Refusals that pass with time."""

_STATUS = re.compile(r"status code: (\d{3}[A-Za-z ]*)")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried, how long is waited before the second time and at most, and for one answer."""

    tries: int = 7
    first_seconds: float = 0.5
    most_seconds: float = 30.0
    answer_seconds: float = 60.0


def patiently(ask: Callable[[], T], patience: Patience, *, place: str) -> T:
    """Its answer, asked for again while the bucket at `place` fails. Raises FileNotFoundError, Unavailable snapshots.bucket_failed."""
    from obstore.exceptions import BaseError

    pause = patience.first_seconds
    for left in reversed(range(patience.tries)):
        try:
            return ask()
        except (BaseError, TimeoutError, ConnectionError) as error:
            is_final = _is_final(error)
            if is_final or not left:
                raise Unavailable("snapshots.bucket_failed", permanent=is_final, place=place, reason=_reason(error)) from error
        time.sleep(pause)
        pause = min(2 * pause, patience.most_seconds)
    raise AssertionError(patience)


def _is_final(error: Exception) -> bool:
    """Whether asking again cannot help: the bucket answered, and means it."""
    status = _STATUS.search(str(error))
    return status is not None and status[1][0] == "4" and status[1][:3] not in PASSING


def _reason(error: Exception) -> str:
    status, said = _STATUS.search(str(error)), str(error).strip() or type(error).__name__
    return status[1].strip() if status else said.splitlines()[0][:200]

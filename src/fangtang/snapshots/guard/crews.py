"""Several processes for one piece of work: putting ten thousand files right takes seconds of one processor, and readers wait."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Share = TypeVar("Share")
Answer = TypeVar("Answer")

CREW_MOST = 4


def size() -> int:
    """Processors that may be used, ours among them."""
    return min(CREW_MOST, len(os.sched_getaffinity(0)))


def share(work: Callable[[Share], Answer], shares: Sequence[Share], *, on_death: Callable[[int], object] = lambda status: None) -> list[Answer | None]:
    """Do the first share here and each other one in a child of ours; their answers, None where a child died or could not be made. What a child changes
    in memory is gone with it, and it must not log: the thread that writes the log is not there. `on_death` is called with a wait status."""
    begun = [_begin(work, one) for one in shares[1:]]
    if not shares:
        return []
    return [work(shares[0]), *(_end(*one, on_death) if one else None for one in begun)]


def _begin(work: Callable[[Share], Answer], one: Share) -> tuple[int, int] | None:
    try:
        answer, word = os.pipe()
    except OSError:
        return None
    try:
        child = os.fork()
    except OSError:
        os.close(answer)
        os.close(word)
        return None
    if child:
        os.close(word)
        return child, answer
    status = 1
    try:
        gc.disable()
        with os.fdopen(word, "wb") as file:
            pickle.dump(work(one), file)
        status = 0
    finally:
        os._exit(status)


def _end(child: int, answer: int, on_death: Callable[[int], object]) -> Any:
    with os.fdopen(answer, "rb") as file:
        content = file.read()
    _, status = os.waitpid(child, 0)
    if status == 0:
        return pickle.loads(content)  # noqa: S301  (our own child's)
    on_death(status)
    return None

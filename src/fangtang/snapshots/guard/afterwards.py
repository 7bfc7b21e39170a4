"""What follows when readers meet the right bytes again: the other places of the same files, evidence, an incident, and clearing up."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from fangtang.snapshots.guard.batches import Batch
from fangtang.snapshots.guard.restoring import Restorer
from fangtang.snapshots.guard.spots import Spot
from fangtang.snapshots.guard.telling import Teller

EVIDENCE_SECONDS = 0.03
"""Whoever writes a file first makes it, then fills it: what is taken away at once is read a moment later."""


@dataclass(slots=True)
class Afterwards:
    """Batches that were put right, the oldest first."""

    restorer: Restorer
    teller: Teller
    litter: deque[Batch] = field(default_factory=deque)
    """Batches whose folders are to be cleared: freeing a file takes ext4 ten times as long as putting one in place."""
    _open: deque[tuple[float, Batch, str]] = field(default_factory=deque)
    _steps: Iterator[None] | None = None
    """What is left to do for the first of these."""
    _restored: set[Spot] = field(default_factory=set)

    def __contains__(self, spot: Spot) -> bool:
        """Whether it was put right a moment ago: most of its events are our own."""
        return spot in self._restored

    @property
    def due(self) -> float | None:
        """When to go on; None when nothing is left but litter."""
        return self._open[0][0] if self._open else None

    def add(self, batch: Batch, noticed: str, now: float) -> None:
        self._restored.update(outcome.finding.spot for outcome in batch.outcomes)
        self._open.append((now + EVIDENCE_SECONDS, batch, noticed))

    def go_on(self, until: float) -> None:
        """With the oldest batch, until then."""
        _, batch, noticed = self._open[0]
        self._steps = self._steps or self.restorer.complete(batch)
        with suppress(OSError):
            while next(self._steps, self) is None:
                if time.monotonic() >= until:
                    return
        self._open.popleft()
        self._steps = None
        self.teller.note(batch, noticed=noticed, now=time.monotonic())
        self._restored.update(outcome.finding.spot for outcome in batch.outcomes)
        self.litter.append(batch)

    def clear(self, until: float) -> None:
        """Clear up, until then."""
        while self.litter and time.monotonic() < until:
            if self.restorer.clear(self.litter[0]):
                self._restored.difference_update(outcome.finding.spot for outcome in self.litter.popleft().outcomes)

    def close(self) -> None:
        while self._open:
            self.go_on(float("inf"))
        self.clear(float("inf"))

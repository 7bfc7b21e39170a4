"""Spots that are looked at again, but not before a moment of their own."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from fangtang.snapshots.guard.spots import Spot


@dataclass(slots=True)
class Delays:
    _heap: list[tuple[float, Spot]] = field(default_factory=list)
    _waiting: set[Spot] = field(default_factory=set)

    def __contains__(self, spot: Spot) -> bool:
        return spot in self._waiting

    @property
    def due(self) -> float:
        """The next moment; never, when nothing waits."""
        return self._heap[0][0] if self._heap else float("inf")

    def add(self, spot: Spot, due: float) -> None:
        """Look again then, and not before; one that waits already goes on waiting."""
        if spot not in self._waiting:
            self._waiting.add(spot)
            heapq.heappush(self._heap, (due, spot))

    def wake(self, now: float) -> Iterator[Spot]:
        """Those that have waited long enough."""
        while self.due <= now:
            _, spot = heapq.heappop(self._heap)
            self._waiting.discard(spot)
            yield spot

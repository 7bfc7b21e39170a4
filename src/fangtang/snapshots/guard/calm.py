"""Keeping calm about places that somebody changes again and again: put right at once at first, later a few times a second, so that an attacker in a
loop costs a tenth of a processor and not all of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

TIMES = 20
"""So often within `WINDOW_SECONDS` a place is put right at once."""
WINDOW_SECONDS = 10.0
LEAST_SECONDS = 0.1
MOST_SECONDS = 5.0
SECONDS_EACH = 0.0005
"""Added to the wait for each place that is contended: ten thousand are put right every five seconds."""


@dataclass(slots=True)
class Calm:
    """Counts how often each place was put right."""

    _hits: dict[Hashable, tuple[int, float]] = field(default_factory=dict)
    _contended: dict[Hashable, float] = field(default_factory=dict)

    def hit(self, place: Hashable, now: float) -> bool:
        """Count one more; whether this place has just become contended."""
        count, since = self._hits.get(place, (0, now))
        if now - since > WINDOW_SECONDS:
            count, since = 0, now
        self._hits[place] = count + 1, since
        if count < TIMES:
            return False
        is_new = place not in self._contended
        self._contended[place] = now
        return is_new

    def is_contended(self, place: Hashable) -> bool:
        return place in self._contended

    def wait_seconds(self, place: Hashable) -> float:
        """How long to let it be before it is put right again."""
        if place not in self._contended:
            return 0.0
        return min(MOST_SECONDS, max(LEAST_SECONDS, SECONDS_EACH * len(self._contended)))

    def forget(self, now: float) -> None:
        """Drop what has been quiet."""
        self._hits = {place: hit for place, hit in self._hits.items() if now - hit[1] <= WINDOW_SECONDS}
        self._contended = {place: at for place, at in self._contended.items() if now - at <= WINDOW_SECONDS}

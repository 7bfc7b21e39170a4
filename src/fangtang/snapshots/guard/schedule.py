"""When everything is looked at: on start, every so often, and out of turn, which whoever moves folders in a loop must not use to keep the guard busy."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

CREDIT_SECONDS = 60.0
SHARE = 0.25
"""After so many seconds of processor time for passes out of turn, no more than this share."""


@dataclass(slots=True)
class Schedule:
    """Of passes. Moments are those of the monotonic clock, `took_seconds` those of the last pass, `processor_seconds` those of all."""

    due: float = float("-inf")
    made: int = 0
    took_seconds: float = 0.0
    processor_seconds: float = 0.0
    _credit: float = field(default_factory=lambda: CREDIT_SECONDS)
    """Seconds out of turn that may still be spent."""
    _began: float = 0.0
    _ended: float = 0.0
    _processor_before: float = 0.0
    _is_wanted: bool = False
    _is_out_of_turn: bool = False

    @property
    def has_credit(self) -> bool:
        return self._credit > 0

    def spend(self, seconds: float) -> None:
        """Note work out of turn."""
        self._credit -= seconds

    def want(self, now: float) -> None:
        """A pass as soon as may be."""
        self._is_wanted = True
        self.due = min(self.due, now + max(0.0, -self._credit / SHARE))

    def begin(self, now: float) -> None:
        self.due = float("inf")
        self._is_wanted, self._is_out_of_turn = False, self._is_wanted
        self._began, self._processor_before = now, time.process_time()

    def end(self, now: float, *, again_seconds: float) -> None:
        idle, spent = self._began - self._ended, time.process_time() - self._processor_before
        self._ended, self.took_seconds = now, now - self._began
        self._credit = min(CREDIT_SECONDS, self._credit + idle * SHARE) - (spent if self._is_out_of_turn else 0)
        self.made, self.processor_seconds = self.made + 1, self.processor_seconds + spent
        self.due = min(self.due, now + again_seconds)

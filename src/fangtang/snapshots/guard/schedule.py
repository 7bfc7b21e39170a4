"""When everything is looked at: on start, every so often, and out of turn, which whoever moves folders in a loop must not use to keep the guard busy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CREDIT_SECONDS = 60.0
SHARE = 0.25
"""After so many seconds of processor time for passes out of turn, no more than this share."""


@dataclass(slots=True)
class Schedule:
    """Of passes. Moments are those of the monotonic clock, `began` that of the last pass, `took_seconds` its seconds, `processor_seconds` those of all."""

    due: float = float("-inf")
    made: int = 0
    began: float = 0.0
    took_seconds: float = 0.0
    processor_seconds: float = 0.0
    _credit: float = field(default_factory=lambda: CREDIT_SECONDS)
    """Seconds out of turn that may still be spent."""
    _ended: float = 0.0
    _spent: float = 0.0
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

    @property
    def is_in_turn(self) -> bool:
        """Whether the pass that was begun is not the first one, and nobody asked for it or for another."""
        return bool(self.made) and not self._is_out_of_turn and not self._is_wanted

    def begin(self, now: float) -> None:
        self.due = float("inf")
        self._is_wanted, self._is_out_of_turn = False, self._is_wanted
        self.began, self._spent = now, 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count what the processor spends on the pass."""
        before = time.process_time()
        yield
        self._spent += time.process_time() - before

    def end(self, now: float, *, again_seconds: float, share: float) -> None:
        """The next one begins after so many seconds, or after more, if passes would take a larger share of the time than this."""
        idle = self.began - self._ended
        self._ended, self.took_seconds = now, now - self.began
        self._credit = min(CREDIT_SECONDS, self._credit + idle * SHARE) - (self._spent if self._is_out_of_turn else 0)
        self.made, self.processor_seconds = self.made + 1, self.processor_seconds + self._spent
        self.due = min(self.due, now + max(again_seconds, self._spent / share))

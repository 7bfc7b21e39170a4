"""What the guard says of itself every few seconds, for whoever asks whether it is well."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from fangtang.snapshots.guard.schedule import Schedule
from fangtang.snapshots.guard.standing import Standing

COUNT_SHARE = 0.01


def description(standing: Standing, schedule: Schedule) -> str:
    """What is watched, for the log."""
    expected = standing.inspector.expected
    counts = f"{len(expected.roots)} sites, {len(expected.places)} files in {len(expected.trees)} directories, {len(standing.watches)} watches"
    return f"Watching {standing.layout.folder}: {counts}; looked at everything in {schedule.took_seconds:.2f} s"


@dataclass(slots=True)
class Heart:
    """Files without a spare copy are counted anew when the last count took less than COUNT_SHARE of the time since: of a million it takes most of a second."""

    standing: Standing
    schedule: Schedule
    _lacking: int = 0
    _count_at: float = 0.0

    def beat(self, *, stuck: int, incidents: int) -> dict[str, Any]:
        """`at` in seconds since 1970; `lacking` counts files without a spare copy, `shielded` are sites whose readers are led to the guard's own
        copies, `shield_lacking` directories that do not lie ready for it, `stuck` places that cannot be put right."""
        expected, known, watches = self.standing.inspector.expected, self.standing.authority.trust, self.standing.watches
        self._count()
        return {
            "at": time.time(),
            "pid": os.getpid(),
            "trust": known.version if known else None,
            "sites": len(expected.roots),
            "trees": len(expected.trees),
            "files": len(expected.places),
            "lacking": self._lacking,
            "watches": len(watches),
            "is_blind": watches.is_exhausted,
            "passes": self.schedule.made,
            "passes_processor_seconds": round(self.schedule.processor_seconds, 3),
            "pass_seconds": round(self.schedule.took_seconds, 3),
            "shielded": sorted(self.standing.shield.raised),
            "shield_lacking": self.standing.shield.replicas.lacking,
            "stuck": stuck,
            "incidents": incidents,
        }

    def _count(self) -> None:
        began = time.monotonic()
        if began >= self._count_at:
            self._lacking = len(self.standing.spare.missing("objects", self.standing.inspector.expected.places))
            self._count_at = time.monotonic() + (time.monotonic() - began) / COUNT_SHARE

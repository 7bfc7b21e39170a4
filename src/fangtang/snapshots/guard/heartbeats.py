"""What the guard says of itself every few seconds, for whoever asks whether it is well."""

from __future__ import annotations

import os
import time
from typing import Any

from fangtang.snapshots.guard.schedule import Schedule
from fangtang.snapshots.guard.standing import Standing


def description(standing: Standing, schedule: Schedule) -> str:
    """What is watched, for the log."""
    expected = standing.inspector.expected
    counts = f"{len(expected.roots)} sites, {len(expected.places)} files in {len(expected.trees)} directories, {len(standing.watches)} watches"
    return f"Watching {standing.layout.folder}: {counts}; looked at everything in {schedule.took_seconds:.2f} s"


def heartbeat(standing: Standing, schedule: Schedule, *, stuck: int, incidents: int) -> dict[str, Any]:
    """`at` in seconds since 1970; `lacking` counts files without a spare copy, `shielded` are sites whose readers are led to the guard's own
    copies, `shield_lacking` directories that do not lie ready for it, `stuck` places that cannot be put right."""
    expected, known = standing.inspector.expected, standing.authority.trust
    return {
        "at": time.time(),
        "pid": os.getpid(),
        "trust": known.version if known else None,
        "sites": len(expected.roots),
        "trees": len(expected.trees),
        "files": len(expected.places),
        "lacking": len(standing.spare.missing("objects", expected.places)),
        "watches": len(standing.watches),
        "is_blind": standing.watches.is_exhausted,
        "passes": schedule.made,
        "passes_processor_seconds": round(schedule.processor_seconds, 3),
        "pass_seconds": round(schedule.took_seconds, 3),
        "shielded": sorted(standing.shield.raised),
        "shield_lacking": standing.shield.replicas.lacking,
        "stuck": stuck,
        "incidents": incidents,
    }

"""The life cycle of a release after it was decided."""

from __future__ import annotations

from fangtang.kernel.lifecycle import LifeCycle, Move

DECIDED, BUILDING, SERVED, FAILED = "decided", "building", "served", "failed"

RELEASE = LifeCycle(
    "releases.release",
    start=DECIDED,
    moves=(
        Move(DECIDED, "claim", BUILDING, "builder"),
        Move(BUILDING, "serve", SERVED, "builder"),
        Move(BUILDING, "fail", FAILED, "builder"),
        Move(BUILDING, "lose", DECIDED, "sweeper"),
        Move(FAILED, "retry", DECIDED, "chief editor, operator or builder"),
    ),
)

"""The life cycles of a turn and of its steps."""

from __future__ import annotations

from fangtang.kernel.lifecycle import LifeCycle, Move

OPEN, PASSED, RETURNED, SUPERSEDED, RECALLED, RELEASED = "open", "passed", "returned", "superseded", "recalled", "released"

TURN = LifeCycle(
    "reviews.turn",
    start=OPEN,
    moves=(
        Move(OPEN, "pass", PASSED, "last step"),
        Move(OPEN, "return", RETURNED, "any step"),
        Move(OPEN, "edit", SUPERSEDED, "editor"),
        Move(OPEN, "recall", RECALLED, "editor"),
        Move(PASSED, "sign", RELEASED, "chief_editor"),
        Move(PASSED, "return", RETURNED, "chief_editor"),
        Move(PASSED, "edit", SUPERSEDED, "editor"),
        Move(PASSED, "recall", RECALLED, "editor"),
    ),
)

AHEAD, DUE, APPROVED, SENT_BACK, VOID = "ahead", "due", "approved", "returned", "void"

STEP = LifeCycle(
    "reviews.step",
    start=AHEAD,
    moves=(
        Move(AHEAD, "open", DUE, "step before"),
        Move(DUE, "approve", APPROVED, "proofreader or reviewer"),
        Move(DUE, "return", SENT_BACK, "proofreader or reviewer"),
        Move(AHEAD, "end", VOID, "turn"),
        Move(DUE, "end", VOID, "turn"),
    ),
)

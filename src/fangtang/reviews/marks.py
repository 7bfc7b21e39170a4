"""A proofread's marks as plain values: what is quoted, what is proposed, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fangtang.kernel.errors import Invalid
from fangtang.kernel.text import clean

FIELDS = ("quote", "suggestion", "note", "where")
MOST_MARKS = 500
MOST_LETTERS = 2_000


def cleaned(marks: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The marks with exactly the known fields as plain text; empty ones left out.

    Raises Invalid "reviews.mark_unknown_field", "reviews.mark_without_quote", "reviews.mark_too_long" (with `position`, from 1) or
    "reviews.marks_too_many".
    """
    if len(marks) > MOST_MARKS:
        raise Invalid("reviews.marks_too_many", most=MOST_MARKS)
    kept = [_cleaned(mark, position=position) for position, mark in enumerate(marks, start=1)]
    return [mark for mark in kept if any(mark.values())]


def _cleaned(mark: Mapping[str, Any], *, position: int) -> dict[str, str]:
    if unknown := sorted(set(mark) - set(FIELDS)):
        raise Invalid("reviews.mark_unknown_field", position=position, fields=unknown)
    values = {field: clean(str(mark.get(field) or "")).strip() for field in FIELDS}
    if any(len(value) > MOST_LETTERS for value in values.values()):
        raise Invalid("reviews.mark_too_long", position=position, most=MOST_LETTERS)
    if (values["suggestion"] or values["note"]) and not (values["quote"] or values["where"]):
        raise Invalid("reviews.mark_without_quote", position=position)
    return values

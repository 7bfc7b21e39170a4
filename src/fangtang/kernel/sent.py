"""What somebody sent, read without trust: it may be far longer, deeper or larger than anything a page of ours sends."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

DEEPEST = 20
"""Levels of a JSON text; a table of ours has four, a text with links five."""


def decimal_id(sent: object) -> int | None:
    """The id of a row as an address or a form names it: ASCII digits, fewer than 19, so that every database holds it; None for anything else."""
    text = str(sent)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def from_json(sent: str) -> Any:
    """The value of a JSON text that can be stored and written again.

    Raises ValueError for what is no JSON, has more than `DEEPEST` levels, or holds a number or a character that a database refuses: infinite or no
    number at all, more digits than Python reads, U+0000.
    """
    try:
        value = json.loads(sent, parse_float=_finite, parse_constant=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level = [value]
    for _ in range(DEEPEST):
        if any(isinstance(one, str) and "\0" in one for one in level):
            raise ValueError("a null character")
        level = [inner for one in level for inner in _within(one)]
    if level:
        raise ValueError("nested too deeply")
    return value


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError("no number")
    return number


def _within(one: Any) -> Iterable[Any]:
    """What stands directly in a value, the names of an object included."""
    if isinstance(one, dict):
        return [*one, *one.values()]
    return one if isinstance(one, list) else ()

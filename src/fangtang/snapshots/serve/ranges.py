"""The Range header for one range of bytes (RFC 9110, 14.1 and 14.2). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """No byte of the file is in the range: 416."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` up to and without `stop`."""

    start: int
    stop: int


def span(header: str, *, size: int) -> Span | None:
    """The part asked for; None when the whole file is the right answer (no range, several, or not understood). Raises Unsatisfiable."""
    match = _ONE_RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size=size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


def _suffix(length: int, *, size: int) -> Span:
    if length == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(0, size - length), size)

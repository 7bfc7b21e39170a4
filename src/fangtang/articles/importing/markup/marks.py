"""Inline text: pieces with the marks they carry, written as HTML with each mark opened and closed in order."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Marks = tuple[tuple[str, str], ...]
"""(tag, address) from the outermost on; the address is "" for all but links."""

_EMPTY = re.compile(r"<(a|b|sup|sub)\b[^<>]*>([\s\u3000\xa0]*)</\1>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks. A piece with a line break is the end of a line and nothing else."""

    text: str
    marks: Marks = ()


LINE_END = Piece("\n")


def lines(pieces: Iterable[Piece]) -> list[str]:
    """The lines of these pieces as HTML, without those in which nothing is to be read."""
    written = (_written(line) for line in _parted(pieces))
    return [line for line in written if re.sub(r"<[^<>]+>|[\s\u3000\xa0]", "", line)]


def _parted(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in pieces:
        if piece is LINE_END:
            yield line
            line = []
        else:
            line.append(piece)
    yield line


def _written(line: list[Piece]) -> str:
    parts: list[str] = []
    before: Marks = ()
    for piece in (*line, Piece("")):
        shared = _shared(before, piece.marks)
        parts.extend(f"</{tag}>" for tag, _ in reversed(before[shared:]))
        parts.extend(f'<a href="{html.escape(address)}">' if tag == "a" else f"<{tag}>" for tag, address in piece.marks[shared:])
        parts.append(html.escape(piece.text, quote=False))
        before = piece.marks
    return re.sub(" {2,}", " ", _without_empty("".join(parts))).strip(" \t\n\r\u3000\xa0")


def _shared(one: Marks, other: Marks) -> int:
    """How many marks from the outermost on are the same."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return same


def _without_empty(written: str) -> str:
    count = 1
    while count:
        written, count = _EMPTY.subn(r"\2", written)
    return written

"""The physical lines of an import file, each with its number."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fangtang.articles.importing.files import DAMAGED, Bytes
from fangtang.kernel.errors import NOTHING

ROW_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, with a stable dotted code and JSON-safe facts."""

    line: int
    code: str
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line with its end. Bytes that fit no character stand in it as lone surrogates."""

    number: int
    text: str


class Lines(Iterator["Line | BadRow"]):
    """The physical lines of a file; too long ones come as bad rows. `damage` is set when the file breaks off."""

    def __init__(self, source: Bytes, *, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._pushed: deque[Line] = deque()
        self._number = 0
        self.damage: BadRow | None = None

    def push_back(self, lines: list[Line]) -> None:
        """Give these lines again, before all others."""
        self._pushed.extendleft(reversed(lines))

    def __next__(self) -> Line | BadRow:
        if self._pushed:
            return self._pushed.popleft()
        line = self._read()
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > ROW_BYTES and not line.endswith(b"\n"):
            self._skip_line()
            return BadRow(self._number, "importing.row_too_long", {"most_bytes": ROW_BYTES})
        if self._number == 1 and line.startswith(codecs.BOM_UTF8):
            line = line[3:]
        return Line(self._number, line.decode(self._encoding.removesuffix("-sig"), errors="surrogateescape"))

    def _read(self) -> bytes:
        try:
            return self._source.readline(ROW_BYTES + 1)
        except DAMAGED as error:
            self.damage = BadRow(self._number + 1, "importing.file_cut_short", {"reason": str(error)})
            return b""

    def _skip_line(self) -> None:
        while (rest := self._read()) and not rest.endswith(b"\n"):
            continue

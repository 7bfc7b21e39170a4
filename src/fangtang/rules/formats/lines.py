"""From offsets to lines and columns, as editors and SARIF count them."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """Of a source. Lines end with a line feed."""

    def __init__(self, source: str) -> None:
        self._starts = [0]
        position = source.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = source.find("\n", position + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column (in characters) of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

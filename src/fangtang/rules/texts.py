"""A text as a reader sees it, that knows where each of its characters stands in the source.

What the blocks of a source say (a paragraph between its tags, with its entities resolved) is laid behind one another. A rule looks at the whole at once,
which is much quicker than at each paragraph, and the places that it finds are translated back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Span = tuple[int, int]
"""From the first character up to, not including, the last."""


class Kind(StrEnum):
    """What a block is to its reader."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    CAPTION = "caption"
    QUOTATION = "quotation"
    ALTERNATIVE = "alternative"
    DESCRIPTION = "description"
    LABEL = "label"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Block:
    """Characters `start` to `end` of the text. `level` of a heading, 1 to 6; `table`, `row` and `column` of a cell, each from 0; -1 elsewhere."""

    kind: Kind
    start: int
    end: int
    part: str = ""
    level: int = 0
    table: int = -1
    row: int = -1
    column: int = -1


class Piece(NamedTuple):
    """From the character `start` of a text on, characters stand in the source from `source` on: one for one, or all of them for the `width` characters of
    an entity when these are not as many."""

    start: int
    source: int
    width: int


class Text:
    """`content` is every block in order, each ended by a line feed; inside of a block a line feed stands where the source breaks a line.

    `pieces` are in the order of `start`; none means that content and source are the same.
    """

    def __init__(self, content: str, blocks: Sequence[Block], pieces: Sequence[Piece] = ()) -> None:
        self.content = content
        self.blocks = blocks
        self._pieces = pieces
        self._piece_starts = [piece.start for piece in pieces]
        self._block_starts = [block.start for block in blocks]

    def source(self, start: int, end: int) -> Span:
        """Where in the source a span of the content stands. Of characters that one entity stands for, the whole entity."""
        return self._origin(start)[0], max(self._origin(start)[0], self._origin(end - 1)[1] if end > start else 0)

    def block(self, index: int) -> int:
        """The number of the block in which a character of the content stands."""
        return max(0, bisect_right(self._block_starts, index) - 1)

    def of(self, *kinds: Kind) -> Iterator[tuple[Block, str]]:
        """The blocks of these kinds with what they say."""
        for block in self.blocks:
            if block.kind in kinds:
                yield block, self.content[block.start : block.end]

    def _origin(self, index: int) -> Span:
        if not self._pieces:
            return index, index + 1
        number = max(0, bisect_right(self._piece_starts, index) - 1)
        piece = self._pieces[number]
        following = self._piece_starts[number + 1] if number + 1 < len(self._pieces) else len(self.content)
        if piece.width != following - piece.start:
            return piece.source, piece.source + piece.width
        start = piece.source + index - piece.start
        return start, start + 1


class Weaver:
    """Lays a text together, block after block."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._length = 0

    @property
    def length(self) -> int:
        """How many characters there are so far."""
        return self._length

    def add(self, words: str, source: int, *, width: int | None = None) -> None:
        """These characters, which stand in the source from `source` on; `width` characters of it when these are not as many."""
        if words:
            self._pieces.append(Piece(self._length, source, len(words) if width is None else width))
            self._content.append(words)
            self._length += len(words)

    def end_block(self, block: Block, *, source: int) -> None:
        """What was added since `block.start` is a block. `source`: where it ends in the source."""
        self._blocks.append(block)
        self._pieces.append(Piece(self._length, source, 0))
        self._content.append("\n")
        self._length += 1

    def text(self) -> Text:
        return Text("".join(self._content), self._blocks, self._pieces)

"""Plain text: a paragraph a line."""

from __future__ import annotations

from fangtang.rules.samples import Sample
from fangtang.rules.texts import Block, Kind, Text


def read(source: str, *, name: str = "") -> Sample:
    """Every line that is not empty is a block. Offsets are those of the source; a carriage return belongs to no block."""
    blocks, start = [], 0
    for line in source.split("\n"):
        end = start + len(line)
        shown = end - 1 if line.endswith("\r") else end
        if source[start:shown].strip():
            blocks.append(Block(Kind.PARAGRAPH, start, shown))
        start = end + 1
    return Sample(name, Text(source, blocks or [Block(Kind.PARAGRAPH, 0, len(source))]))

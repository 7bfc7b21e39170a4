"""A page, or a piece of one, as its reader sees it, with the place of every character in the source.

Tags are told apart as the tokenizer of the HTML standard does (https://html.spec.whatwg.org/multipage/parsing.html#tokenization), in time that grows with
the length alone, whatever the source. Of building the tree there is only what blocks need: which end tag closes what, and what a start tag closes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fangtang.rules.elements import Element
from fangtang.rules.readers.blocks import BLOCKS, BREAKS, CLOSED_BY, SPOKEN, VOID
from fangtang.rules.samples import Sample
from fangtang.rules.texts import Block, Kind, Text, Weaver

_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s/>=][^\s/>=]*+|=[^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\s>]*+)))?+""")
_TAG_END = re.compile(r"[\s/]*+>?")
_PIECES = re.compile(r"&(?:\#[0-9]++|\#[xX][0-9a-fA-F]++|[a-zA-Z][a-zA-Z0-9]*+);?|[ \t\r\n\f]++|[^& \t\r\n\f]++|&")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|$|!)", re.IGNORECASE)
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "title", "textarea"})
"""Inside of these no tag is told apart but their own end; in the last two entities are."""
SCAN_MOST = 64
"""Open elements that are looked through for one that a start tag closes."""


class Value(NamedTuple):
    """Of an attribute, and where it stands in the source."""

    text: str
    start: int


@dataclass(slots=True)
class Tag:
    name: str
    is_end: bool
    start: int
    end: int
    values: dict[str, Value] = field(default_factory=dict)


def read(source: str, *, name: str = "") -> Sample:
    """What a reader sees of a page: headings, paragraphs, cells, captions, title, descriptions; alternatives and labels, which are heard, after the block in
    which they stand; text that is not shown as blocks of their own kind."""
    return _Reader(source).sample(name)


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._weaver = Weaver()
        self._elements: list[Element] = []
        self._stack: list[int] = []
        self._open: dict[str, int] = {}
        self._block: tuple[Kind, int] | None = None
        self._later: list[tuple[Kind, Value]] = []
        self._is_spaced = True
        self._table = self._row = self._column = -1

    def sample(self, name: str) -> Sample:
        position, length = 0, len(self._source)
        while position < length:
            position = self._step(position)
        self._end_block(length)
        while self._stack:
            self._close_one()
        text = self._weaver.text()
        return Sample(name, text if text.blocks else Text("", [Block(Kind.PARAGRAPH, 0, 0)]), self._elements)

    def _step(self, position: int) -> int:
        if self._source[position] != "<":
            end = self._source.find("<", position)
            end = len(self._source) if end < 0 else end
            self._words(position, end)
            return end
        tag = _tag(self._source, position)
        if tag:
            return self._tag(tag)
        end = _skipped(self._source, position)
        if end == position:
            self._words(position, position + 1)
            return position + 1
        return end

    def _tag(self, tag: Tag) -> int:
        if tag.is_end:
            self._end_tag(tag)
            return tag.end
        self._start_tag(tag)
        if tag.name not in RAW:
            return tag.end
        closing = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(self._source, tag.end)
        end = closing.start() if closing else len(self._source)
        if tag.name in {"title", "textarea"}:
            self._words(tag.end, end)
        return end

    def _start_tag(self, tag: Tag) -> None:
        for name in CLOSED_BY.get(tag.name, ()):
            self._close_near(name)
        if tag.name in BREAKS:
            self._words_add("\n", tag.start, width=0)
            self._is_spaced = True
        if tag.name in BLOCKS:
            self._end_block(tag.start)
        self._count(tag.name)
        parent = self._stack[-1] if self._stack else -1
        is_hidden = (parent >= 0 and self._elements[parent].is_hidden) or _hides(tag)
        here = self._weaver.length
        values = {key: value.text for key, value in tag.values.items()}
        self._elements.append(Element(tag.name, values, tag.start, tag.end, parent, here, here, is_hidden))
        number = len(self._elements) - 1
        self._say(tag)
        if tag.name not in VOID:
            self._stack.append(number)
            self._open[tag.name] = self._open.get(tag.name, 0) + 1

    def _say(self, tag: Tag) -> None:
        """What is heard or found rather than seen: alternatives, labels, descriptions."""
        for kind, key in SPOKEN.get(tag.name, ()) or SPOKEN["*"]:
            if key in tag.values and tag.values[key].text.strip():
                self._later.append((kind, tag.values[key]))
        if tag.name == "meta" and tag.values.get("name", Value("", 0)).text.lower() in {"description", "keywords"} and "content" in tag.values:
            self._later.append((Kind.DESCRIPTION, tag.values["content"]))

    def _end_tag(self, tag: Tag) -> None:
        if tag.name in BLOCKS:
            self._end_block(tag.start)
        if self._open.get(tag.name):
            while self._elements[self._stack[-1]].name != tag.name:
                self._close_one()
            self._close_one()

    def _close_near(self, name: str) -> None:
        """Close the nearest element of this name, if it is near, with what is open in it."""
        if not self._open.get(name):
            return
        for number in reversed(self._stack[-SCAN_MOST:]):
            found = self._elements[number].name
            if found == name:
                while self._elements[self._stack[-1]].name != name:
                    self._close_one()
                self._close_one()
                return
            if found in {"table", "ul", "ol", "dl", "select"}:
                return

    def _close_one(self) -> None:
        element = self._elements[self._stack.pop()]
        self._open[element.name] -= 1
        element.text_end = max(element.text_start, self._weaver.length)

    def _count(self, name: str) -> None:
        if name == "table":
            self._table, self._row, self._column = self._table + 1, -1, -1
        elif name == "tr":
            self._row, self._column = self._row + 1, -1
        elif name in {"td", "th"}:
            self._column += 1

    def _words(self, start: int, end: int) -> None:
        for found in _PIECES.finditer(self._source, start, end):
            piece = found[0]
            if piece[0] in " \t\r\n\f":
                if not self._is_spaced:
                    self._words_add(" ", found.start(), width=len(piece))
                self._is_spaced = True
                continue
            shown = html.unescape(piece) if piece[0] == "&" else piece
            self._words_add(shown, found.start(), width=len(piece))
            self._is_spaced = False

    def _words_add(self, shown: str, source: int, *, width: int) -> None:
        if self._block is None:
            if not shown.strip():
                return
            self._block = (self._kind(), self._weaver.length)
        self._weaver.add(shown, source, width=width)

    def _kind(self) -> Kind:
        """Of the block that begins here: what its paragraph lies in says more than that it is one."""
        if self._stack and self._elements[self._stack[-1]].is_hidden:
            return Kind.HIDDEN
        kinds = (BLOCKS.get(self._elements[number].name, Kind.PARAGRAPH) for number in reversed(self._stack[-SCAN_MOST:]))
        return next((kind for kind in kinds if kind is not Kind.PARAGRAPH), Kind.PARAGRAPH)

    def _end_block(self, source: int) -> None:
        if self._block is not None:
            kind, start = self._block
            is_cell = kind is Kind.CELL
            level = (
                next((int(name[1]) for number in reversed(self._stack) if (name := self._elements[number].name) in HEADINGS), 0) if kind is Kind.HEADING else 0
            )
            place = (self._table, self._row, self._column) if is_cell else (-1, -1, -1)
            self._weaver.end_block(Block(kind, start, self._weaver.length, "", level, *place), source=source)
        self._block, self._is_spaced = None, True
        for kind, value in self._later:
            start = self._weaver.length
            for found in _PIECES.finditer(value.text):
                shown = html.unescape(found[0]) if found[0][0] == "&" else found[0]
                self._weaver.add(shown.replace("\n", " "), value.start + found.start(), width=len(found[0]))
            self._weaver.end_block(Block(kind, start, self._weaver.length), source=value.start + len(value.text))
        self._later.clear()


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _tag(source: str, start: int) -> Tag | None:
    opened = _NAME.match(source, start)
    if not opened:
        return None
    values: dict[str, Value] = {}
    position = opened.end()
    for key, value, end_at in _attributes(source, position):
        values.setdefault(key, value)
        position = end_at
    end = _TAG_END.match(source, position)
    assert end
    return Tag(opened[2].lower(), bool(opened[1]), start, end.end(), values)


def _attributes(source: str, position: int) -> Iterator[tuple[str, Value, int]]:
    while found := _ATTRIBUTE.match(source, position):
        group = next((number for number in (2, 3, 4) if found[number] is not None), 0)
        yield found[1].lower(), Value(found[group], found.start(group)) if group else Value("", found.end()), found.end()
        position = found.end()


def _skipped(source: str, start: int) -> int:
    """The end of what a browser passes over here: comments, declarations, instructions. `start` when it is none of these."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return len(source) if end < 0 else end + 3
    if source.startswith(("<!", "<?", "</"), start):
        end = source.find(">", start + 2)
        return len(source) if end < 0 else end + 1
    return start


def _hides(tag: Tag) -> bool:
    return tag.name == "template" or "hidden" in tag.values or bool(_HIDING.search(tag.values.get("style", Value("", 0)).text))

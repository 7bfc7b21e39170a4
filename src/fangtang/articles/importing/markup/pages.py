"""The HTML of an old system, gone through once from its first tag to its last, and written as blocks.

No function here calls itself for what lies inside: a page may nest as deeply as it likes and is read on the same few frames.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fangtang.articles.importing.markup import grids, nesting, tags
from fangtang.articles.importing.markup.addresses import Targets, file_name, is_web_address
from fangtang.articles.importing.markup.blocks import HEADING_MOST, Block, mended, merged
from fangtang.articles.importing.markup.links import listed
from fangtang.articles.importing.markup.marks import LINE_END, Piece, lines
from fangtang.kernel import text

_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_LINE = re.compile(r"</p>|</li>|<br/>")

Within = Literal["page", "quotation", "line"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page becomes: its blocks, and the addresses of links and pictures in it that lead nowhere and are left out, as they were given."""

    blocks: tuple[Block, ...] = ()
    left_out: tuple[str, ...] = ()


def from_html(markup: str, *, source: str = "") -> tuple[Block, ...]:
    """The blocks of `page_of`."""
    return page_of(markup, source=source).blocks


def page_of(markup: str, *, source: str = "") -> Page:
    """HTML from anywhere as blocks. Links keep http, https, mailto and tel addresses; pictures become links to where they stood.

    `source` is the address of the page, to which relative addresses are relative; without it they are dropped and their text stays.
    Raises TooDeep.
    """
    nesting.refuse_deep_text(markup)
    clean = nh3.clean(
        markup,
        tags=tags.INLINE | tags.BLOCKS,
        clean_content_tags=tags.DROPPED,
        attributes=tags.ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    body = LexborHTMLParser(clean).body
    if body is None:
        return Page()
    nesting.refuse_deep(body)
    left_out: dict[str, None] = {}
    blocks = _blocks_in(body, targets=Targets(source, left_out), within="page")
    return Page(mended(blocks), tuple(left_out))


def _blocks_in(top: LexborNode, *, targets: Targets, within: Within) -> tuple[Block, ...]:
    return tuple(merged(_Writer(targets, within=within).written(top)))


class _Writer:
    """Writes the blocks of what lies within one element. In a quotation there is no other, and in a line nothing but text and links."""

    def __init__(self, targets: Targets, *, within: Within) -> None:
        self._targets = targets
        self._within = within
        self._blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._marks: list[tuple[str, str]] = []
        self._lists: list[str] = []
        self._rows: list[str] = []
        self._kept_lines = 0  # how many <pre> are open
        self._texts = 0
        self._pictures: list[str] = []
        self._before: list[tuple[int, int]] = []  # for each open link: how many texts and pictures stood before it

    def written(self, top: LexborNode) -> list[Block]:
        """The blocks of everything below `top`."""
        waiting = [(child, False) for child in reversed(list(top.iter(include_text=True)))]
        while waiting:
            place, is_left = waiting.pop()
            if is_left:
                self._leave(place)
            elif place.tag == "-text":
                self._write(place.text_content or "")
            elif self._enter(place):
                waiting.append((place, True))
                waiting.extend((child, False) for child in reversed(list(place.iter(include_text=True))))
        self._end()
        return self._blocks

    def _enter(self, place: LexborNode) -> bool:
        """Whether what lies inside is still to be written."""
        tag = place.tag or ""
        if tag == "img":
            self._picture(place)
        elif self._is_whole(place, tag=tag):
            return False
        elif tag == "a":
            self._marks.append(("a", self._targets.of(place.attributes.get("href"))))
            self._before.append((self._texts, len(self._pictures)))
        elif tag in tags.MARKS:
            self._marks.append((tags.MARKS[tag], ""))
        elif tag in tags.LISTS:
            self._end()
            self._lists.append("ol" if tag == "ol" else "ul")
        elif tag == "li":
            self._end()
        elif tag in tags.BLOCKS or tag == "br":
            self._edge(tag)
        self._kept_lines += tag == "pre"
        return tag not in {"img", "br", "hr"}

    def _leave(self, place: LexborNode) -> None:
        tag = place.tag or ""
        self._kept_lines -= tag == "pre"
        if tag == "a":
            self._leave_link()
        elif tag in tags.MARKS:
            self._marks.pop()
        elif tag in tags.LISTS:
            self._end()
            outermost = self._lists[0]
            self._lists.pop()
            if not self._lists:
                self._end_list(outermost)
        elif tag == "li":
            self._end()
        elif tag in tags.BLOCKS:
            self._edge(tag)

    def _leave_link(self) -> None:
        """A link around nothing but pictures leads somewhere too: it is named after the file there."""
        texts, pictures = self._before.pop()
        tag, address = self._marks.pop()
        if address and self._texts == texts and len(self._pictures) > pictures and address not in self._pictures[pictures:]:
            self._pieces.extend((LINE_END, Piece(file_name(address) or address, ((tag, address),)), LINE_END))

    def _write(self, content: str) -> None:
        marks = tuple((tag, address) for tag, address in dict(self._marks).items() if tag != "a" or address)
        content = text.clean(content)  # again: what was written as an entity is a character only now
        for number, line in enumerate(content.split("\n") if self._kept_lines else [content]):
            if number:
                self._pieces.append(LINE_END)
            self._pieces.append(Piece(re.sub(r"[ \t\n\r\f]+", " ", line), marks))
        self._texts += bool(content.strip(" \t\n\r\u3000\xa0"))

    def _edge(self, tag: str) -> None:
        """The edge of a block: another line, or another word for a cell of a table that is part of a row."""
        self._pieces.append(Piece(" ") if tag in tags.CELLS and self._lists else LINE_END)

    def _picture(self, place: LexborNode) -> None:
        address = self._targets.of(place.attributes.get("src"))
        is_kept = is_web_address(address)
        name = text.one_line(place.attributes.get("alt") or "") or (file_name(address) if is_kept else "")
        if name:
            self._pieces.extend((LINE_END, Piece(name, (("a", address),) if is_kept else ()), LINE_END))
        if is_kept:
            self._pictures.append(address)

    def _is_whole(self, place: LexborNode, *, tag: str) -> bool:
        """Whether this is a heading, a table or a quotation that is written whole here."""
        if self._within == "line" or (self._lists and tag != "table") or "ol" in self._lists:
            return False
        found: tuple[Block, ...] = ()
        if tag in tags.HEADINGS:
            found = self._heading(place, level=tags.HEADINGS[tag])
        elif tag == "table":
            found = self._table(place)
        elif tag == "blockquote" and self._within == "page":
            found = self._quotation(place)
        if found:
            self._end()
            if self._lists:
                self._end_list(self._lists[0])
            self._blocks.extend(found)
        return bool(found)

    def _heading(self, place: LexborNode, *, level: str) -> tuple[Block, ...]:
        if place.css_first("img, table, ul, ol") or len(place.text()) > 4 * HEADING_MOST:
            return ()
        words, targets = self._read(place)
        heading = " ".join(words)
        return (Block("heading", {"text": heading, "level": level}),) if 0 < len(heading) <= HEADING_MOST and not targets else ()

    def _table(self, place: LexborNode) -> tuple[Block, ...]:
        """The table, and behind it a list of the links in its cells: a cell holds plain text."""
        if not grids.is_grid(place):
            return ()
        found: list[tuple[str, str]] = []

        def read(cell: LexborNode) -> str:
            words, targets = self._read(cell)
            found.extend(targets)
            return "\n".join(words)

        caption = place.css_first("caption")
        value = grids.value_of(place, read=read, caption=" ".join(read(caption).split()) if caption else "")
        return (Block("table", value), *listed(found)) if value else ()

    def _quotation(self, place: LexborNode) -> tuple[Block, ...]:
        """A quotation, where there is nothing but its paragraphs; else what stands in it, so that none of that is lost."""
        blocks = _blocks_in(place, targets=self._targets, within="quotation")
        if len(blocks) == 1 and blocks[0].kind == "text" and not re.search(r"<(?:a|ul|ol)\b", blocks[0].value):
            return (Block("quotation", {"text": "\n".join(_words(blocks[0].value)), "cite": ""}),)
        return blocks

    def _read(self, place: LexborNode) -> tuple[list[str], list[tuple[str, str]]]:
        """The lines within an element as plain text, and the links in it as (address, name)."""
        shown = "".join(block.value for block in _blocks_in(place, targets=self._targets, within="line"))
        targets = [(html.unescape(address), " ".join(_words(name))) for address, name in _LINK.findall(shown)]
        return _words(shown), targets

    def _end(self) -> None:
        """The end of a paragraph, or of a row of the list that is open."""
        written = lines(self._pieces)
        self._pieces = []
        if self._lists:
            self._rows.extend(["<br/>".join(written)] if written else [])
        else:
            self._blocks.extend(Block("text", f"<p>{line}</p>") for line in written)

    def _end_list(self, tag: str) -> None:
        """The end of the outermost list, or of its part before a table; lists inside it stand on the same level."""
        if self._rows:
            self._blocks.append(Block("text", f"<{tag}>{''.join(f'<li>{row}</li>' for row in self._rows)}</{tag}>"))
            self._rows = []


def _words(markup: str) -> list[str]:
    """Lines of plain text from our own markup."""
    shown = (" ".join(html.unescape(re.sub(r"<[^<>]+>", "", line)).split()) for line in _LINE.split(markup))
    return [line for line in shown if line]

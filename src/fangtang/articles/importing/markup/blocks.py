"""A block of a body, its text, and the blocks of a plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fangtang.articles.importing.paragraphs import Paragraph, repaired

Kind = Literal["text", "heading", "table", "quotation"]

HEADING_MOST = 200
_LEAD = re.compile(r"(第[一二三四五六七八九十百零〇]{1,6}条)[\s　]*")
_DIVISION = re.compile(r"^(第[一二三四五六七八九十百零〇]{1,4}[编章节])[\s　]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: its kind and its JSON-safe value."""

    kind: Kind
    value: Any


def from_plain(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text, its lost paragraph breaks mended. Empty for a text without letters."""
    return tuple(merged(_of_paragraph(paragraph) for paragraph in repaired(text)))


def plain_text(blocks: Iterable[Block]) -> str:
    """The text of blocks without any markup, to see whether there is any."""
    return " ".join(part for block in blocks for part in _texts(block.value)).strip()


def merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs that follow each other are one block of text."""
    waiting: list[str] = []
    for block in blocks:
        if block.kind == "text":
            waiting.append(block.value)
            continue
        if waiting:
            yield Block("text", "".join(waiting))
            waiting = []
        yield block
    if waiting:
        yield Block("text", "".join(waiting))


def mended(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A body of one unmarked paragraph is one whose breaks were lost."""
    if len(blocks) == 1 and (only := re.fullmatch(r"<p>([^<>]*)</p>", str(blocks[0].value))):
        return from_plain(html.unescape(only[1]))
    return blocks


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(re.sub(r"<[^<>]+>", " ", value))
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key != "level" for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def _of_paragraph(paragraph: Paragraph) -> Block:
    if paragraph.role in {"heading2", "heading3"}:
        return Block("heading", {"text": _DIVISION.sub(r"\1　", paragraph.text), "level": paragraph.role[-1]})
    shown = html.escape(paragraph.text, quote=False)
    if paragraph.role == "article":
        shown = _LEAD.sub(r"<b>\1</b>　", shown, count=1)
    return Block("text", f"<p>{shown}</p>")

"""The few marks in which manuscripts are written, and their blocks.

A line is a block: `## ` and `### ` headings, `- ` and `1) ` lists, `|a|b|` tables (a line `表：…` before gives the
caption), `> words —— who` a quotation, `!motif|alt|caption` a picture, `!!title|transcript` a film,
`@file.pdf|title` an attachment, everything else a paragraph. `**bold**` and `[text](address)` work inside.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

from fangtang.demo import pictures
from fangtang.demo.pictures import season_of
from fangtang.demo.texts.blocks import AttachmentBlock, Block, Heading, Image, Quotation, RichText, Table, Video

BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
CREDIT = "方塘市融媒体制图"
INDOORS = ("hall", "library", "museum")


def inline(text: str) -> str:
    """One line of text as safe markup."""
    return LINK.sub(r'<a href="\2">\1</a>', BOLD.sub(r"<b>\1</b>", escape(text, quote=False)))


def paragraph(text: str) -> RichText:
    """One paragraph."""
    return RichText(f"<p>{inline(text)}</p>")


def blocks(lines: list[str], *, month: int) -> tuple[Block, ...]:
    """The blocks of a manuscript's `lines`; neighbouring text becomes one block. `month` gives the pictures their season."""
    made: list[Block] = []
    caption = ""
    for kind, group in groupby((line for line in lines if line.strip()), key=_kind):
        rows = list(group)
        if kind == "caption":
            caption = rows[-1].removeprefix("表：")
        elif kind == "table":
            made.append(_table(caption, rows))
            caption = ""
        elif kind in {"text", "bullets", "numbers"}:
            _append_text(made, kind, rows)
        else:
            made.extend(_single(kind, row, month) for row in rows)
    return tuple(made)


def picture(motif: str, *, month: int) -> str:
    """The key of `motif` in the season of `month`; the hour follows from both, so that a season's pictures of a motif are one."""
    season = season_of(month)
    hours = ("day",) if motif in INDOORS else ("day", "day", "dawn", "dusk")
    if motif == "nightlights":
        hours = ("night",)
    return f"{motif}-{season}-{hours[(sum(map(ord, motif)) + pictures.SEASONS.index(season)) % len(hours)]}"


def _kind(line: str) -> str:
    marks = {
        "## ": "heading",
        "###": "heading",
        "- ": "bullets",
        "|": "table",
        "> ": "quotation",
        "!!": "film",
        "!": "picture",
        "@": "attachment",
        "表：": "caption",
    }
    found = next((kind for mark, kind in marks.items() if line.startswith(mark)), "")
    return found or ("numbers" if re.match(r"\d+\) ", line) else "text")


def _append_text(made: list[Block], kind: str, rows: list[str]) -> None:
    if kind == "text":
        html = "".join(f"<p>{inline(row)}</p>" for row in rows)
    else:
        tag = "ul" if kind == "bullets" else "ol"
        points = "".join(f"<li>{inline(row.partition(' ')[2])}</li>" for row in rows)
        html = f"<{tag}>{points}</{tag}>"
    last = made[-1] if made else None
    if isinstance(last, RichText):
        made[-1] = RichText(last.html + html)
    else:
        made.append(RichText(html))


def _table(caption: str, rows: list[str]) -> Table:
    header, *body = (tuple(cell.strip() for cell in row.strip().strip("|").split("|")) for row in rows)
    return Table(caption, header, tuple(body))


def _single(kind: str, line: str, month: int) -> Block:
    if kind == "heading":
        marks, text = line.split(" ", 1)
        return Heading(len(marks), text)
    if kind == "quotation":
        text, _, cite = line[2:].partition(" —— ")
        return Quotation(text, cite)
    parts = [*line.lstrip("!@").split("|"), "", ""]
    if kind == "picture":
        return Image(picture(parts[0], month=month), parts[1], CREDIT, parts[2])
    if kind == "film":
        return Video("fangtang-pond.webm", "fangtang-pond.vtt", parts[0], parts[1])
    return AttachmentBlock(parts[0], parts[1])

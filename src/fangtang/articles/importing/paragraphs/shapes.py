"""From a text to its paragraphs: gather the breaks, cut, and say of each piece whether it is a heading."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fangtang.articles.importing.paragraphs import edges, sequences
from fangtang.articles.importing.paragraphs.marks import Level, Mark, all_marks, enclosed_spans

Role = Literal["text", "heading2", "heading3", "article"]

LOST_LINE_LENGTH = 800
_HEADING_ROLES: dict[Level, Role] = {
    Level.PART: "heading2",
    Level.CHAPTER: "heading2",
    Level.SECTION: "heading3",
    Level.CHINESE: "heading2",
    Level.CHINESE_BRACKETED: "heading3",
}
_NOT_IN_HEADINGS = re.compile(r"[。；！？]|[：，、:;,]$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph without white space around it; `role` says how it is set."""

    text: str
    role: Role = "text"


def repaired(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`, in order; empty for a text of white space.

    Line breaks that are there stay. A text that has them is not searched for others, except inside a line longer than
    `LOST_LINE_LENGTH` characters: no paragraph of a printed page is that long.
    """
    lines = [line for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text) if line.strip()]
    lone = len(lines) == 1
    pieces = [piece for line in lines for piece in (_cut(line) if lone or len(line) > LOST_LINE_LENGTH else [line.strip()])]
    return _with_roles(pieces)


def _cut(line: str) -> list[str]:
    marks = all_marks(line)
    enclosed = enclosed_spans(line, marks=marks)
    known = {*edges.traces(line), *edges.opening(line)}
    known |= {cut for cut in (*edges.attachments(line), *edges.closing(line)) if not _is_enclosed(cut, spans=enclosed)}
    outside = [mark for mark in marks if mark.start in known or not _is_enclosed(mark.start, spans=enclosed)]
    numbered = {mark.start for mark in sequences.numbering(line, marks=outside, cuts=known)}
    kept = (cut for cut in known | numbered if not line[max(0, cut - 8) : cut].rstrip().endswith(("附件：", "附件:")))
    return _pieces(line, cuts=kept)


def _is_enclosed(position: int, *, spans: list[tuple[int, int]]) -> bool:
    nearest = bisect_right(spans, (position, len(spans) and spans[-1][1])) - 1
    return nearest >= 0 and spans[nearest][0] <= position < spans[nearest][1]


def _pieces(line: str, *, cuts: Iterable[int]) -> list[str]:
    edges_of_pieces = sorted({0, len(line), *cuts})
    pieces = (line[start:end].strip() for start, end in itertools.pairwise(edges_of_pieces))
    return [piece for piece in pieces if piece]


def _with_roles(pieces: list[str]) -> tuple[Paragraph, ...]:
    leads = [_lead(piece) for piece in pieces]
    roles = [_role(piece, lead=lead, follower=follower) for piece, (lead, follower) in zip(pieces[:-1], itertools.pairwise(leads), strict=True)]
    roles += [_role_of_last(lead) for lead in leads[-1:]]
    return tuple(map(Paragraph, pieces, roles))


def _lead(piece: str) -> Mark | None:
    return next((mark for mark in all_marks(piece[:16]) if mark.start == 0), None)


def _role_of_last(lead: Mark | None) -> Role:
    return "article" if lead and lead.level is Level.ARTICLE else "text"


def _role(piece: str, *, lead: Mark | None, follower: Mark | None) -> Role:
    """A short numbered line without a full stop is a heading, unless its own sibling follows at once: then it is a list."""
    if lead is None:
        return "text"
    if lead.level is Level.ARTICLE:
        return "article"
    is_short = len(piece) <= sequences.HEADING_LENGTH and not _NOT_IN_HEADINGS.search(piece)
    is_listed = follower is not None and follower.level <= lead.level
    return _HEADING_ROLES.get(lead.level, "text") if is_short and not is_listed else "text"

"""Numbering marks in Chinese official prose, and where a break may stand before one.

A mark is what opens a numbered paragraph: 第一章, 第一节, 第一条, 一、, （一）, 1., （1）. This module finds every
place where the characters of a mark stand, says its number, and grades what stands before it. Whether the mark is
numbering or only a reference is decided in `sequences`, from the order the marks run in.

Source for the order of levels: GB/T 9704-2012 党政机关公文格式, 7.3.3 (一、（一）1.（1）); 立法法 (2023), art. 65
(编、章、节、条、款、项).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMERALS = "一二三四五六七八九十百零〇"
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = {"十": 10, "百": 100}

SENTENCE_ENDS = "。！？；：!?;:"
# White space, and the signs without width that old editors leave behind.
BLANKS = " \t\u3000\xa0\u200b\u200c\ufeff\u2002\u2003\u2009"
_CLOSERS = "”’」』）)】》\"'"
_PAIRS = {"《": ("》", 120), "“": ("”", 2000), "‘": ("’", 400), "「": ("」", 400), "（": ("）", 300), "(": (")", 300), "〔": ("〕", 30)}
_TWINS = {"（": "(", "(": "（"}


class Level(enum.IntEnum):
    """How deep a mark stands; a smaller number holds the larger ones."""

    PART = 0
    CHAPTER = 1
    SECTION = 2
    ARTICLE = 3
    CHINESE = 4
    CHINESE_BRACKETED = 5
    ARABIC = 6
    ARABIC_BRACKETED = 7


class Boundary(enum.Enum):
    """What stands before a mark: the end of a sentence, the end of a bracket, nothing at all, or neither."""

    SENTENCE = "sentence"
    BRACKET = "bracket"
    NONE = "none"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Mark:
    """One place where the characters of a mark stand; `start` and `end` are offsets into the text."""

    start: int
    end: int
    level: Level
    number: int


_PATTERNS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (Level.PART, re.compile(rf"第([{NUMERALS}]{{1,4}})编")),
    (Level.CHAPTER, re.compile(rf"第([{NUMERALS}]{{1,4}})章(?!第)")),
    (Level.SECTION, re.compile(rf"第([{NUMERALS}]{{1,4}})节(?!第)")),
    (
        Level.ARTICLE,
        re.compile(rf"第([{NUMERALS}]{{1,6}})条(?!之|[、，。；：,;第款的]|项(?!目)|[和或及与至到]第|以[上下前后及]|规定的?[，。、]|修改|改为|增加|删)"),
    ),
    (Level.CHINESE, re.compile(rf"(?<![第{NUMERALS}])([{NUMERALS}]{{1,3}})[、．](?![、，。])")),
    (Level.CHINESE_BRACKETED, re.compile(rf"[（(]([{NUMERALS}]{{1,3}})[）)](?![、，。；,;款项目号级类至])、?")),
    (
        Level.ARABIC,
        re.compile(
            r"(?:(?<![\d.．\-—~～/A-Za-z])|(?<=\.doc)|(?<=docx)|(?<=\.xls)|(?<=xlsx)|(?<=\.pdf)|(?<=\.wps))(\d{1,2})[.．、](?:(?!\d)|(?=(?:19|20)\d\d年))(?![、，。])"
        ),
    ),
    (Level.ARABIC_BRACKETED, re.compile(r"[（(](\d{1,2})[）)](?![、，。；,;款项目号级类至])")),
)


def number_of(numeral: str) -> int:
    """二十三 → 23, 12 → 12. Zero when it is no number ("十百", "一二")."""
    if numeral.isdigit():
        return int(numeral)
    total, digit, smallest = 0, 0, 1000
    for position, sign in enumerate(numeral):
        if sign in _TENS:
            if _TENS[sign] >= smallest or (not digit and position and sign != "十"):
                return 0
            smallest = _TENS[sign]
            total += (digit or 1) * smallest
            digit = 0
        elif digit:
            return 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def all_marks(text: str) -> list[Mark]:
    """Every place where a mark's characters stand, in the order of the text."""
    found = [
        Mark(match.start(), match.end(), level, number)
        for level, pattern in _PATTERNS
        for match in pattern.finditer(text)
        if (number := number_of(match[1])) and not (match[1].isdigit() and match[1].startswith("0"))
    ]
    return sorted(found, key=lambda mark: (mark.start, mark.level))


def enclosed_spans(text: str, *, marks: list[Mark]) -> list[tuple[int, int]]:
    """Half-open spans inside quotation marks, book-title marks and brackets; the brackets of marks are none.

    An opener without its closer, or with one too far away to be meant, encloses nothing.
    """
    own = {mark.start for mark in marks} | {mark.end - 1 for mark in marks}
    spans: list[tuple[int, int]] = []
    open_at: dict[str, list[int]] = {}
    closers = {closer: opener for opener, (closer, _) in _PAIRS.items()}
    for position, sign in enumerate(text):
        if position in own:
            continue
        if sign in _PAIRS:
            open_at.setdefault(sign, []).append(position)
        elif sign in closers:
            spans.extend(_closed(position, opener=closers[sign], open_at=open_at))
    return _merged(spans)


def _closed(position: int, *, opener: str, open_at: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    waiting = open_at.get(opener) or open_at.get(_TWINS.get(opener, ""))
    if waiting:
        # Each paragraph of a long quotation opens anew (“甲。“乙。”): the first opener counts.
        start = waiting[0] if opener == "“" else waiting.pop()
        if opener == "“":
            waiting.clear()
        if position - start <= _PAIRS[opener][1]:
            yield start + 1, position + 1


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def boundary_before(text: str, position: int) -> Boundary:
    """What stands before `position`, white space aside. The start of the text counts as a sentence's end."""
    before = text[max(0, position - 40) : position].rstrip(BLANKS)[-3:]
    if not before:
        return Boundary.SENTENCE
    last = before[-1]
    if last in SENTENCE_ENDS:
        return Boundary.SENTENCE
    if last in _CLOSERS:
        inner = before.rstrip(_CLOSERS)
        return Boundary.SENTENCE if inner and inner[-1] in "。！？；" else Boundary.BRACKET
    if last in "，、,第和及或与至（(“‘《「.—-/":
        return Boundary.FORBIDDEN
    return Boundary.NONE

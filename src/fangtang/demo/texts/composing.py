"""Puts one article of a writer together: place, day, shape, picture, enclosure."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

from fangtang.demo import city, people
from fangtang.demo.texts import markup, words
from fangtang.demo.texts.blocks import ArticleText, AttachmentBlock, Block, Image
from fangtang.demo.texts.reading import KINDS
from fangtang.demo.texts.sentences import Occasion
from fangtang.demo.texts.writers import Writer

WINDOW_DAYS = 728
PLAIN, HEADED, BRIEF, PAIRED, POINTS = range(5)
# By number of the article. The first and the third say two things in each slot (their own way and the next), which
# leaves the second and the fourth little of their own: these are short.
ROUND = (HEADED, BRIEF, PLAIN, BRIEF, PAIRED, HEADED, POINTS, PLAIN)
FULL = (0, 2)
HOLIDAYS = frozenset({(1, 1), *((5, day) for day in (1, 2, 3)), *((10, day) for day in range(1, 8))})
FIXED_SHAPES = {"policy": HEADED, "gallery": PLAIN, "qa": PLAIN, "people": PLAIN, "interpretation": HEADED}
FIRST_NUMBER = 41  # of a unit's documents in a year; hand-written ones have lower numbers
TITLE_TRIES = 4
LEAST = 100  # characters of a short article
T = TypeVar("T")


@dataclass(slots=True)
class Composer:
    """Composes articles one after the other; remembers the titles and document numbers that are taken."""

    rng: random.Random
    today: date
    titles: set[str]
    document_numbers: Counter[tuple[str, int]] = field(default_factory=Counter)
    _days: dict[frozenset[int], tuple[date, ...]] = field(default_factory=dict)

    def composed(self, writer: Writer, *, number: int, source_id: str) -> ArticleText:
        """Article `number` of `writer`."""
        occasion = self._occasion(writer)
        ways = writer.ways(number if number < writer.distinct else int(self.rng.random() * writer.distinct))
        shape = _shape(writer, number)
        texts = _texts(writer, ways, occasion, is_full=_is_full(writer, number))
        blocks = self._with_extras(writer, occasion, markup.blocks(_lines(writer, ways, texts, shape), month=occasion.on.month), shape)
        document_number = self._document_number(occasion) if writer.role == "policy" else ""
        unit = occasion.unit
        return ArticleText(
            source_id=source_id,
            site_key=unit.key,
            unit_key=occasion.town.key if writer.is_for_towns else unit.key,
            role=writer.role,
            kind=KINDS[writer.role],
            title=self._title(writer, ways[0], occasion),
            short_title="",
            summary=_summary(writer, texts),
            source=f"{unit.short_name}{occasion.town.office}" if writer.is_for_towns else unit.short_name,
            author=people.full_name(self.rng) if writer.role in {"news", "town-news", "gallery"} else "",
            published_on=occasion.on,
            keywords=writer.keywords,
            blocks=blocks,
            document_number=document_number,
            issuing_body=unit.name if document_number else "",
            made_on=occasion.on - timedelta(days=3) if document_number else None,
            effective_on=None,
            sensitivity="important" if document_number or self.rng.random() < 0.06 else "ordinary",
            also_on=self._also_on(writer, occasion),
        )

    def _occasion(self, writer: Writer) -> Occasion:
        unit = _any(self.rng, writer.units)
        county = unit if unit.kind == "county" else _any(self.rng, writer.counties)
        town = _any(self.rng, county.towns)
        numbers = {name: str(low + int(self.rng.random() * (high - low + 1))) for name, low, high in writer.numbers}
        return Occasion(self.rng, unit, county, town, _any(self.rng, town.communities), _any(self.rng, self._days_in(writer.months)), numbers)

    def _days_in(self, months: frozenset[int]) -> tuple[date, ...]:
        """Working days of the last two years in `months`."""
        if months not in self._days:
            every = (self.today - timedelta(days=back) for back in range(WINDOW_DAYS))
            self._days[months] = tuple(
                day for day in every if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS and (not months or day.month in months)
            )
        return self._days[months]

    def _title(self, writer: Writer, way: int, occasion: Occasion) -> str:
        """A title that nobody had; in the end one with an issue number."""
        for _ in range(TITLE_TRIES):
            title = writer.titles[way].filled(occasion)
            if title not in self.titles:
                break
        else:
            title = self._numbered(f"{title}（{occasion.on.year}年")
        self.titles.add(title)
        return title

    def _numbered(self, start: str) -> str:
        """`start` with the first free number, found by halving: numbers are taken in order."""
        high = 2
        while f"{start}第{high}期）" in self.titles:
            high *= 2
        free = bisect_left(range(2, high), True, key=lambda number: f"{start}第{number}期）" not in self.titles) + 2
        return f"{start}第{free}期）"

    def _document_number(self, occasion: Occasion) -> str:
        key = (occasion.unit.key, occasion.on.year)
        self.document_numbers[key] += 1
        return f"{words.NUMBER_WORDS[key[0]]}〔{key[1]}〕{FIRST_NUMBER - 1 + self.document_numbers[key]}号"

    def _with_extras(self, writer: Writer, occasion: Occasion, blocks: tuple[Block, ...], shape: int) -> tuple[Block, ...]:
        if writer.motifs and shape != BRIEF and writer.role != "gallery" and self.rng.random() < 0.62:
            blocks = (blocks[0], self._image(writer, occasion), *blocks[1:])
        if writer.role in {"notices", "policy"} and self.rng.random() < 0.4:
            blocks = (*blocks, AttachmentBlock(*_any(self.rng, words.ENCLOSURES)))
        return blocks

    def _image(self, writer: Writer, occasion: Occasion) -> Image:
        motif = _any(self.rng, writer.motifs)
        alt, caption = words.SHOWN[motif]
        where = occasion.town.name if writer.is_for_towns else occasion.county.short_name
        return Image(markup.picture(motif, month=occasion.on.month), alt, markup.CREDIT, f"{where}：{caption}")

    def _also_on(self, writer: Writer, occasion: Occasion) -> tuple[str, ...]:
        if writer.role == "people":
            return ()
        portal = (city.CITY_OFFICE_KEY,) if self.rng.random() < 0.5 and occasion.unit.kind != "city" else ()
        named = (occasion.county.key,) if occasion.unit.kind == "department" and writer.role in {"news", "notices"} and self.rng.random() < 0.3 else ()
        return portal + named


def _any(rng: random.Random, choices: tuple[T, ...]) -> T:
    return choices[int(rng.random() * len(choices))]


def _shape(writer: Writer, number: int) -> int:
    return FIXED_SHAPES.get(writer.role, PLAIN if writer.is_aligned else ROUND[number % len(ROUND)])


def _is_full(writer: Writer, number: int) -> bool:
    return not writer.is_aligned and writer.breadth == 4 and writer.role not in FIXED_SHAPES and number % len(ROUND) in FULL


def _texts(writer: Writer, ways: tuple[int, ...], occasion: Occasion, *, is_full: bool) -> list[list[str]]:
    texts = [[line.filled(occasion) for line in slot.ways[way]] for slot, way in zip(writer.slots, ways, strict=True)]
    if is_full:
        for slot, way, lines in zip(writer.slots[1:-1], ways[1:-1], texts[1:-1], strict=True):
            more = slot.ways[(way + 1) % len(slot.ways)]
            if len(lines) == len(more) == 1:
                lines.append(more[0].filled(occasion))
    return texts


def _lines(writer: Writer, ways: tuple[int, ...], texts: list[list[str]], shape: int) -> list[str]:
    """The slots' texts in one of the shapes. A text of several lines (a table) keeps them."""
    if shape == HEADED:
        return list(chain.from_iterable(_headed(slot.headings, way, lines) for slot, way, lines in zip(writer.slots, ways, texts, strict=True)))
    if shape == BRIEF:
        return _brief(texts)
    if shape == POINTS and writer.role == "notices" and all(len(lines) == 1 for lines in texts):
        return [*texts[0], *(f"{number}) {lines[0]}" for number, lines in enumerate(texts[1:-1], 1)), *texts[-1]]
    if shape in {PAIRED, POINTS} and len(texts[1]) == len(texts[2]) == 1:
        return [*texts[0], texts[1][0] + texts[2][0], *chain.from_iterable(texts[3:])]
    return list(chain.from_iterable(texts))


def _brief(texts: list[list[str]]) -> list[str]:
    """The first two and the last; one more where that would be too little to read."""
    short = texts[0] + texts[1] + texts[-1]
    return short if sum(map(len, short)) >= LEAST or len(texts) < 4 else texts[0] + texts[1] + texts[2] + texts[-1]


def _headed(headings: tuple[str, ...], way: int, lines: list[str]) -> list[str]:
    return [f"## {headings[way % len(headings)]}", *lines] if headings else lines


def _summary(writer: Writer, texts: list[list[str]]) -> str:
    """The first sentence; for answers the first of the answer."""
    text = texts[1 if writer.role == "qa" else 0][0]
    plain = text.replace("**", "").removeprefix("答：")
    return plain if len(plain) <= 100 else plain.partition("。")[0] + "。"

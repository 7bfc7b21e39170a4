"""Writers of articles on one subject: what they may say, read from `patterns/`.

A writer has titles (`T`), and slots (`-- name`) with several ways to fill each. Which ways go together is chosen so
that articles of one writer share as little as possible: article r + n·q takes way (r + q·f) mod n in a slot with factor f,
and two such articles agree only in the slots of one factor. Writers that are `aligned` have ways that belong together and are not mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fangtang.demo import city
from fangtang.demo.city import SiteUnit
from fangtang.demo.texts.sentences import Sentence, sentence

# A way of several lines: written apart, or an article or numbered point that begins within it.
LINE_END = re.compile(r" // |(?<=。)(?=第[一二三四五六七八九]条　|（[一二三四五六]）)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a plan. Each way is a list of manuscript lines; `headings` may be none."""

    ways: tuple[tuple[Sentence, ...], ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Everything one subject can be written from. `months` empty: any time of the year; `counties`: where it can happen."""

    key: str
    role: str
    units: tuple[SiteUnit, ...]
    counties: tuple[SiteUnit, ...]
    is_for_towns: bool
    is_aligned: bool
    months: frozenset[int]
    motifs: tuple[str, ...]
    keywords: tuple[str, ...]
    numbers: tuple[tuple[str, int, int], ...]
    titles: tuple[Sentence, ...]
    slots: tuple[Slot, ...]

    @property
    def factors(self) -> tuple[int, ...]:
        """How far each slot turns with q: the first and the last differently, so that short articles agree in one of them at most."""
        if self.breadth != 4:
            return tuple(range(1, len(self.slots) + 1))
        return (1, *((0, 2)[place % 2] for place in range(len(self.slots) - 2)), 3)

    @property
    def breadth(self) -> int:
        """How many ways there are at least in every slot."""
        return min(len(self.titles), *(len(slot.ways) for slot in self.slots))

    @property
    def distinct(self) -> int:
        """How many articles come before the same choice is made twice."""
        return self.breadth if self.is_aligned else self.breadth * self.breadth

    def ways(self, number: int) -> tuple[int, ...]:
        """Which way article `number` takes in each slot."""
        breadth = self.breadth
        turn, start = divmod(number, breadth)
        step = 0 if self.is_aligned else turn
        return tuple((start + step * factor) % breadth for factor in self.factors)


@cache
def writers() -> tuple[Writer, ...]:
    """Every writer, in the order of file names and within each file as written."""
    folder = resources.files(__package__) / "patterns"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name)
    return tuple(writer for file in files for writer in _parsed(file.read_text("utf-8")))


def _parsed(text: str) -> Iterator[Writer]:
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n\n")
        key, *pairs = head.splitlines()
        yield _writer(key.strip(), [tuple(line.split(": ", 1)) for line in pairs], rest)


def _writer(key: str, pairs: list[tuple[str, ...]], text: str) -> Writer:
    head = {name: value.strip() for name, value in pairs}
    titles, *slots = re.split(r"^-- ", text, flags=re.MULTILINE)
    scope = head["units"].split()
    counties = tuple(unit for unit in city.counties() if "rural" not in head or unit.short_name.endswith("县"))
    return Writer(
        key=key,
        role=head["role"],
        units=tuple(unit for name in scope for unit in _units(name, counties)),
        counties=counties,
        is_for_towns=scope == ["towns"],
        is_aligned="aligned" in head,
        months=_months(head.get("months", "")),
        motifs=tuple(head.get("pictures", "").split()),
        keywords=tuple(head["keywords"].split("、")),
        numbers=tuple(_number(value) for name, value in pairs if name == "let"),
        titles=tuple(sentence(line.removeprefix("T ")) for line in titles.splitlines() if line.strip()),
        slots=tuple(_slot(part) for part in slots),
    )


def _units(name: str, counties: tuple[SiteUnit, ...]) -> tuple[SiteUnit, ...]:
    groups = {"towns": counties, "counties": counties, "departments": city.departments()}
    return groups[name] if name in groups else (city.by_key()[name],)


def _months(text: str) -> frozenset[int]:
    if not text:
        return frozenset()
    first, last = map(int, text.split("-"))
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def _number(text: str) -> tuple[str, int, int]:
    name, low, high = text.split()
    return name, int(low), int(high)


def _slot(text: str) -> Slot:
    head, *lines = text.strip().splitlines()
    _, _, headings = head.partition(" | ")
    ways = tuple(tuple(sentence(part) for part in LINE_END.split(line)) for line in lines if line.strip())
    return Slot(ways, tuple(heading.strip() for heading in headings.split(" / ") if heading.strip()))

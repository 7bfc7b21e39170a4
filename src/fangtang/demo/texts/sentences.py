"""Sentences with gaps, and what fills them.

`{county}` `{town}` `{community}` `{unit}` `{road}` `{road2}` `{river}` `{person}` `{surname}`: the place and people of
one article, the same throughout. `{year}` `{year+1}` `{month}` `{d}` `{d+3}` count from its day. `{n:4-28}`: a number;
`{price}`: one that the writer declared. `{甲|乙}`: either.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from fangtang.demo import people
from fangtang.demo.city import SiteUnit
from fangtang.demo.places import Community, Town
from fangtang.demo.texts import words

GAP = re.compile(r"\{([^{}]+)\}")
Filler = Callable[["Occasion"], str]


@dataclass(slots=True)
class Occasion:
    """Where and when one article happens. `numbers` are those its writer declared."""

    rng: random.Random
    unit: SiteUnit
    county: SiteUnit
    town: Town
    community: Community
    on: date
    numbers: dict[str, str]
    chosen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its gaps found once, so that filling it is quick."""

    parts: tuple[str | Filler, ...]

    def filled(self, occasion: Occasion) -> str:
        return "".join([part if part.__class__ is str else part(occasion) for part in self.parts])  # type: ignore[operator]


def sentence(text: str) -> Sentence:
    """`text` made ready; ValueError for a gap that nothing fills."""
    pieces = GAP.split(text)
    return Sentence(tuple(_filler(piece) if number % 2 else piece for number, piece in enumerate(pieces) if piece))


@cache
def day_text(day: date) -> str:
    """A day as people write it: 5月20日."""
    return f"{day.month}月{day.day}日"


def _filler(gap: str) -> Filler:
    if "|" in gap:
        choices = gap.split("|")
        return lambda occasion: choices[int(occasion.rng.random() * len(choices))]
    if found := re.fullmatch(r"n:(\d+)-(\d+)", gap):
        low, span = int(found[1]), int(found[2]) - int(found[1]) + 1
        return lambda occasion: str(low + int(occasion.rng.random() * span))
    if found := re.fullmatch(r"d([+-]\d+)?", gap):
        shift = timedelta(days=int(found[1] or 0))
        return lambda occasion: day_text(occasion.on + shift)
    if found := re.fullmatch(r"year([+-]\d)?", gap):
        years = int(found[1] or 0)
        return lambda occasion: str(occasion.on.year + years)
    return NAMED.get(gap) or _declared(gap)


def _declared(gap: str) -> Filler:
    if not re.fullmatch(r"[a-z]+", gap):
        raise ValueError(f"nothing fills the gap {gap!r}")
    return lambda occasion: occasion.numbers[gap]


def _kept(name: str, choose: Callable[[random.Random], str]) -> Filler:
    def filler(occasion: Occasion) -> str:
        if name not in occasion.chosen:
            occasion.chosen[name] = choose(occasion.rng)
        return occasion.chosen[name]

    return filler


def _any_of(names: tuple[str, ...]) -> Callable[[random.Random], str]:
    return lambda rng: names[int(rng.random() * len(names))]


NAMED: dict[str, Filler] = {
    "county": lambda occasion: occasion.county.short_name,
    "town": lambda occasion: occasion.town.name,
    "community": lambda occasion: occasion.community.name,
    "unit": lambda occasion: occasion.unit.short_name,
    "month": lambda occasion: str(occasion.on.month),
    "road": _kept("road", _any_of(words.ROADS[::2])),
    "road2": _kept("road2", _any_of(words.ROADS[1::2])),
    "river": _kept("river", _any_of(words.RIVERS)),
    "person": _kept("person", people.full_name),
    "surname": _kept("surname", _any_of(tuple(people.SURNAMES[:60]))),
}

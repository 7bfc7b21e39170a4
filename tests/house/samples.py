"""What the role walk asks for: one sample per address that names an object.

The walk (test_access_walk.py) takes every URL pattern from the resolver. A pattern without captured values needs nothing here. For one that
names an object, register how its values are made:

    samples.register("wagtailimages:edit", lambda of: {"image_id": of("picture")})

`of("picture")` is the key of a picture of the walker's own unit, of another unit's, or of none: the walk asks all three and expects the
second and third to look alike. A new kind of object is made once per unit, with the place's marker in every text a person could read:

    @samples.kind("picture")
    def picture(place: Place) -> int: ...

`query` and `post` give what comes with the address; ids of other units there may never bring the marker into an answer.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fangtang.people.models import Unit, User

MISSING = 987_654_321
COMMON = "pondword"
"""A word in the texts of both units, so that a search finds something in each."""

Of = Callable[[str], Any]
Values = Callable[[Of], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """One of the two units of the walk. `marker` must stand in every text of its objects; `editor` is somebody who works there."""

    unit: Unit
    marker: str
    editor: User
    made: dict[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> Any:
        """The key of this place's object of a kind; made on the first call."""
        if kind not in self.made:
            self.made[kind] = kinds[kind](self)
        return self.made[kind]


@dataclass(frozen=True, slots=True)
class Sample:
    """How to ask for one pattern. `shows`: a kind whose own marker somebody must see there, so that an empty list proves nothing.

    `is_key`: the address itself is the right to it (an invitation's word), so no other unit's is asked for.
    `offers_units`: the page lets somebody choose among all units of the body; their names stand there as choices, and nowhere else.
    """

    values: Values | None = None
    query: Values | None = None
    post: Values | None = None
    shows: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_key: bool = False
    offers_units: bool = False


kinds: dict[str, Callable[[Place], Any]] = {}
_samples: dict[str, list[Sample]] = {}


def kind(name: str) -> Callable[[Callable[[Place], Any]], Callable[[Place], Any]]:
    """Decorator: how an object of this kind is made in a place; the function returns its key."""

    def keep(make: Callable[[Place], Any]) -> Callable[[Place], Any]:
        kinds[name] = make
        return make

    return keep


def register(door: str, values: Values | None = None, **more: Any) -> None:
    """A sample for a pattern (its full view name); `more` as in `Sample`. A pattern may have several."""
    _samples.setdefault(door, []).append(Sample(values, **more))


def samples_of(door: str) -> list[Sample]:
    """The samples of a pattern, in the order of their registration."""
    return _samples.get(door, [])


_second_rules: dict[str, Callable[[Any], None]] = {}


def second_rule(*doors: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Decorator: how to take away (by monkeypatch) what a view asks itself, behind the guard. Without it nobody could see that the guard asks too."""

    def keep(take_away: Callable[[Any], None]) -> Callable[[Any], None]:
        _second_rules.update(dict.fromkeys(doors, take_away))
        return take_away

    return keep


def take_away_second_rule(door: str, monkeypatch: Any) -> None:
    """Leave the guard alone with this door."""
    if door in _second_rules:
        _second_rules[door](monkeypatch)


def missing(kind: str) -> Any:
    """The key of an object that does not exist, of the same type as true keys."""
    if kind == "invitation":
        return "OTg3", "no-such-word"
    return "no/such-object.jpg" if kind.endswith("_name") else MISSING


def discover() -> None:
    """Import every module of tests.house.walk: each room keeps its samples in one of its own."""
    package = importlib.import_module("tests.house.walk")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"tests.house.walk.{module.name}")

"""Walking: who asks for what, and what was wrong with the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from fangtang.media.actions import shelf_for
from fangtang.people import access, checks
from fangtang.people.access import Access, Who
from fangtang.people.models import Reach
from fangtang.people.roles import Role
from tests import factories
from tests.house import samples
from tests.house.samples import Place, Sample

OWN_MARKER, OTHER_MARKER = "zqownzq", "zqotherzq"
SIGN_IN = "/desk/login/"
METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who asks. `role` is "" for people without a post."""

    name: str
    role: str
    client: Client
    is_signed_in: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """Two units with one of everything, and everybody who asks; all of them belong to `own`. `nowhere`: what an address that does not exist answers, to
    each walker and method."""

    own: Place
    other: Place
    walkers: Sequence[Walker]
    uploads: Path
    nowhere: dict[tuple[str, str], bytes] = field(default_factory=dict)


def build(uploads: Path) -> World:
    """All rows of the walk; every kind of object is made in both places before anybody asks."""
    own, other = _place("own", OWN_MARKER), _place("other", OTHER_MARKER)
    for kind in samples.kinds:
        own.of(kind)
        other.of(kind)
    call_command("wagtail_update_index", verbosity=0)
    return World(own, other, tuple(_walkers(own)), uploads)


def look_nowhere(world: World) -> None:
    """Note what an address that does not exist answers, once, before anybody breaks a guard on purpose."""
    for walker in world.walkers if not world.nowhere else ():
        for method in METHODS:
            world.nowhere[walker.name, method] = answer(walker, method, "/desk/no-such-address/", {}, {})[1]


def faults(world: World, door: str) -> list[str]:
    """Everything that is wrong with one pattern, as sentences; [] when it keeps its declaration."""
    rule = access.declared(door)
    if rule is None:
        return [f"{door} has no declaration: declare it in its app's access.py"]
    asked = list(_samples(door, rule))
    if not asked:
        return [f'{door} names an object and has no sample: samples.register("{door}", lambda of: {{…}}) in tests/house/walk/ (see tests/house/samples.py)']
    visit = Visit(world, door, rule)
    for sample in asked:
        visit.ask(sample)
    return visit.faults()


@dataclass(slots=True)
class Visit:
    """All that was asked at one door, and what came of it."""

    world: World
    door: str
    rule: Access
    found: list[str] = field(default_factory=list)
    was_reached: bool = False
    unseen: set[str] = field(default_factory=set)

    def ask(self, sample: Sample) -> None:
        names_object = _names_object(sample)
        if sample.shows:
            self.unseen.add(sample.shows)
        for walker in self.world.walkers:
            for side in _sides(sample):
                for method in METHODS:
                    self._ask_one(sample, walker, side, method, must_hide=names_object and side != "own")

    def faults(self) -> list[str]:
        if self.rule.who is not Who.NOBODY and not self.was_reached:
            self.found.append(f"{self.door} was never reached by anybody")
        if self.unseen:
            self.found.append(f"{self.door}: nobody ever saw their own {sorted(self.unseen)} there")
        return self.found

    def _ask_one(self, sample: Sample, walker: Walker, side: str, method: str, *, must_hide: bool) -> None:
        address = _address(self.door, sample, self.world, side)
        status, body, location = answer(walker, method, address, _body(sample, self.world, side, method), sample.headers)
        told = f"{method} {address} as {walker.name}"
        if sample.offers_units:
            body = body.replace(self._choice, b"")
        if OTHER_MARKER.encode() in body or (OTHER_MARKER in location and OTHER_MARKER not in address):
            self.found.append(f"{told} shows another unit's content")
        if not walker.is_signed_in and self.rule.who is not Who.PUBLIC:
            self._expect(location.startswith(SIGN_IN), told, "does not lead to the sign-in page")
            return
        if self.rule.who is Who.SIGNED_IN and not walker.role:
            self._expect(location.startswith(SIGN_IN) or status == 404, told, f"opens the desk to somebody without a post ({status} {location})")
            return
        may = self._may(walker, method) and not must_hide
        if not may:
            self._expect(
                (status, body) == (404, self.world.nowhere[walker.name, method]),
                told,
                f"does not look like an address that does not exist ({status} {location})",
            )
            return
        self._expect(not _is_refusal(status, location, self.door), told, f"is refused ({status} {location}) though it is declared")
        self._expect(status < 500, told, f"fails ({status})")
        self.was_reached = self.was_reached or (status < 400 and not _is_refusal(status, location, self.door))
        if OWN_MARKER.encode() in body:
            self.unseen.discard(sample.shows)

    @property
    def _choice(self) -> bytes:
        unit = self.world.other.unit
        return f'<option value="{unit.pk}">{unit}</option>'.encode()

    def _may(self, walker: Walker, method: str) -> bool:
        if self.rule.who is Who.NOBODY or method not in self.rule.methods:
            return False
        return self.rule.who is not Who.ROLES or walker.role in self.rule.roles

    def _expect(self, is_right: bool, told: str, fault: str) -> None:
        if not is_right:
            self.found.append(f"{told} {fault}")


def answer(walker: Walker, method: str, address: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, bytes, str]:
    """Status, body and Location of one request; whatever it wrote is rolled back, and who signed out stays signed in."""
    cookies = walker.client.cookies.copy()
    with transaction.atomic():
        ask = walker.client.get if method == "GET" else walker.client.post
        response = ask(address, dict(body) if method == "POST" else None, headers=dict(headers))
        content = _content(response)
        transaction.set_rollback(True)
    walker.client.cookies = cookies
    return response.status_code, content, response.headers.get("Location", "")


def _content(response: HttpResponseBase) -> bytes:
    content = b"".join(response) if response.streaming else response.content  # read to its end, Django's client closes it
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]*|(nonce=")[^"]*', rb"\1\2", content)


def _is_refusal(status: int, location: str, door: str) -> bool:
    sent_home = location == reverse("wagtailadmin_home") and door not in ("wagtailadmin_login", "wagtailadmin_logout")
    return status in (403, 404) or (location.startswith(SIGN_IN) and door != "wagtailadmin_logout") or sent_home


def _samples(door: str, rule: Access) -> Iterator[Sample]:
    given = samples.samples_of(door)
    if given:
        yield from given
    elif rule.who is Who.NOBODY or not _captures(door):
        yield Sample()


def _names_object(sample: Sample) -> bool:
    return _touches(sample.values)


def _uses_object(sample: Sample) -> bool:
    return any(_touches(values) for values in (sample.values, sample.query, sample.post))


def _sides(sample: Sample) -> tuple[str, ...]:
    return ("own", "other", "missing") if _uses_object(sample) and not sample.is_key else ("own",)


def _touches(values: samples.Values | None) -> bool:
    asked: list[str] = []
    if values:
        values(lambda kind: asked.append(kind) or samples.missing(kind))
    return bool(asked)


def _of(world: World, side: str) -> samples.Of:
    return {"own": world.own.of, "other": world.other.of, "missing": samples.missing}[side]


def _captures(door: str) -> bool:
    return any("<" in pattern.route or "(" in pattern.route for pattern in checks.patterns() if pattern.door == door)


def _address(door: str, sample: Sample, world: World, side: str) -> str:
    of = _of(world, side)
    query = "?" + "&".join(f"{name}={value}" for name, value in sample.query(of).items()) if sample.query else ""
    if sample.values is None:
        return next(filled(pattern) for pattern in checks.patterns() if pattern.door == door) + query
    values = dict(sample.values(of))
    by_place = [values.pop(str(place)) for place in range(len(values)) if str(place) in values]
    return reverse(door, args=by_place or None, kwargs=values or None) + query


def _body(sample: Sample, world: World, side: str, method: str) -> dict[str, Any]:
    return dict(sample.post(_of(world, side))) if sample.post and method == "POST" else {}


def filled(pattern: checks.Pattern) -> str:
    """An address that matches the pattern, for doors that are closed to everybody whatever it names."""
    route = re.sub(r"<(\w+:)?\w+>", lambda found: "1" if found[1] in ("int:",) else "x", pattern.route)
    route = re.sub(r"\^\.\*/\$", "no-such-address/", route)
    route = re.sub(r"\((?:live\|)?(?:earliest\||latest\|)?\\d\+\)|\(\\d\+\)", "1", route).replace("(.*)", "x").replace("\\.", ".")
    return "/" + route.replace("^", "").replace("$", "")


def _place(key: str, marker: str) -> Place:
    unit = factories.unit(f"{key}-{marker}", name=f"{samples.COMMON} {marker}")
    shelf_for(unit)
    return Place(unit=unit, marker=marker, editor=factories.person(f"{marker}.writer", Role.EDITOR, unit))


def _walkers(own: Place) -> Iterator[Walker]:
    yield Walker("anonymous", "", _client(), is_signed_in=False)
    yield Walker("nobody in particular", "", _client(factories.user("walker.none")))
    yield Walker("superuser", "", _client(factories.user("walker.superuser", is_superuser=True, is_staff=True)))
    for role in Role.values:
        yield Walker(role, role, _client(factories.person(f"walker.{role}", role, own.unit, reach=_reach(role))))


def _reach(role: str) -> str:
    """Units are opened by operators who reach below theirs; for everybody else the narrower reach is the harder case."""
    return Reach.BELOW if role == Role.OPERATOR else Reach.UNIT


def _client(user: Any = None) -> Client:
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    if user:
        client.force_login(user)
    return client

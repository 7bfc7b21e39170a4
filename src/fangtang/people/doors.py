"""Who may reach the addresses about people: operators decide, security officers look, auditors read the log, each within reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from fangtang.people.access import PUBLIC, UnitPaths, declare, roles
from fangtang.people.models import Post, Unit
from fangtang.people.roles import Role

LOOKING = roles(Role.OPERATOR, Role.SECURITY_OFFICER)
DECIDING = roles(Role.OPERATOR)


def person(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The units of the login that the address names: the one that looks after it, and those of its posts."""
    places = Unit.objects.filter(Q(logins=captured["pk"]) | Q(posts__user=captured["pk"]))
    return tuple(places.distinct().values_list("path", flat=True))


def post(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The unit of the post that the address names."""
    return tuple(Post.objects.filter(pk=captured["pk"]).values_list("unit__path", flat=True))


def unit(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The unit that the address names."""
    return tuple(Unit.objects.filter(pk=captured["pk"]).values_list("path", flat=True))


declare(PUBLIC, "people_welcome")
declare(LOOKING, "people:index", "people:index_results", "people:units")
declare(LOOKING.of(person), "people:person")
declare(DECIDING, "people:add", "people:appoint", "people:open_unit")
declare(DECIDING.of(person), "people:change")
declare(DECIDING.of(person).by("POST"), "people:invite")
declare(DECIDING.of(post), "people:dismiss", "people:stand_in")
declare(DECIDING.of(unit), "people:change_unit")
declare(roles(Role.AUDITOR).by("GET", "HEAD"), "people:events", "people:events_csv")

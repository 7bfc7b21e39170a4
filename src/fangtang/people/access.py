"""Who may reach which address: one declaration per URL pattern, one guard that asks them all.

Each app declares its patterns (and those of Wagtail that it uses) in its `access.py`, found by autodiscovery; Wagtail's own admin is
declared in `wagtail_doors`. An address without a declaration is refused. Denied and missing look alike: both are the same 404; whoever is
not signed in is sent to the sign-in page for any address of the desk, existing or not. `checks` and tests/house hold that every pattern is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch

from fangtang.people.queries import Duty

UnitPaths = tuple[str, ...]
"""Tree paths of the units an object belongs to; a person needs to reach one of them. () : no such object."""

UnitsOf = Callable[[HttpRequest, Mapping[str, Any]], UnitPaths]
"""From the request and the URL's captured values to the units of the object that the address names."""


USUAL_METHODS = frozenset({"GET", "HEAD", "POST"})


class Who(Enum):
    PUBLIC = "public"
    SIGNED_IN = "signed in"
    ROLES = "roles"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may: everybody, everybody signed in, people with one of `roles` (for the units of the object when `units_of` is given), or nobody.

    `methods` are the HTTP methods with which the address may be asked; with any other it does not exist.
    """

    who: Who
    roles: frozenset[str] = frozenset()
    units_of: UnitsOf | None = None
    methods: frozenset[str] = USUAL_METHODS

    def by(self, *methods: str) -> Access:
        """The same, asked with these HTTP methods only."""
        return replace(self, methods=frozenset(methods))

    def of(self, units_of: UnitsOf) -> Access:
        """The same, only for objects of units within the person's reach."""
        return replace(self, units_of=units_of)

    def admits(self, duties: Iterable[Duty], request: HttpRequest, captured: Mapping[str, Any]) -> bool:
        """Whether somebody signed in with these duties may reach the address."""
        if self.who is not Who.ROLES:
            return self.who is not Who.NOBODY
        fitting = [duty for duty in duties if duty.role in self.roles]
        if self.units_of is None or not fitting:
            return bool(fitting)
        return any(duty.covers(path) for path in self.units_of(request, captured) for duty in fitting)


PUBLIC = Access(Who.PUBLIC)
SIGNED_IN = Access(Who.SIGNED_IN)
NOBODY = Access(Who.NOBODY)

_declared: dict[str, Access] = {}


def roles(*names: str) -> Access:
    """Access for people who have one of these roles today."""
    return Access(Who.ROLES, frozenset(names))


def declare(access: Access, *view_names: str) -> None:
    """Declare URL patterns by their full view name ("wagtailimages:edit"; see `door`). A second, different declaration is a programming error (ValueError)."""
    for name in view_names:
        if _declared.get(name, access) != access:
            raise ValueError(f"{name} is declared twice")
        _declared[name] = access


def door(match: ResolverMatch) -> str:
    """The name under which a resolved address is declared: its full view name, or for a pattern without a name its route ("desk/test404/")."""
    return match.view_name if match.url_name else match.route


def declared(door: str) -> Access | None:
    """The declaration of a pattern, or None."""
    return _declared.get(door)


def declarations() -> Mapping[str, Access]:
    """All declarations, by the names of their patterns."""
    return dict(sorted(_declared.items()))

"""Django's system check that every address is declared exactly once; `patterns` is what the role walk walks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags
from django.urls import URLPattern, URLResolver, get_resolver

from fangtang.people import access


@dataclass(frozen=True, slots=True)
class Pattern:
    """One URL pattern: the name under which it is declared, its whole route, and whether its name can be reversed."""

    door: str
    route: str
    is_named: bool


def patterns(resolver: URLResolver | None = None, *, route: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[Pattern]:
    """Every pattern behind a resolver (None: all of the desk's), includes followed, in the order in which Django tries them."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route=whole, namespaces=(*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern):
            yield Pattern(":".join((*namespaces, entry.name)) if entry.name else whole, whole, bool(entry.name))


@checks.register(Tags.urls)
def every_address_is_declared(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """people.W001: a pattern that nobody declared (it would be refused). people.W002: a declaration for a pattern that does not exist."""
    doors = {pattern.door for pattern in patterns()}
    undeclared = sorted(doors - access.declarations().keys())
    stale = sorted(access.declarations().keys() - doors)
    return [
        *(checks.Warning(f"The address {door} has no declaration.", hint="Declare it in its app's access.py.", id="people.W001") for door in undeclared),
        *(checks.Warning(f"{door} is declared, but there is no such address.", hint="Remove the declaration.", id="people.W002") for door in stale),
    ]

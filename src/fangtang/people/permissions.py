"""Django's permissions, for the parts of Wagtail that ask for them: they follow from the roles of today's posts, never from groups or flags.

An app grants in its `access.py`: `permissions.grant("articles.add_article", Role.EDITOR)`. A permission only opens a kind of page; which
rows somebody sees there is decided by queries and by the declarations of addresses.
"""

from __future__ import annotations

from collections.abc import Iterable

_granted: dict[str, frozenset[str]] = {}


def grant(permission: str, *roles: str) -> None:
    """Give a permission ("app.codename") to these roles, besides those that have it already."""
    _granted[permission] = roles_with(permission) | frozenset(roles)


def roles_with(permission: str) -> frozenset[str]:
    """The roles that have this permission; none when nobody granted it."""
    return _granted.get(permission, frozenset())


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Every permission that one of these roles has."""
    wanted = frozenset(roles)
    return frozenset(permission for permission, having in _granted.items() if having & wanted)

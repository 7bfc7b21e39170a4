"""Looking up a name by its key."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named(names: Mapping[object, str], key: object) -> str:
    """The name, or a dash."""
    return names.get(key, "—")

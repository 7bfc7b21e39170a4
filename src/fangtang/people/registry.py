"""What higher apps tell this one: to which units a row of theirs belongs (for doors of Wagtail that name any model in their address), and what a
new unit needs."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.kernel.registry import Registry
from fangtang.people.models import Unit

owners: Registry[Callable[[str], tuple[str, ...]]] = Registry("people.owners")
"""By model label ("articles.article"): primary key, as text from an address → tree paths of the units the row belongs to; () for no such row."""

unit_opened: Registry[Callable[[Unit], object]] = Registry("people.unit_opened")
"""Called with a new unit, in the same transaction: what a room needs for every unit. `media` makes its shelf."""

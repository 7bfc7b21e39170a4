"""What higher apps tell this one: which pictures and files they still need."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.kernel.registry import Registry
from fangtang.people.access import UnitPaths

needed: Registry[Callable[[str, int], bool]] = Registry("media.needed")
"""Whether a room still needs a picture or file: model label ("media.picture") and primary key → answer.

For uses that Wagtail's reference index does not see: pinned revisions. `releases` or `articles` registers its own.
"""

showing: Registry[Callable[[str, int], UnitPaths]] = Registry("media.showing")
"""Tree paths of the units that show a picture or file in a text of theirs, on whatever shelf it lies: model label and primary key → paths."""

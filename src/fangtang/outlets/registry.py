"""How higher rooms hear of changes to the register, and what they offer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fangtang.kernel.registry import Registry

if TYPE_CHECKING:
    from fangtang.outlets.models import Home

site_changed: Registry[Callable[[int, str], None]] = Registry("outlets.site_changed")
"""Called after commit with a site's id and the audit verb of what changed it ("outlets.change_site")."""

home_previews: Registry[Callable[[Home], bytes]] = Registry("outlets.home_previews")
"""Draws a home page with the layout it has in memory, saved or not: HTML as it would stand in public. At most one is registered."""

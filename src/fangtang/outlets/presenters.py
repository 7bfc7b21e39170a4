"""How the register's refusals read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fangtang.kernel.errors import Obstacle


def sentence(obstacle: Obstacle) -> str:
    """What stands in the way, and what to do."""
    count = int(obstacle.data.get("articles") or obstacle.data.get("sections") or 0)
    match obstacle.code:
        case "outlets.section_in_use":
            return ngettext(
                "%(count)d article is placed in this section. Close the section instead: what stands there stays, and nothing new comes in.",
                "%(count)d articles are placed in this section. Close the section instead: what stands there stays, and nothing new comes in.",
                count,
            ) % {"count": count}
        case "outlets.section_has_subsections":
            return ngettext(
                "%(count)d section stands below this one. Move or delete it first.",
                "%(count)d sections stand below this one. Move or delete them first.",
                count,
            ) % {"count": count}
        case "outlets.section_was_in_use":
            return _("Articles stood in this section, and their addresses are kept. Close the section instead: nothing new comes in.")
        case "outlets.below_itself":
            return _("A section cannot stand below itself.")
        case _:
            return obstacle.code

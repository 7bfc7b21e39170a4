"""Pictures and files that an article may show: those on shelves that its writer may choose from, and those it showed already.

The choosers offer nothing else; this is for whoever writes another number into the form. The form is then shown again without that number: a
chooser would look it up and show what it is called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from wagtail.documents import permissions as documents
from wagtail.images import permissions as images

from fangtang.articles import content
from fangtang.kernel.sent import decimal_id, from_json
from fangtang.people.models import User


def strangers(saved: Mapping[str, Any], *, before: Mapping[str, Any], by: User) -> int:
    """How many pictures and files in this content are neither in the one before nor for this person to choose (missing ones count)."""
    now, then = content.media_of(saved), content.media_of(before)
    wanted = ((images, set(now.pictures) - set(then.pictures)), (documents, set(now.files) - set(then.files)))
    return sum(len(new) - _choosable(room, new, by) for room, new in wanted)


_CHOSEN = {
    "picture": re.compile(r"lead_image|body-\d+-value-image"),
    "file": re.compile(r"body-\d+-value-(?:video|captions|document)"),
}
_POLICIES = {"picture": images, "file": documents}


def without_strangers(data: QueryDict, *, before: Mapping[str, Any], by: User) -> tuple[QueryDict, bool]:
    """What a form sent without the numbers of such pictures and files (and without what is no number), and whether there were any."""
    then, cleaned, found = content.media_of(before), data.copy(), False
    known = {"picture": set(then.pictures), "file": set(then.files)}
    for key, sent in data.items():
        for kind, names in _CHOSEN.items():
            if sent and names.fullmatch(key) and not _is_known(kind, str(sent), known[kind], by):
                cleaned[key], found = "", True
        if key.startswith("body-") and str(sent).lstrip().startswith("{"):
            text = _without_links(str(sent), known["file"], by)
            cleaned[key], found = text or str(sent), found or bool(text)
    return cleaned, found


def _is_known(kind: str, sent: str, known: set[int], by: User) -> bool:
    number = decimal_id(sent)
    return number is not None and (number in known or _choosable(_POLICIES[kind], {number}, by) == 1)


def _without_links(sent: str, known: set[int], by: User) -> str:
    """A text of the editor's whose links to such files lead nowhere; "" when it has none."""
    try:
        text = from_json(sent)
    except ValueError:
        return ""
    strange = [link for link in _links(text) if not _is_known("file", str(link.get("id")), known, by)]
    for link in strange:
        link.clear()
        link["id"] = 0
    return json.dumps(text) if strange else ""


def _links(text: Any) -> Iterator[dict[str, Any]]:
    entities = text.get("entityMap") if isinstance(text, dict) else None
    for entity in entities.values() if isinstance(entities, dict) else ():
        if isinstance(entity, dict) and entity.get("type") == "DOCUMENT" and isinstance(entity.get("data"), dict):
            yield entity["data"]


def _choosable(room: Any, wanted: set[int], by: User) -> int:
    return room.permission_policy.instances_user_has_permission_for(by, "choose").filter(pk__in=wanted).count() if wanted else 0

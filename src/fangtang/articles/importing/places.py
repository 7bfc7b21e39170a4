"""Where drafts may go: the units and sections of this instance by their keys, and who may bring them there; asked once per import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from fangtang.articles.importing.rows import ArticleDraft, Rejected
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role

MAY_IMPORT = frozenset({Role.EDITOR, Role.SITE_MANAGER, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Place:
    """One section: its id, whether it is open, and the ids of the units whose articles it takes."""

    section_id: int
    is_open: bool
    unit_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Places:
    """Units by key and sections by "site key/address"; `own_unit_ids` are the units into which the person may import."""

    units: Mapping[str, int]
    sections: Mapping[str, Place]
    own_unit_ids: frozenset[int]

    def refusal(self, draft: ArticleDraft) -> Rejected | None:
        """Why the draft cannot stand where it says; None when it can."""
        unit_id = self.units.get(draft.unit_key)
        if unit_id is None:
            return Rejected(draft.line, draft.source_id, "importing.unit_missing", {"unit": draft.unit_key})
        if unit_id not in self.own_unit_ids:
            return Rejected(draft.line, draft.source_id, "importing.no_post_in_unit", {"unit": draft.unit_key})
        for name in draft.sections:
            code = _code(self.sections.get(name), unit_id=unit_id)
            if code:
                return Rejected(draft.line, draft.source_id, code, {"section": name, "unit": draft.unit_key})
        return None

    def section_ids(self, draft: ArticleDraft) -> list[int]:
        """Ids of the draft's sections, in its order."""
        return [self.sections[name].section_id for name in draft.sections]


def _code(place: Place | None, *, unit_id: int) -> str:
    if place is None:
        return "importing.section_missing"
    if not place.is_open:
        return "importing.section_closed"
    return "" if unit_id in place.unit_ids else "importing.section_refuses_unit"


def own_units(person: User, *, day: date) -> QuerySet[Unit]:
    """The units into which this person may import articles on a day."""
    return people.units_of(person, roles=MAY_IMPORT, day=day)


def all_places(*, by: User, day: date) -> Places:
    """Every unit and section there is now, and the units of the person who imports."""
    contributors: dict[int, set[int]] = defaultdict(set)
    for section_id, unit_id in Section.contributors.through.objects.values_list("section_id", "unit_id"):
        contributors[section_id].add(unit_id)
    sections = {
        f"{section.site.key}/{section.address}": Place(section.pk, section.closed_at is None, frozenset({section.site.unit_id, *contributors[section.pk]}))
        for section in Section.objects.select_related("site")
    }
    own = frozenset(own_units(by, day=day).values_list("pk", flat=True))
    return Places(units=dict(Unit.objects.values_list("key", "pk")), sections=sections, own_unit_ids=own)

"""What people ask of the register. Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Length

from fangtang.outlets.models import Section, Site
from fangtang.people.models import Unit
from fangtang.people.queries import Person, units_of
from fangtang.people.roles import Role


def open_sections(*, accepting: Unit | None = None) -> QuerySet[Section]:
    """Sections that are not closed, in the order of sites and trees; with `accepting`, those that take this unit's articles."""
    sections = Section.objects.filter(closed_at=None).select_related("site").order_by("site_id", "path")
    if accepting is None:
        return sections
    taking = Q(site__unit=accepting) | Q(pk__in=Section.contributors.through.objects.filter(unit=accepting).values("section_id"))
    return sections.filter(taking)


def accepts(section: Section, unit: Unit) -> bool:
    """Whether the section is open to articles of this unit."""
    return open_sections(accepting=unit).filter(pk=section.pk).exists()


def managed_sites(person: Person, *, day: date) -> QuerySet[Site]:
    """The sites whose unit this person manages as site manager today."""
    return Site.objects.filter(unit__in=units_of(person, roles={Role.SITE_MANAGER}, day=day)).select_related("wagtail_site", "unit", "home").order_by("pk")


def letters_below(section: Section) -> int:
    """By how much the longest address of the sections below is longer than the section's own; 0 when there is none below, or it is new."""
    tree = Section.objects.filter(path__startswith=section.path) if section.pk else Section.objects.none()
    longest = tree.aggregate(most=Max(Length("address")))["most"]
    return int(longest) - len(section.address) if longest else 0


def wrong_addresses(sections: Iterable[Section]) -> list[Section]:
    """Sections whose stored address is not what the tree gives; [] unless something is broken."""
    by_path = {section.path: section for section in sections}
    return [section for section in by_path.values() if section.address != _address(section, by_path)]


def _address(section: Section, by_path: dict[str, Section]) -> str:
    steps = range(Section.steplen, len(section.path) + 1, Section.steplen)
    return "/".join(by_path[section.path[:length]].slug for length in steps)


def all_sites() -> QuerySet[Site]:
    """All sites, the body's main site first."""
    return Site.objects.select_related("wagtail_site").order_by(F("wagtail_site__is_default_site").desc(), "pk")

"""Opens the sites: profiles, sections, home pages, review plans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from fangtang.demo import city, sections
from fangtang.demo.city import SiteUnit
from fangtang.demo.load.shelving import emblem_of
from fangtang.demo.sections import BlockRow, SectionRow
from fangtang.outlets import actions
from fangtang.outlets.actions import Host
from fangtang.outlets.models import Section, Site
from fangtang.people.models import Unit
from fangtang.reviews.models import ReviewPlan

THREE_AND_THREE = ["proofread:1", "review:1", "proofread:2", "review:2", "proofread:3", "review:3"]
ONE_AND_THREE = ["proofread:1", "review:1", "review:2", "review:3"]
ELSEWHERE = re.compile(r"^@(.+)$")


@dataclass(frozen=True, slots=True)
class Opened:
    """One open site with its sections by slug."""

    row: SiteUnit
    site: Site
    sections: dict[str, Section]


def open_sites(units: dict[str, Unit], *, port: int, scheme: str, now: datetime) -> Iterator[Opened]:
    """The portal first; yields each site as it is opened, so that progress can be shown."""
    addresses = {row.key: f"{scheme}://{row.host}.localhost:{port}/" for row in city.site_units()}
    for row in city.site_units():
        site = _open(row, units[row.key], port=port, now=now)
        made = dict(_add_sections(site, sections.TREES[row.kind], under=None, now=now))
        for section in made.values():
            section.contributors.set(_contributors(row, units))
        site.home.layout = list(_layout(sections.LAYOUTS[row.kind], made, addresses))
        site.home.save()
        yield Opened(row, site, made)


def open_plain(unit: Unit, *, colours: tuple[str, str], contributor: Unit, port: int, now: datetime) -> Site:
    """A site named after a unit, with the sections and home page of a department."""
    colour, accent = colours
    host = Host(f"{unit.key}.localhost", port)
    site = actions.open_site(host=host, key=unit.key, unit=unit, by=None, now=now, name=unit.name, sponsor=unit.name, colour=colour, accent=accent)
    made = dict(_add_sections(site, sections.TREES["department"], under=None, now=now))
    for section in made.values():
        section.contributors.add(contributor)
    site.home.layout = list(_layout(sections.LAYOUTS["department"], made, {city.CITY_OFFICE_KEY: f"{settings.PUBLIC_SCHEME}://www.localhost:{port}/"}))
    site.home.save()
    return site


def set_plans(opened: Iterable[Opened]) -> None:
    """三校三审 for the whole body; counties read ordinary texts with one proofread and three reviews."""
    ReviewPlan.objects.create(name="三校三审", steps=THREE_AND_THREE)
    counties = [one.site for one in opened if one.row.kind == "county"]
    ReviewPlan.objects.bulk_create(ReviewPlan(name="一校三审", site=site, sensitivity="ordinary", steps=ONE_AND_THREE) for site in counties)


def _open(row: SiteUnit, unit: Unit, *, port: int, now: datetime) -> Site:
    imprint = row.imprint
    return actions.open_site(
        host=Host(f"{row.host}.localhost", port, is_default=row.key == city.CITY_OFFICE_KEY),
        key=row.host,
        unit=unit,
        by=None,
        now=now,
        name=row.site_name,
        description=f"{row.site_name}：政务公开、办事服务、互动交流。",
        colour=row.colour,
        accent=row.accent,
        emblem=emblem_of(row, unit),
        sponsor=row.name,
        undertaker="方塘市数据和政务服务局" if row.kind == "city" else row.name,
        identification_code=imprint.identification_code,
        icp_number=imprint.icp_number,
        police_number=imprint.police_number,
        address=imprint.address,
        postcode=imprint.postcode,
        phone=imprint.phone,
        email=imprint.email,
    )


def _add_sections(site: Site, rows: Iterable[SectionRow], *, under: Section | None, now: datetime) -> Iterator[tuple[str, Section]]:
    for row in rows:
        section = actions.add_section(
            site,
            under=under,
            name=row.name,
            slug=row.slug,
            kind=row.kind,
            description=row.description,
            freshness_days=row.freshness_days or None,
            by=None,
            now=now,
        )
        yield row.slug, section
        yield from _add_sections(site, row.children, under=section, now=now)


def _contributors(row: SiteUnit, units: dict[str, Unit]) -> list[Unit]:
    """Who else may place here: every unit on the portal; the city office everywhere; a county's towns on the county's site."""
    office = units[city.CITY_OFFICE_KEY]
    if row.kind == "city":
        return [unit for unit in units.values() if unit != office]
    below = [unit for unit in units.values() if unit.path.startswith(units[row.key].path) and unit.key != row.key]
    return [office, *below]


def _layout(rows: Iterable[BlockRow], made: dict[str, Section], addresses: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        match row.kind:
            case "notice_bar":
                yield row.kind, {"text": row.text, "url": f"/{made[row.section].address}/" if row.section else ""}
            case "quick_links":
                links = [{"title": link.title, "url": _address(link.url, addresses), "line": link.line} for link in row.links]
                yield row.kind, {"title": row.title, "links": links}
            case _:
                yield row.kind, {"title": row.title, "sections": [made[slug] for slug in row.section.split()], "most": row.count, "width": row.width}


def _address(url: str, addresses: dict[str, str]) -> str:
    elsewhere = ELSEWHERE.match(url)
    return addresses[elsewhere[1]] if elsewhere else url

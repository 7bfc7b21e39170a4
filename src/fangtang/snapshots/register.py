"""The register as the builder reads it: all sites, sections and home layouts, as plain values, in three queries.

The *face* of a site is everything that all of its pages share. When it differs from the face a site was last built with, the site is built whole;
so a lost nudge after a change of the register loses nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, TextField
from django.db.models.functions import Cast

from fangtang.kernel import hashing
from fangtang.outlets.models import FormerAddress, Home, Section, Site

Layout = tuple[dict[str, Any], ...]
"""Blocks as stored: {"type": …, "value": …}."""

DRAWN_BY = ("theme", "pages", "media.py", "drawing", "serve/headers.py")
DRAWING_KINDS = (".py", ".html", ".css")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section; `path` is its place in the tree, by which siblings are ordered; `former` are addresses that it had and nobody has now."""

    id: int
    site_id: int
    name: str
    address: str
    kind: str
    description: str
    path: str
    depth: int
    is_closed: bool
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteRow:
    """A site with its sections in the order of the tree. `portal` is (name, base_url) of the body's main site, None on that site itself."""

    id: int
    key: str
    name: str
    description: str
    language: str
    colour: str
    accent: str
    emblem_id: int | None
    emblem_sha256: str
    sponsor: str
    undertaker: str
    identification_code: str
    icp_number: str
    police_number: str
    address: str
    postcode: str
    phone: str
    email: str
    host: str
    port: int
    is_default: bool
    base_url: str = ""
    portal: tuple[str, str] | None = None
    sections: tuple[SectionRow, ...] = ()
    layout: Layout = ()
    section_by_id: Mapping[int, SectionRow] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def face_sha256(self) -> str:
        """Digest of everything that all pages of the site share, and of what draws them."""
        return hashing.sha256(f"{drawn_by()} {self!r}".encode())

    @cached_property
    def home_sections(self) -> Mapping[int, int]:
        """Sections that the home page shows, each with the most articles taken from it."""
        wanted: dict[int, int] = {}
        for block in self.layout:
            for section in self.shown_in(block):
                wanted[section.id] = max(wanted.get(section.id, 0), taken(block))
        return wanted

    def named_in(self, block: Mapping[str, Any]) -> tuple[SectionRow, ...]:
        """The sections that a block names, in its order, open ones only."""
        value = block["value"]
        stored = value.get("sections", ()) if isinstance(value, dict) else ()
        # Wagtail stores list entries either bare or as {"type": "item", "value": …, "id": …}.
        found = (self.section_by_id.get(one["value"] if isinstance(one, dict) else one) for one in stored)
        return tuple(section for section in found if section and not section.is_closed)

    def shown_in(self, block: Mapping[str, Any]) -> tuple[SectionRow, ...]:
        """The sections whose articles a block shows: those it names and the open ones below them, each once."""
        paths = tuple(top.path for top in self.named_in(block))
        return tuple(one for one in self.sections if not one.is_closed and one.path.startswith(paths))

    def trail(self, section: SectionRow) -> tuple[SectionRow, ...]:
        """The sections above, top first, and the section itself."""
        return tuple(one for one in self.sections if section.path.startswith(one.path))

    def below(self, section: SectionRow) -> tuple[SectionRow, ...]:
        return tuple(one for one in self.sections if one.path.startswith(section.path) and one.depth == section.depth + 1)

    def holding(self, path: str) -> SectionRow | None:
        """The section below whose address a page lies; the nearest one, None for none."""
        return max((one for one in self.sections if path.startswith(one.address + "/")), key=lambda one: len(one.address), default=None)


Register = Mapping[int, SiteRow]
"""All sites by id."""

LAYOUTS_KEPT = 512
PICTURES_LOOKED_THROUGH = 20
"""A block of picture news looks for pictures among this many of the newest articles of each section."""


def taken(block: Mapping[str, Any]) -> int:
    """How many of the newest articles of each section a block looks at."""
    most = int(block["value"].get("most") or 6)
    return PICTURES_LOOKED_THROUGH if block["type"] == "picture_news" else most


def read() -> Register:
    """The whole register as it stands."""
    sections, layouts = _sections(), _layouts()
    columns = [name for name in SiteRow.__dataclass_fields__ if name not in _COMPUTED]
    renamed = {
        "host": F("wagtail_site__hostname"),
        "port": F("wagtail_site__port"),
        "is_default": F("wagtail_site__is_default_site"),
        "emblem_sha256": F("emblem__sha256"),
    }
    rows = list(Site.objects.order_by("pk").values(*[name for name in columns if name not in renamed], **renamed))
    main = next((row for row in rows if row["is_default"]), None)
    portal = (main["name"], base_url(main["host"], main["port"])) if main else None
    return {row["id"]: _site(row, portal, sections[row["id"]], layouts.get(row["id"], ())) for row in rows}


_COMPUTED = frozenset({"base_url", "portal", "sections", "layout", "section_by_id"})


_made: dict[int, tuple[tuple[Any, ...], SiteRow]] = {}
"""By site id: what a site was made of when it was last read, and the site. Between two releases hardly one changes, and what was computed for it stays."""


def _site(row: dict[str, Any], portal: tuple[str, str] | None, sections: list[SectionRow], layout: Layout) -> SiteRow:
    made_of = (row, base_url(row["host"], row["port"]), None if row["is_default"] else portal, sections, layout, drawn_by())
    known = _made.get(row["id"])
    if known and known[0] == made_of:
        return known[1]
    site = SiteRow(
        **row | {"emblem_sha256": row["emblem_sha256"] or ""},
        base_url=made_of[1],
        portal=made_of[2],
        sections=tuple(sections),
        layout=layout,
        section_by_id={section.id: section for section in sections},
    )
    _made[site.id] = made_of, site
    return site


def base_url(host: str, port: int) -> str:
    """The address of a site without a slash at its end; the scheme's own port is not written."""
    own = {"http": 80, "https": 443}[settings.PUBLIC_SCHEME]
    return f"{settings.PUBLIC_SCHEME}://{host}" + ("" if port in {own, 80, 443} else f":{port}")


def _sections() -> dict[int, list[SectionRow]]:
    rows = Section.objects.order_by("path").values_list("id", "site_id", "name", "address", "kind", "description", "path", "depth", "closed_at")
    by_site: dict[int, list[SectionRow]] = defaultdict(list)
    former = _former()
    for pk, site_id, name, address, kind, description, path, depth, closed_at in rows:
        by_site[site_id].append(
            SectionRow(pk, site_id, name, address, kind, description, path, depth, former=former.get(pk, ()), is_closed=closed_at is not None)
        )
    return by_site


def _former() -> dict[int, tuple[str, ...]]:
    """Addresses that a section had and nobody has now, by section."""
    taken = Section.objects.filter(site=OuterRef("site"), address=OuterRef("address"))
    found: dict[int, tuple[str, ...]] = {}
    for section_id, address in FormerAddress.objects.exclude(Exists(taken)).order_by("address").values_list("section_id", "address"):
        found[section_id] = (*found.get(section_id, ()), address)
    return found


def _layouts() -> dict[int, Layout]:
    """Read as text: Wagtail would make blocks of it for each site."""
    written = Home.objects.annotate(written=Cast("layout", TextField())).values_list("site_id", "written")
    return {site_id: _blocks(layout) for site_id, layout in written}


@lru_cache(LAYOUTS_KEPT)
def _blocks(written: str | None) -> Layout:
    """JSON, or a string of JSON inside of JSON: so the column looks after an update that did not go through the field."""
    stored = json.loads(written or "[]")
    if isinstance(stored, str):
        stored = json.loads(stored or "[]")
    return tuple({"type": block["type"], "value": block["value"]} for block in stored or ())


@cache
def drawn_by() -> str:
    """Digest of the templates, styles, code and catalogues that draw pages: after an upgrade every face differs."""
    package = files(__package__)
    parts = [part for name in DRAWN_BY for part in _files(package / name)]
    catalogues = _files(files("fangtang") / "locale", kinds=(".mo",))
    return hashing.digest([[str(part).rpartition("fangtang/")[2], hashing.sha256(part.read_bytes())] for part in sorted([*parts, *catalogues], key=str)])


def _files(place: Traversable, *, kinds: tuple[str, ...] = DRAWING_KINDS) -> list[Traversable]:
    if place.is_dir():
        return [found for below in place.iterdir() for found in _files(below, kinds=kinds)]
    return [place] if place.is_file() and place.name.endswith(kinds) else []

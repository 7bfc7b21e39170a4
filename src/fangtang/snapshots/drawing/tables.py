"""What the targets of one build are drawn from, read in few queries for all sites together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fangtang.snapshots import media, sources, targets
from fangtang.snapshots.pages import articles
from fangtang.snapshots.pages.chrome import Frame, frame
from fangtang.snapshots.register import Register, SectionRow, SiteRow
from fangtang.snapshots.sources import Facts, Line
from fangtang.snapshots.targets import SITE_FEEDS, Target

Wanted = Mapping[int, Iterable[Target]]
"""Site id → targets."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What lists are drawn from, for every section that a target looks at; `numbered` by section and page."""

    newest: Mapping[int, list[Line]]
    pinned: Mapping[int, list[Line]]
    numbered: Mapping[tuple[int, int], list[Line]]
    highest: Mapping[int, int]
    totals: Mapping[int, int]
    facts: Mapping[str, Facts]


class Table:
    """Everything that the targets of one build are drawn from; pages, addresses and files by (site id, …)."""

    def __init__(self, wanted: Wanted, register: Register) -> None:
        self.register = register
        self._by_kind: dict[str, dict[int, list[Target]]] = defaultdict(lambda: defaultdict(list))
        for site_id, some in wanted.items():
            for target in some:
                self._by_kind[target.kind][site_id].append(target)
        self._frames: dict[int, Frame] = {}
        self._places: dict[tuple[int, int | None], articles.Place] = {}
        self._read_articles()
        self._read_maps()
        self.lists = self._read_lists()

    def frame(self, site: SiteRow) -> Frame:
        """The frame of a site, drawn once."""
        if site.id not in self._frames:
            self._frames[site.id] = frame(site, emblem=media.emblem(site.emblem_id) if site.emblem_id else None)
        return self._frames[site.id]

    def place(self, site: SiteRow, section_id: int | None) -> articles.Place:
        """The place of a section's articles, made once."""
        key = (site.id, section_id)
        if key not in self._places:
            self._places[key] = articles.place(site, section_id)
        return self._places[key]

    def _read_articles(self) -> None:
        of_sites = self._by_kind["article"]
        ids = {target.number for some in of_sites.values() for target in some}
        self.pages = sources.pages_of(ids, site_ids=of_sites) if ids else {}
        self.addresses = sources.former_addresses(ids, site_ids=of_sites) if ids else {}
        self.prepared = sources.prepared(page.content_sha256 for page in self.pages.values() if not page.is_withdrawn)
        self.assets = sources.assets({site_id: [target.part for target in some] for site_id, some in self._by_kind["asset"].items()})

    def _read_maps(self) -> None:
        by_kind = self._by_kind
        self.months = sources.months(by_kind["months"]) if by_kind["months"] else {}
        self.pages_in = sources.pages_in({site_id: [target.part for target in some] for site_id, some in by_kind["month"].items()}) if by_kind["month"] else {}
        self.moves = sources.moves(by_kind["moves"]) if by_kind["moves"] else {}
        of_sites = [site_id for site_id, some in by_kind["feeds"].items() if SITE_FEEDS in some]
        self.newest_pages = sources.newest_pages(of_sites, most=targets.PAGE_SIZE)

    def _read_lists(self) -> Lists:
        fronts = self._sections("front")
        most = dict.fromkeys((section_id for section_id in (*fronts, *self._sections("feeds"))), targets.PAGE_SIZE)
        for site_id in self._by_kind["home"]:
            for section_id, count in self.register[site_id].home_sections.items():
                most[section_id] = max(count, most.get(section_id, 0))
        newest = sources.newest_lines(most)
        newest |= sources.newest_lines(self._below_empty(fronts, newest))
        pages = self._numbered_pages()
        pinned, numbered = sources.pinned_lines(fronts), sources.numbered_lines(pages)
        lines = [line for found in (newest, pinned, numbered) for some in found.values() for line in some]
        hashes = {line.content_sha256 for line in lines} | {page.content_sha256 for some in self.newest_pages.values() for page in some}
        return Lists(newest, pinned, numbered, sources.highest_numbers({*fronts, *pages}), sources.totals(fronts), sources.facts(hashes))

    def _sections(self, kind: str) -> list[int]:
        return [target.number for some in self._by_kind[kind].values() for target in some if target.number]

    def _numbered_pages(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for some in self._by_kind["page"].values():
            for target in some:
                found[target.number].append(int(target.part))
        return found

    def _below_empty(self, fronts: Iterable[int], newest: Mapping[int, list[Line]]) -> dict[int, int]:
        """A section without articles of its own shows those below it."""
        empty = {section_id for section_id in fronts if not newest.get(section_id)}
        sites = {site_id for site_id, some in self._by_kind["front"].items() if any(target.number in empty for target in some)}
        sections = [self.register[site_id].section_by_id[pk] for site_id in sites for pk in empty if pk in self.register[site_id].section_by_id]
        return {below.id: targets.PAGE_SIZE for top in sections for below in all_below(self.register[top.site_id], top)}


def all_below(site: SiteRow, section: SectionRow) -> tuple[SectionRow, ...]:
    """The sections below one, to any depth."""
    return tuple(one for one in site.sections if one.path.startswith(section.path) and one.id != section.id)

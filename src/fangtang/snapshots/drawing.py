"""From targets to files: reads what all targets of a build need, in few queries for all sites together, then draws each.

What a target's files are depends on the rows alone, so drawing it again gives the same bytes, and drawing every target gives the whole site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fangtang.snapshots import blobs, media, sources, targets
from fangtang.snapshots.models import Shown, Used
from fangtang.snapshots.pages import articles, feeds, home, lists, maps
from fangtang.snapshots.pages.chrome import Frame, frame
from fangtang.snapshots.register import Register, SectionRow, SiteRow
from fangtang.snapshots.sources import Facts, Line
from fangtang.snapshots.targets import FIXED, HOME, MONTHS, MOVES, SITE_FEEDS, Target

Files = dict[str, bytes | None]
"""Path below the site's root → bytes; None: no such file."""

Wanted = Mapping[int, Iterable[Target]]
"""Site id → targets."""

AT_ONCE = 300
"""Targets drawn together in a full build."""


def draw(wanted: Wanted, *, register: Register) -> dict[int, Files]:
    """The files of these targets, by site id."""
    table = _Table(wanted, register)
    return {site_id: _site(table, site_id, some) for site_id, some in wanted.items()}


def _site(table: _Table, site_id: int, some: Iterable[Target]) -> Files:
    files: Files = {}
    for target in sorted(set(some)):
        files.update(table.files(site_id, target))
    return files


def whole(site: SiteRow, *, register: Register) -> Iterator[tuple[str, bytes]]:
    """Every file of a site, each once."""
    for some in sources.chunks(list(everything(site)), AT_ONCE):
        for path, content in draw({site.id: some}, register=register)[site.id].items():
            if content is not None:
                yield path, content


def everything(site: SiteRow) -> Iterator[Target]:
    """Every target of a site."""
    yield from (HOME, MONTHS, MOVES, FIXED, SITE_FEEDS)
    yield from map(targets.article, Shown.objects.filter(site=site.id).order_by("article_id").values_list("article_id", flat=True))
    yield from map(targets.asset, Used.objects.filter(site=site.id).order_by("path").values_list("path", flat=True).distinct())
    yield from map(targets.month, sources.months([site.id]).get(site.id, {}))
    highest = sources.highest_numbers(section.id for section in site.sections)
    for section in site.sections:
        yield targets.front(section.id)
        yield targets.feeds(section.id)
        full = targets.full_pages(highest.get(section.id, 0))
        yield from (targets.page(section.id, number) for number in range(1, full + 2) if full)


@dataclass(frozen=True, slots=True)
class _Lists:
    """What lists are drawn from, for every section that a target looks at."""

    newest: Mapping[int, list[Line]]
    pinned: Mapping[int, list[Line]]
    numbered: Mapping[int, list[Line]]
    highest: Mapping[int, int]
    totals: Mapping[int, int]
    facts: Mapping[str, Facts]


class _Table:
    """Everything that the targets of one build are drawn from."""

    def __init__(self, wanted: Wanted, register: Register) -> None:
        self.register = register
        self._by_kind: dict[str, dict[int, list[Target]]] = defaultdict(lambda: defaultdict(list))
        for site_id, some in wanted.items():
            for target in some:
                self._by_kind[target.kind][site_id].append(target)
        self._frames: dict[int, Frame] = {}
        self._read_articles()
        self._read_maps()
        self._lists = self._read_lists()
        self._draw: Mapping[str, Callable[[SiteRow, Target], Iterable[tuple[str, bytes | None]]]] = {
            "article": self._article,
            "front": self._front,
            "page": self._page,
            "feeds": self._feeds,
            "home": self._home,
            "month": self._month,
            "months": self._months,
            "moves": self._moves,
            "asset": self._asset,
            "fixed": self._fixed,
        }

    def files(self, site_id: int, target: Target) -> Iterable[tuple[str, bytes | None]]:
        """(path, bytes) of one target."""
        return self._draw[target.kind](self.register[site_id], target)

    def frame(self, site: SiteRow) -> Frame:
        if site.id not in self._frames:
            self._frames[site.id] = frame(site, emblem=media.emblem(site.emblem_id) if site.emblem_id else None)
        return self._frames[site.id]

    # Reading

    def _read_articles(self) -> None:
        of_sites = self._by_kind["article"]
        ids = {target.number for some in of_sites.values() for target in some}
        self._pages = sources.pages_of(ids, site_ids=of_sites) if ids else {}
        self._addresses = sources.former_addresses(ids, site_ids=of_sites) if ids else {}
        self._prepared = sources.prepared(page.content_sha256 for page in self._pages.values() if not page.is_withdrawn)
        self._assets = sources.assets({site_id: [target.part for target in some] for site_id, some in self._by_kind["asset"].items()})

    def _read_maps(self) -> None:
        by_kind = self._by_kind
        self._months_of = sources.months(by_kind["months"]) if by_kind["months"] else {}
        self._pages_in = sources.pages_in({site_id: [target.part for target in some] for site_id, some in by_kind["month"].items()}) if by_kind["month"] else {}
        self._moves_of = sources.moves(by_kind["moves"]) if by_kind["moves"] else {}
        of_sites = [site_id for site_id, some in by_kind["feeds"].items() if SITE_FEEDS in some]
        self._newest_pages = sources.newest_pages(of_sites, most=targets.PAGE_SIZE)

    def _read_lists(self) -> _Lists:
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
        hashes = {line.content_sha256 for line in lines} | {page.content_sha256 for some in self._newest_pages.values() for page in some}
        return _Lists(newest, pinned, numbered, sources.highest_numbers({*fronts, *pages}), sources.totals(fronts), sources.facts(hashes))

    def _sections(self, kind: str) -> list[int]:
        return [target.number for some in self._by_kind[kind].values() for target in some if target.number]

    def _numbered_pages(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for some in self._by_kind["page"].values():
            for target in some:
                found[target.number].append(lists.numbers_on(int(target.part)))
        return found

    def _below_empty(self, fronts: Iterable[int], newest: Mapping[int, list[Line]]) -> dict[int, int]:
        """A section without articles of its own shows those below it."""
        empty = {section_id for section_id in fronts if not newest.get(section_id)}
        sites = {site_id for site_id, some in self._by_kind["front"].items() if any(target.number in empty for target in some)}
        sections = [self.register[site_id].section_by_id[pk] for site_id in sites for pk in empty if pk in self.register[site_id].section_by_id]
        return {below.id: targets.PAGE_SIZE for top in sections for below in _all_below(self.register[top.site_id], top)}

    # Drawing

    def _article(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        page, chrome = self._pages.get((site.id, target.number)), self.frame(site).chrome
        former = self._addresses.get((site.id, target.number), [])
        if page is None:
            yield from ((path, None) for path in former)
            return
        yield from ((path, articles.stub(path, target=f"/{page.path}", chrome=chrome)) for path in former if path != page.path)
        if page.is_withdrawn:
            yield page.path, articles.withdrawn(page, chrome=chrome, register=self.register)
        else:
            yield page.path, articles.article(page, self._prepared[page.content_sha256], chrome=chrome, register=self.register)

    def _front(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        section, found = site.section_by_id[target.number], self._lists
        lines = found.newest.get(section.id, [])[: targets.PAGE_SIZE]
        if not lines:
            below = (found.newest.get(one.id, []) for one in _all_below(site, section) if not one.is_closed)
            lines = lists.merged(below, most=targets.PAGE_SIZE)
        drawn = lists.front(
            site,
            section,
            chrome=self.frame(site).chrome,
            pinned=found.pinned.get(section.id, ()),
            lines=lines,
            highest=found.highest.get(section.id, 0),
            total=found.totals.get(section.id, 0),
            facts=found.facts,
        )
        yield f"{section.address}/index.html", drawn

    def _page(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        section, number, chrome = site.section_by_id[target.number], int(target.part), self.frame(site).chrome
        full = targets.full_pages(self._lists.highest.get(section.id, 0))
        path = lists.page_path(section, number)
        if number > full + 1 or not full:
            yield path, None
        elif number == full + 1:
            yield path, lists.not_full(section, number, chrome=chrome)
        else:
            first, last = lists.numbers_on(number)
            lines = [line for line in self._lists.numbered.get(section.id, ()) if first <= line.number <= last]
            yield path, lists.numbered(site, section, number, chrome=chrome, lines=lines, facts=self._lists.facts)

    def _feeds(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        facts = self._lists.facts
        if target == SITE_FEEDS:
            pages = self._newest_pages.get(site.id, ())
            items = [_item(page.article_id, page.title, facts[page.content_sha256], page.path, page) for page in pages]
            return feeds.feeds(site, address="", title=site.name, items=items)
        section = site.section_by_id[target.number]
        lines = self._lists.newest.get(section.id, ())[: targets.PAGE_SIZE]
        items = [_item(line.article_id, line.title, facts[line.content_sha256], line.path, line) for line in lines]
        return feeds.feeds(site, address=section.address, title=f"{section.name} - {site.name}", items=items)

    def _home(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        yield "index.html", home.home(site, chrome=self.frame(site).chrome, lines=self._lists.newest, facts=self._lists.facts)

    def _month(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        pages = self._pages_in.get((site.id, target.part))
        yield maps.month_path(target.part), maps.month(site, pages) if pages else None

    def _months(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        yield "sitemap.xml", maps.index(site, self._months_of.get(site.id, {}))

    def _moves(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        moves = self._moves_of.get(site.id, {}) | maps.of_sections(site)
        yield "_redirects.json", maps.moved(moves) if moves else None

    def _asset(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        digest = self._assets.get((site.id, target.part))
        yield target.part, blobs.read(digest) if digest else None

    def _fixed(self, site: SiteRow, target: Target) -> Iterator[tuple[str, bytes | None]]:
        drawn = self.frame(site)
        yield from drawn.files
        yield "robots.txt", maps.robots(site)
        yield "404.html", maps.not_found(drawn.chrome)
        yield "sitemap.html", maps.for_people(site, chrome=drawn.chrome)
        for section in site.sections:
            for former in section.former:
                yield f"{former}/index.html", articles.stub(f"{former}/", target=f"/{section.address}/", chrome=drawn.chrome)
        yield maps.OF_PAGES, maps.of_pages(site)


def _all_below(site: SiteRow, section: SectionRow) -> tuple[SectionRow, ...]:
    return tuple(one for one in site.sections if one.path.startswith(section.path) and one.id != section.id)


def _item(article_id: int, title: str, facts: Facts, path: str, moments: Line | sources.PageRow) -> feeds.Item:
    return feeds.Item(article_id, title, facts.summary, path, moments.published_at, max(moments.published_at, moments.changed_at))

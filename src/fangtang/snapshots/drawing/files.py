"""The files of each kind of target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from fangtang.snapshots import blobs, sources, targets
from fangtang.snapshots.drawing.tables import Table, all_below
from fangtang.snapshots.pages import articles, feeds, home, lists, maps
from fangtang.snapshots.register import SiteRow
from fangtang.snapshots.serve import headers
from fangtang.snapshots.sources import Facts, Line
from fangtang.snapshots.store import Content
from fangtang.snapshots.targets import SITE_FEEDS, Target

Files = dict[str, Content | None]
"""Path below the site's root → content; None: no such file."""


class Drawing:
    """Draws targets from one table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._draw: Mapping[str, Callable[[SiteRow, Target], Iterable[tuple[str, Content | None]]]] = {
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

    def files(self, site_id: int, target: Target) -> Iterable[tuple[str, Content | None]]:
        """(path, bytes) of one target."""
        return self._draw[target.kind](self._table.register[site_id], target)

    def _article(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        page, chrome = self._table.pages.get((site.id, target.number)), self._table.frame(site).chrome
        former = self._table.addresses.get((site.id, target.number), [])
        here = page.path if page else ""
        stubs = {path: articles.stub(path, target=f"/{here}", chrome=chrome) if page else None for path in former if path != here}
        yield from stubs.items()
        if len(former) > 1:
            yield from ((articles.mark(path), stubs.get(path)) for path in former)
        if page is None:
            return
        if page.is_withdrawn:
            yield page.path, articles.withdrawn(page, chrome=chrome, register=self._table.register)
        else:
            text, at = self._table.prepared[page.content_sha256], self._table.place(site, page.section_id)
            yield page.path, articles.article(page, text, at=at, chrome=chrome, register=self._table.register)

    def _front(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        section, found = site.section_by_id[target.number], self._table.lists
        lines = found.newest.get(section.id, [])[: targets.PAGE_SIZE]
        if not lines:
            below = (found.newest.get(one.id, []) for one in all_below(site, section) if not one.is_closed)
            lines = lists.merged(below, most=targets.PAGE_SIZE)
        drawn = lists.front(
            site,
            section,
            chrome=self._table.frame(site).chrome,
            pinned=found.pinned.get(section.id, ()),
            lines=lines,
            highest=found.highest.get(section.id, 0),
            total=found.totals.get(section.id, 0),
            facts=found.facts,
        )
        yield f"{section.address}/index.html", drawn

    def _page(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        section, number, chrome = site.section_by_id[target.number], int(target.part), self._table.frame(site).chrome
        full = targets.full_pages(self._table.lists.highest.get(section.id, 0))
        path = lists.page_path(section, number)
        if number > full + 1 or not full:
            yield path, None
        elif number == full + 1:
            yield path, lists.not_full(section, number, chrome=chrome)
        else:
            lines = self._table.lists.numbered.get((section.id, number), ())
            yield path, lists.numbered(site, section, number, chrome=chrome, lines=lines, facts=self._table.lists.facts)

    def _feeds(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        facts = self._table.lists.facts
        if target == SITE_FEEDS:
            pages = self._table.newest_pages.get(site.id, ())
            items = [_item(page.article_id, page.title, facts[page.content_sha256], page.path, page) for page in pages]
            return feeds.feeds(site, address="", title=site.name, items=items)
        section = site.section_by_id[target.number]
        lines = self._table.lists.newest.get(section.id, ())[: targets.PAGE_SIZE]
        items = [_item(line.article_id, line.title, facts[line.content_sha256], line.path, line) for line in lines]
        return feeds.feeds(site, address=section.address, title=f"{section.name} - {site.name}", items=items)

    def _home(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        yield "index.html", home.home(site, chrome=self._table.frame(site).chrome, lines=self._table.lists.newest, facts=self._table.lists.facts)

    def _month(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        pages = self._table.pages_in.get((site.id, target.part))
        yield maps.month_path(target.part), maps.month(site, pages) if pages else None

    def _months(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        yield "sitemap.xml", maps.index(site, self._table.months.get(site.id, {}))

    def _moves(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        moves = self._table.moves.get(site.id, {}) | maps.of_sections(site)
        yield "_redirects.json", maps.moved(moves) if moves else None

    def _asset(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        digest = self._table.assets.get((site.id, target.part))
        yield target.part, blobs.found(digest) if digest else None

    def _fixed(self, site: SiteRow, target: Target) -> Iterator[tuple[str, Content | None]]:
        drawn = self._table.frame(site)
        yield from drawn.files
        yield "robots.txt", maps.robots(site)
        yield headers.FILE, headers.as_file()
        yield "404.html", maps.not_found(drawn.chrome)
        yield "sitemap.html", maps.for_people(site, chrome=drawn.chrome)
        for section in site.sections:
            for former in section.former:
                stub = articles.stub(f"{former}/", target=f"/{section.address}/", chrome=drawn.chrome)
                yield f"{former}/index.html", stub
                yield articles.mark(f"{former}/index.html"), stub
        yield maps.OF_PAGES, maps.of_pages(site)


def _item(article_id: int, title: str, facts: Facts, path: str, moments: Line | sources.PageRow) -> feeds.Item:
    return feeds.Item(article_id, title, facts.summary, path, moments.published_at, max(moments.published_at, moments.changed_at))

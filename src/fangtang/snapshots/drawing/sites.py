"""From targets to the files of sites, and every target of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fangtang.snapshots import sources, targets
from fangtang.snapshots.drawing.files import Drawing, Files
from fangtang.snapshots.drawing.tables import Table, Wanted
from fangtang.snapshots.models import Shown, Used
from fangtang.snapshots.register import Register, SiteRow
from fangtang.snapshots.store import Content
from fangtang.snapshots.targets import FIXED, HOME, MONTHS, MOVES, SITE_FEEDS, Target

AT_ONCE = 1000
"""Targets drawn together in a full build."""


def draw(wanted: Wanted, *, register: Register) -> dict[int, Files]:
    """The files of these targets, by site id."""
    drawing = Drawing(Table(wanted, register))
    return {site_id: _site(drawing, site_id, some) for site_id, some in wanted.items()}


def _site(drawing: Drawing, site_id: int, some: Iterable[Target]) -> Files:
    files: Files = {}
    for target in sorted(set(some)):
        files.update(drawing.files(site_id, target))
    return files


def whole(site: SiteRow, *, register: Register) -> Iterator[tuple[str, Content]]:
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

"""Standings and addresses recomputed from the releases in their order, without a line of the code under test."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from fangtang.articles.models import Article
from fangtang.outlets.models import Section
from fangtang.releases.models import UNDATED, Address, Release, Standing

Standings = dict[tuple[int, int], tuple[Any, ...]]
Addresses = dict[tuple[int, int, str], tuple[bool, bool]]


def rebuilt() -> tuple[Standings, Addresses]:
    """(article, section) → (number, title, pinned, published) and (article, site, path) → (current, canonical), as they should be now."""
    standings: Standings = {}
    addresses: Addresses = {}
    arrived: dict[int, int] = {}
    first: dict[int, Any] = {}
    for release in Release.objects.order_by("pk"):
        article_id = release.article_id
        first.setdefault(article_id, UNDATED if release.kind == "legacy" else release.at)
        if release.kind == "withdraw":
            _clear(standings, article_id)
            if not release.public_notice:
                _forget(addresses, article_id)
            continue
        content: Article = release.revision.as_object()
        placements = list(content.placements.all())
        shown = content.shown_at or first[article_id]
        kept = {key: row for key, row in standings.items() if key[0] == article_id}
        _clear(standings, article_id)
        _forget(addresses, article_id)
        canonical = None
        paths: dict[int, str] = {}
        for placement in placements:
            section = Section.objects.get(pk=placement.section_id)
            key = (article_id, section.pk)
            if key not in kept:
                arrived[section.pk] = arrived.get(section.pk, 0) + 1
            number = kept[key][0] if key in kept else arrived[section.pk]
            standings[key] = (number, placement.own_title or content.title, placement.is_pinned, shown)
            folder = f"undated/{article_id // 1000}" if shown == UNDATED else f"{timezone.localtime(shown):%Y%m}"
            paths.setdefault(section.site_id, f"{section.address}/{folder}/{article_id}.html")
            if canonical is None and section.site.unit_id == content.unit_id:
                canonical = section.site_id
        canonical = canonical or next(iter(paths), None)
        for site_id, path in paths.items():
            addresses[article_id, site_id, path] = (True, site_id == canonical)
    return standings, addresses


def stored() -> tuple[Standings, Addresses]:
    """The same from the rows."""
    standings = {(row.article_id, row.section_id): (row.number, row.title, row.is_pinned, row.published_at) for row in Standing.objects.all()}
    addresses = {(row.article_id, row.site_id, row.path): (row.is_current, row.is_canonical) for row in Address.objects.all()}
    return standings, addresses


def _clear(standings: Standings, article_id: int) -> None:
    for key in [key for key in standings if key[0] == article_id]:
        del standings[key]


def _forget(addresses: Addresses, article_id: int) -> None:
    for key in [key for key in addresses if key[0] == article_id]:
        addresses[key] = (False, False)

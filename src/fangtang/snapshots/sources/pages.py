"""The pages of articles, their addresses and files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fangtang.releases.models import Address, Release
from fangtang.snapshots.models import Shown, Used
from fangtang.snapshots.sources.asking import AT_ONCE, among, chunks, grouped, moment, newest


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of `Shown`."""

    article_id: int
    site_id: int
    section_id: int | None
    release_id: int
    content_sha256: str
    path: str
    title: str
    canonical_site_id: int
    canonical_path: str
    is_withdrawn: bool
    published_at: datetime
    changed_at: datetime
    notice: str


_PAGE = (
    "article_id", "site_id", "section_id", "release_id", "content_sha256", "path", "title", "canonical_site_id", "canonical_path", "is_withdrawn",
    "published_at", "changed_at",
)  # fmt: skip


def newest_pages(site_ids: Iterable[int], *, most: int) -> dict[int, list[PageRow]]:
    """The newest articles of each site, newest first."""
    order = "published_at DESC, article_id DESC"
    rows = newest(Shown._meta.db_table, _PAGE, key="site_id", order=order, most=dict.fromkeys(site_ids, most), only="NOT is_withdrawn")
    return grouped((_page(row) for row in rows), lambda page: page.site_id)


def pages_of(article_ids: Iterable[int], *, site_ids: Iterable[int]) -> dict[tuple[int, int], PageRow]:
    """Pages by (site id, article id)."""
    wanted = frozenset(site_ids)
    rows = [row for row in among(Shown._meta.db_table, _PAGE, key="article_id", values=article_ids) if row[1] in wanted]
    notices = dict(Release.objects.filter(pk__in=[row[3] for row in rows if row[9]]).values_list("pk", "public_notice"))
    return {(row[1], row[0]): _page(row, notice=notices.get(row[3], "")) for row in rows}


def former_addresses(article_ids: Iterable[int], *, site_ids: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """Every address that articles have or had, by (site id, article id), in the order of paths."""
    wanted = frozenset(site_ids)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for site_id, article_id, path in among(Address._meta.db_table, ("site_id", "article_id", "path"), key="article_id", values=article_ids):
        if site_id in wanted:
            found[site_id, article_id].append(path)
    for paths in found.values():
        paths.sort()
    return found


def moves(site_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """For each site: former path → path, of articles that have a page there now."""
    site_ids = list(site_ids)
    former = list(Address.objects.filter(site__in=site_ids, is_current=False).order_by("path").values_list("site_id", "article_id", "path"))
    now = {(row[0], row[1]): row[2] for row in _some_pages({article_id for _, article_id, _ in former}, site_ids)}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for site_id, article_id, path in former:
        target = now.get((site_id, article_id))
        if target and target != path:
            found[site_id][path] = target
    return found


def _some_pages(article_ids: Iterable[int], site_ids: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    for some in chunks(sorted(article_ids), AT_ONCE):
        yield from Shown.objects.filter(article__in=some, site__in=site_ids).values_list("site_id", "article_id", "path")


def assets(wanted: Mapping[int, Iterable[str]]) -> dict[tuple[int, str], str]:
    """SHA-256 of the files that are used, by (site id, path). Of two pages that name one path, the younger article's counts."""
    found: dict[tuple[int, str], str] = {}
    for site_id, paths in wanted.items():
        for some in chunks(list(paths), AT_ONCE):
            rows = Used.objects.filter(site=site_id, path__in=some).order_by("article_id").values_list("path", "sha256")
            found |= {(site_id, path): sha256 for path, sha256 in rows}
    return found


def _page(row: tuple[Any, ...], *, notice: str = "") -> PageRow:
    article_id, site_id, section_id, release_id, sha256, path, title, origin_id, origin_path, is_withdrawn, published_at, changed_at = row
    moments = (moment(published_at), moment(changed_at))
    return PageRow(article_id, site_id, section_id, release_id, sha256, path, title, origin_id, origin_path, bool(is_withdrawn), *moments, notice)

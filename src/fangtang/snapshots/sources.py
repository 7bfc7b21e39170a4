"""What pages are drawn from: rows of `Shown`, `Listed` and `Prepared` as plain values, each kind in one query for all sites of a build.

Lists never read a body or a revision: what a line shows is in `Prepared.entry`, which never changes under its content hash and is therefore kept
in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Q

from fangtang.releases.models import Address
from fangtang.snapshots.models import Listed, Prepared, Shown, Total, Used
from fangtang.snapshots.theme.contexts import Picture

T = TypeVar("T")
AT_ONCE = 400
"""Values in one statement, below the limits of every engine."""
FACTS_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists show of an article, whatever the site."""

    title: str
    summary: str
    picture: Picture | None
    document_number: str
    issuing_body: str
    made_on: date | None
    has_video: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a list; `title` is the one shown there."""

    article_id: int
    section_id: int
    number: int
    title: str
    is_pinned: bool
    rank: int
    path: str
    content_sha256: str
    published_at: datetime
    changed_at: datetime


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


_LINE = ("article_id", "section_id", "number", "title", "is_pinned", "rank", "path", "content_sha256", "published_at", "changed_at")
_PAGE = (
    "article_id", "site_id", "section_id", "release_id", "content_sha256", "path", "title", "canonical_site_id", "canonical_path", "is_withdrawn",
    "published_at", "changed_at", "release__public_notice",
)  # fmt: skip
_OF_SITE = "FROM snapshots_shown WHERE NOT is_withdrawn AND site_id = {0}.site_id AND canonical_site_id = {0}.site_id"
_MONTHS = f"""
WITH RECURSIVE walk (site_id, month) AS (
    SELECT start.site_id, (SELECT MIN(month) {_OF_SITE.format("start")}) FROM (%s) AS start
    UNION ALL
    SELECT walk.site_id, (SELECT MIN(month) {_OF_SITE.format("walk")} AND month > walk.month) FROM walk WHERE walk.month IS NOT NULL
)
SELECT walk.site_id, walk.month, (SELECT MAX(changed_at) {_OF_SITE.format("walk")} AND month = walk.month)
FROM walk WHERE walk.month IS NOT NULL ORDER BY walk.site_id, walk.month
"""  # noqa: S608  our own names
_facts: dict[str, Facts] = {}


def newest_lines(most: Mapping[int, int]) -> dict[int, list[Line]]:
    """The newest lines of each section (id → at most how many), newest first."""
    found = _newest(Listed._meta.db_table, _LINE, key="section_id", order="number DESC", most=most)
    return _grouped(map(_line, found), lambda line: line.section_id)


def pinned_lines(section_ids: Iterable[int]) -> dict[int, list[Line]]:
    """Pinned lines of sections, in the order shown."""
    lines = Listed.objects.filter(section__in=section_ids, is_pinned=True).order_by("rank", "-number").values_list(*_LINE)
    return _grouped((Line(*row) for row in lines), lambda line: line.section_id)


def numbered_lines(pages: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, list[Line]]:
    """Lines of sections whose number is in one of the ranges (first, last), the newest first."""
    wanted = Q(pk__in=[])
    for section_id, ranges in pages.items():
        for first, last in ranges:
            wanted |= Q(section=section_id, number__range=(first, last))
    lines = Listed.objects.filter(wanted).order_by("-number").values_list(*_LINE) if pages else ()
    return _grouped((Line(*row) for row in lines), lambda line: line.section_id)


def highest_numbers(section_ids: Iterable[int]) -> dict[int, int]:
    """The highest number that stands in each section; a section without any is left out."""
    found = _newest(Listed._meta.db_table, ("section_id", "number"), key="section_id", order="number DESC", most=dict.fromkeys(section_ids, 1))
    return dict(found)


def totals(section_ids: Iterable[int]) -> dict[int, int]:
    """How many articles stand in each section, as it was kept; a section without any is left out."""
    return dict(Total.objects.filter(section__in=list(section_ids), lines__gt=0).values_list("section", "lines"))


def counted(section_ids: Iterable[int]) -> dict[int, int]:
    """The same, counted anew: takes longer with every article."""
    return dict(Listed.objects.filter(section__in=list(section_ids)).values_list("section").annotate(Count("pk")).order_by())


def newest_pages(site_ids: Iterable[int], *, most: int) -> dict[int, list[PageRow]]:
    """The newest articles of each site, newest first."""
    columns = _PAGE[:-1]
    order = "published_at DESC, article_id DESC"
    rows = _newest(Shown._meta.db_table, columns, key="site_id", order=order, most=dict.fromkeys(site_ids, most), only="NOT is_withdrawn")
    return _grouped((_page(row) for row in rows), lambda page: page.site_id)


def pages_of(article_ids: Iterable[int], *, site_ids: Iterable[int]) -> dict[tuple[int, int], PageRow]:
    """Pages by (site id, article id)."""
    rows = Shown.objects.filter(article__in=article_ids, site__in=site_ids).values_list(*_PAGE)
    return {(row[1], row[0]): PageRow(*row) for row in rows}


def months(site_ids: Iterable[int]) -> dict[int, dict[str, datetime]]:
    """For each site its months with canonical pages, each with the last change in it; in order.

    Goes from month to month along the index, so it takes longer with every month and not with every article.
    """
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for some in chunks(sorted(site_ids), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_MONTHS % " UNION ALL ".join(["SELECT %s AS site_id"] * len(some)), some)
            for site_id, month, changed_at in cursor.fetchall():
                found[site_id][month] = _moment(changed_at)
    return found


def pages_in(wanted: Mapping[int, Iterable[str]]) -> dict[tuple[int, str], list[tuple[str, datetime]]]:
    """For (site id, month) the canonical pages of that month: path and last change, by path."""
    found: dict[tuple[int, str], list[tuple[str, datetime]]] = defaultdict(list)
    condition = Q(pk__in=[])
    for site_id, names in wanted.items():
        condition |= Q(site=site_id, canonical_site=site_id, month__in=list(names))
    rows = Shown.objects.filter(condition, is_withdrawn=False).order_by("path")
    for site_id, month, path, changed_at in rows.values_list("site_id", "month", "path", "changed_at"):
        found[site_id, month].append((path, changed_at))
    return found


def former_addresses(article_ids: Iterable[int], *, site_ids: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """Every address that articles have or had, by (site id, article id), in the order of paths."""
    rows = Address.objects.filter(article__in=article_ids, site__in=site_ids).order_by("path").values_list("site_id", "article_id", "path")
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for site_id, article_id, path in rows:
        found[site_id, article_id].append(path)
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


def prepared(hashes: Iterable[str]) -> dict[str, Prepared]:
    """Prepared texts by content hash."""
    found: dict[str, Prepared] = {}
    for some in chunks(sorted(set(hashes)), AT_ONCE):
        found |= Prepared.objects.in_bulk(some)
    return found


def facts(hashes: Iterable[str]) -> dict[str, Facts]:
    """What lists show, by content hash."""
    wanted = set(hashes)
    missing = sorted(wanted - _facts.keys())
    if len(_facts) + len(missing) > FACTS_KEPT:
        _facts.clear()
        missing = sorted(wanted)
    for some in chunks(missing, AT_ONCE):
        rows = Prepared.objects.filter(pk__in=some).values_list("content_sha256", "entry")
        _facts.update({sha256: facts_from(entry) for sha256, entry in rows})
    return {sha256: _facts[sha256] for sha256 in wanted}


def forget_facts() -> None:
    """Forget what is kept in memory: after texts were prepared afresh."""
    _facts.clear()


def facts_from(entry: Mapping[str, Any]) -> Facts:
    """From the form in which a row keeps it."""
    return Facts(
        title=entry["title"],
        summary=entry["summary"],
        picture=picture_from(entry["picture"]),
        document_number=entry["document_number"],
        issuing_body=entry["issuing_body"],
        made_on=day_from(entry["made_on"]),
        has_video=entry["has_video"],
    )


def picture_from(kept: Mapping[str, Any] | None) -> Picture | None:
    """A picture from the form in which a row keeps it."""
    if kept is None:
        return None
    return Picture(tuple((url, width, height) for url, width, height in kept["sources"]), kept["alt"], kept["credit"], kept["caption"])


def day_from(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def chunks(things: Sequence[T], most: int) -> Iterator[list[T]]:
    """`things` in lists of at most `most`."""
    rest = iter(things)
    while some := list(islice(rest, most)):
        yield some


def _newest(table: str, columns: Sequence[str], *, key: str, order: str, most: Mapping[int, int], only: str = "") -> Iterator[tuple[Any, ...]]:
    """The first rows of each key in `order`. One index range per key, in few statements; the ORM has no such query for all engines."""
    condition = f" AND {only}" if only else ""
    part = f"SELECT * FROM (SELECT {', '.join(columns)} FROM {table} WHERE {key} = %s{condition} ORDER BY {order} LIMIT %s) AS part"  # noqa: S608  our own names
    for some in chunks(sorted(most.items()), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([part] * len(some)), [value for pair in some for value in pair])
            yield from cursor.fetchall()


def _line(row: tuple[Any, ...]) -> Line:
    values = dict(zip(_LINE, row, strict=True))
    return Line(**values | {"is_pinned": bool(row[4]), "published_at": _moment(row[8]), "changed_at": _moment(row[9])})


def _page(row: tuple[Any, ...]) -> PageRow:
    values = dict(zip(_PAGE[:-1], row, strict=True))
    return PageRow(**values | {"is_withdrawn": bool(row[9]), "published_at": _moment(row[10]), "changed_at": _moment(row[11]), "notice": ""})


def _moment(value: datetime | str) -> datetime:
    """A moment as the driver gives it to plain SQL: SQLite gives text or (where it knows the column's type) a naive moment, both in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _grouped(things: Iterable[T], key: Any) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups

"""What stands in public now: from releases to the rows that pages are drawn from, and which targets that touches.

`settle` compares what the rows say with what the releases of some articles want, writes the difference and the targets it touches in one
transaction. A builder that dies afterwards leaves the targets in `Built.pending`, so nothing is lost; the rows are never half changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Max

from fangtang.releases.models import UNDATED, Address, Release, ReleaseKind, Standing
from fangtang.releases.states import BUILDING, DECIDED, FAILED, SERVED
from fangtang.snapshots import sources
from fangtang.snapshots.depends import Change, Heights, LineState, PageState, changed_sections, touched
from fangtang.snapshots.models import Built, Due, Listed, Prepared, Shown, Used
from fangtang.snapshots.pages.chrome import local
from fangtang.snapshots.register import Register
from fangtang.snapshots.targets import Target

M = TypeVar("M", bound=models.Model)
AT_ONCE = 400
PAGE_FIELDS = (
    "section_id",
    "release_id",
    "content_sha256",
    "path",
    "title",
    "canonical_site_id",
    "canonical_path",
    "is_withdrawn",
    "published_at",
    "changed_at",
)
LINE_FIELDS = ("site_id", "number", "title", "is_pinned", "rank", "path", "content_sha256", "published_at", "changed_at")


@dataclass(slots=True)
class Rows:
    """The rows of some articles: pages by (article, site), lines by (article, section), files by (article, site, path)."""

    pages: dict[tuple[int, int], Shown] = field(default_factory=dict)
    lines: dict[tuple[int, int], Listed] = field(default_factory=dict)
    files: dict[tuple[int, int, str], Used] = field(default_factory=dict)
    due: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """`touched` by site id; `later` are articles about which something newer was decided meanwhile: their turn comes with that."""

    touched: Mapping[int, set[Target]]
    later: frozenset[int]


def settle(article_ids: Iterable[int], *, register: Register, now: datetime) -> Settled:
    """Bring the rows of these articles up to their releases. A second call finds nothing to do."""
    found: dict[int, set[Target]] = defaultdict(set)
    later: set[int] = set()
    for some in sources.chunks(sorted(set(article_ids)), AT_ONCE):
        with transaction.atomic():
            ready, waiting, failed = _ready(some)
            later |= waiting
            before, wanted = stored([*ready, *failed]), desired(ready, now=now)
            _add_left(wanted, before, failed, now=now)
            targets = _apply([*ready, *failed], before, wanted, register=register)
            _remember(targets)
        for site_id, of_site in targets.items():
            found[site_id] |= of_site
    return Settled(found, frozenset(later))


def _ready(article_ids: Sequence[int]) -> tuple[list[int], set[int], list[int]]:
    """Articles whose newest release may stand, those whose newest one waits for its own turn, and those whose newest one failed."""
    newest = Release.objects.filter(pk__in=_newest_releases(article_ids)).values_list("article_id", "status")
    status = dict(newest)
    ready = [pk for pk in article_ids if status.get(pk) in {BUILDING, SERVED}]
    return ready, {pk for pk in article_ids if status.get(pk) == DECIDED}, [pk for pk in article_ids if status.get(pk) == FAILED]


def _newest_releases(article_ids: Iterable[int]) -> list[int]:
    newest = Release.objects.filter(article__in=article_ids).order_by().values("article").annotate(newest=Max("pk"))
    return [row["newest"] for row in newest]


def stored(article_ids: Sequence[int]) -> Rows:
    """What stands now."""
    rows = Rows()
    rows.pages = {(row.article_id, row.site_id): row for row in Shown.objects.filter(article__in=article_ids)}
    rows.lines = {(row.article_id, row.section_id): row for row in Listed.objects.filter(article__in=article_ids)}
    rows.files = {(row.article_id, row.site_id, row.path): row for row in Used.objects.filter(article__in=article_ids)}
    return rows


def desired(article_ids: Sequence[int], *, now: datetime) -> Rows:
    """What should stand at this moment."""
    rows = Rows()
    current = _current_addresses(article_ids)
    open_here = _open_standings(article_ids, rows, now=now)
    for (article_id, site_id), standings in open_here.items():
        path = current.get((article_id, site_id))
        if path:
            _add(rows, standings, path)
    _add_notices(rows, article_ids, current)
    _make_canonical(rows, article_ids)
    _add_files(rows)
    return rows


def _add_left(rows: Rows, before: Rows, failed: Sequence[int], *, now: datetime) -> None:
    """A failed release leaves what stood before it. That still closes when its own release says so; nothing opens."""
    pages = {place: copy(page) for place, page in before.pages.items() if place[0] in failed}
    ends = _ends({page.release_id for page in pages.values()})
    lines = {place: line for place, line in before.lines.items() if place[0] in failed and not (place in ends and ends[place] <= now)}
    for (article_id, section_id), line in lines.items():
        page = pages[article_id, line.site_id]
        if (article_id, page.section_id) not in lines:
            page.section_id = section_id
    open_here = {(article_id, line.site_id) for (article_id, _), line in lines.items()}
    kept = {place: page for place, page in pages.items() if page.is_withdrawn or place in open_here}
    for (article_id, site_id), page in kept.items():
        if (article_id, page.canonical_site_id) not in kept:
            page.canonical_site_id, page.canonical_path = site_id, page.path
    rows.pages |= kept
    rows.lines |= lines
    rows.files |= {place: file for place, file in before.files.items() if place[:2] in kept}
    for article_id, section_id in lines.keys() & ends.keys():
        rows.due[article_id] = min(ends[article_id, section_id], rows.due.get(article_id, ends[article_id, section_id]))


def _ends(release_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """When each line of these releases closes, by (article, section), as their revisions say."""
    releases = Release.objects.filter(pk__in=release_ids).select_related("revision")
    placed = ((release.article_id, placement) for release in releases for placement in release.revision.as_object().placements.all())
    return {(article_id, placement.section_id): placement.visible_until for article_id, placement in placed if placement.visible_until}


def _current_addresses(article_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    rows = Address.objects.filter(article__in=article_ids, is_current=True).values_list("article_id", "site_id", "path")
    return {(article_id, site_id): path for article_id, site_id, path in rows}


def _open_standings(article_ids: Sequence[int], rows: Rows, *, now: datetime) -> dict[tuple[int, int], list[Standing]]:
    """Standings whose window is open, by (article, site), in the order of placement; notes when the next window opens or closes."""
    found: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for standing in Standing.objects.filter(article__in=article_ids).select_related("release").order_by("pk"):
        moments = [moment for moment in (standing.visible_from, standing.visible_until) if moment and moment > now]
        if moments:
            rows.due[standing.article_id] = min(*moments, rows.due.get(standing.article_id, moments[0]))
        if not (standing.visible_from and standing.visible_from > now) and not (standing.visible_until and standing.visible_until <= now):
            found[standing.article_id, standing.site_id].append(standing)
    return found


def _add(rows: Rows, standings: Sequence[Standing], path: str) -> None:
    """The page of an article on a site where it stands, and its lines there."""
    first = standings[0]
    of_release = {"content_sha256": first.release.content_sha256, "changed_at": _changed_at(first), "published_at": first.published_at}
    rows.pages[first.article_id, first.site_id] = Shown(
        article_id=first.article_id,
        site_id=first.site_id,
        section_id=first.section_id,
        release_id=first.release_id,
        path=path,
        month=_month(first),
        **of_release,
    )
    for standing in standings:
        rows.lines[standing.article_id, standing.section_id] = Listed(
            article_id=standing.article_id,
            section_id=standing.section_id,
            site_id=standing.site_id,
            number=standing.number,
            title=standing.title,
            is_pinned=standing.is_pinned,
            rank=standing.rank,
            path=path,
            **of_release,
        )


def _changed_at(standing: Standing) -> datetime:
    """When the text became what it is: its release, or for one taken over the day it has had all along."""
    is_taken_over = standing.release.kind == ReleaseKind.LEGACY and standing.published_at != UNDATED
    return standing.published_at if is_taken_over else standing.release.at


def _month(standing: Standing) -> str:
    return f"{local(standing.published_at):%Y-%m}"


def _add_notices(rows: Rows, article_ids: Sequence[int], current: Mapping[tuple[int, int], str]) -> None:
    """A withdrawal with a public notice leaves the notice at each address; without one nothing stays."""
    withdrawals = Release.objects.filter(pk__in=_newest_releases(article_ids), kind=ReleaseKind.WITHDRAW).exclude(public_notice="").select_related("revision")
    by_article = {release.article_id: release for release in withdrawals}
    for (article_id, site_id), path in current.items():
        release = by_article.get(article_id)
        if release is None:
            continue
        rows.pages[article_id, site_id] = Shown(
            article_id=article_id,
            site_id=site_id,
            release_id=release.pk,
            content_sha256=release.content_sha256,
            path=path,
            title=release.revision.content["title"],
            is_withdrawn=True,
            published_at=release.at,
            changed_at=release.at,
            month=f"{local(release.at):%Y-%m}",
        )


def _make_canonical(rows: Rows, article_ids: Sequence[int]) -> None:
    """Copies point to the canonical page; where that does not stand (its window is closed), each page is its own."""
    sites = dict(Address.objects.filter(article__in=article_ids, is_current=True, is_canonical=True).values_list("article_id", "site_id"))
    for (article_id, _), page in rows.pages.items():
        origin = rows.pages.get((article_id, sites.get(article_id, page.site_id)), page)
        page.canonical_site_id, page.canonical_path = origin.site_id, origin.path


def _add_files(rows: Rows) -> None:
    """Titles of pages and the files they need, from the prepared texts."""
    standing = [page for page in rows.pages.values() if not page.is_withdrawn]
    known: dict[str, tuple[str, list[list[str]]]] = {}
    for some in sources.chunks(sorted({page.content_sha256 for page in standing}), AT_ONCE):
        known |= {pk: (entry["title"], assets) for pk, entry, assets in Prepared.objects.filter(pk__in=some).values_list("pk", "entry", "assets")}
    for page in standing:
        page.title, assets = known[page.content_sha256]
        for path, sha256 in assets:
            rows.files[page.article_id, page.site_id, path] = Used(article_id=page.article_id, site_id=page.site_id, path=path, sha256=sha256)


def _apply(article_ids: Sequence[int], before: Rows, wanted: Rows, *, register: Register) -> dict[int, set[Target]]:
    changes = _changes(article_ids, before, wanted)
    sections = {pk for of_site in changes.values() for change in of_site for pk in changed_sections(change)}
    above = {one.id for site_id in changes for pk in sections if pk in register[site_id].section_by_id for one in _trail(register, site_id, pk)}
    heights = sources.highest_numbers(above)
    _write(before.pages, wanted.pages, Shown, keys=("article", "site"), fields=[*PAGE_FIELDS, "month"])
    _write(before.lines, wanted.lines, Listed, keys=("article", "section"), fields=list(LINE_FIELDS))
    _write(before.files, wanted.files, Used, keys=("site", "path", "article"), fields=["sha256"])
    Due.objects.filter(article__in=article_ids).delete()
    Due.objects.bulk_create(Due(article_id=pk, at=at) for pk, at in wanted.due.items())
    risen = Heights(heights, sources.highest_numbers(above))
    return {site_id: found for site_id, of_site in changes.items() if (found := touched(of_site, site=register[site_id], heights=risen))}


def _trail(register: Register, site_id: int, section_id: int) -> Iterable[Any]:
    site = register[site_id]
    return site.trail(site.section_by_id[section_id])


def _changes(article_ids: Sequence[int], before: Rows, wanted: Rows) -> dict[int, list[Change]]:
    """What each article was and is, by site."""
    moved = set(Address.objects.filter(article__in=article_ids, is_current=False).values_list("article_id", "site_id"))
    places = before.pages.keys() | wanted.pages.keys()
    lines_before, lines_now = _lines_by_place(before), _lines_by_place(wanted)
    files_before, files_now = _files_by_place(before), _files_by_place(wanted)
    found: dict[int, list[Change]] = defaultdict(list)
    for place in sorted(places):
        was, now = before.pages.get(place), wanted.pages.get(place)
        change = Change(
            article_id=place[0],
            before=_page_state(was) if was else None,
            now=_page_state(now) if now else None,
            lines_before=lines_before.get(place, {}),
            lines_now=lines_now.get(place, {}),
            files_before=files_before.get(place, {}),
            files_now=files_now.get(place, {}),
            has_moved=place in moved or bool(was and now and was.path != now.path),
        )
        found[place[1]].append(change)
    return found


def _page_state(row: Shown) -> PageState:
    return PageState(row.path, row.month, row.canonical_site_id == row.site_id, row.is_withdrawn, _values(row, PAGE_FIELDS))


def _lines_by_place(rows: Rows) -> dict[tuple[int, int], dict[int, LineState]]:
    found: dict[tuple[int, int], dict[int, LineState]] = defaultdict(dict)
    for (article_id, section_id), line in rows.lines.items():
        found[article_id, line.site_id][section_id] = LineState(line.number, _values(line, LINE_FIELDS))
    return found


def _files_by_place(rows: Rows) -> dict[tuple[int, int], dict[str, str]]:
    found: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for (article_id, site_id, path), row in rows.files.items():
        found[article_id, site_id][path] = row.sha256
    return found


def _write(before: Mapping[Any, M], wanted: Mapping[Any, M], model: type[M], *, keys: Sequence[str], fields: list[str]) -> None:
    """Delete what is no longer wanted, write what differs."""
    gone = [row.pk for key, row in before.items() if key not in wanted]
    differing = [row for key, row in wanted.items() if key not in before or _values(before[key], fields) != _values(row, fields)]
    for some in sources.chunks(gone, AT_ONCE):
        model._default_manager.filter(pk__in=some).delete()
    names = [name.removesuffix("_id") for name in fields]
    model._default_manager.bulk_create(differing, update_conflicts=True, unique_fields=list(keys), update_fields=names, batch_size=AT_ONCE)


def _values(row: models.Model, fields: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in fields)


def _remember(found: Mapping[int, set[Target]]) -> None:
    """Keep the targets until they are drawn."""
    rows = {row.site_id: row for row in Built.objects.filter(site__in=found)}
    for site_id, targets in found.items():
        row = rows.setdefault(site_id, Built(site_id=site_id))
        row.pending = sorted({*map(tuple, row.pending), *targets})
    Built.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=["site"], update_fields=["pending"])

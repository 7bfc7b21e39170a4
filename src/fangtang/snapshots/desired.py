"""What should stand in public: the rows that the releases which articles follow ask for, at a moment.

Standings and addresses in the database are those of the newest release. An article that follows an earlier one (`following`) is read from that
release's revision, under the numbers and addresses that it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fangtang.outlets.models import Section
from fangtang.releases import standings
from fangtang.releases.models import UNDATED, Address, Release, ReleaseKind, Standing
from fangtang.snapshots import sources
from fangtang.snapshots.following import Followed
from fangtang.snapshots.models import Listed, Prepared, Shown, Used
from fangtang.snapshots.pages.chrome import local
from fangtang.snapshots.rows import AT_ONCE, Rows

Places = dict[tuple[int, int], str]
"""(article, site) → path."""


@dataclass(slots=True)
class Basis:
    """What rows are made from: standings, the address of each page, the canonical site of each article, notices of withdrawals by place."""

    standings: list[Standing] = field(default_factory=list)
    paths: Places = field(default_factory=dict)
    canonical: dict[int, int] = field(default_factory=dict)
    notices: list[tuple[Release, int, str]] = field(default_factory=list)


def desired(which: Followed, before: Rows, *, now: datetime) -> Rows:
    """What should stand at this moment; `before` is what stands."""
    rows, basis = Rows(), _of_newest(which.newest)
    for release in which.earlier.values():
        _add_earlier(basis, release, before)
    open_here = _open_standings(basis.standings, rows, now=now)
    _give_numbers([standing for found in open_here.values() for standing in found], before)
    for place, found in open_here.items():
        if place in basis.paths:
            _add(rows, found, basis.paths[place])
    _add_notices(rows, basis)
    _make_canonical(rows, basis)
    _add_files(rows)
    return rows


# From releases to a basis


def _of_newest(newest: Mapping[int, int]) -> Basis:
    """Standings and addresses as the newest release left them. A withdrawal leaves its public notice at each address, without one nothing."""
    basis = Basis(list(Standing.objects.filter(article__in=list(newest)).select_related("release").order_by("pk")))
    for article_id, site_id, path, is_canonical in _addresses(newest):
        basis.paths[article_id, site_id] = path
        if is_canonical:
            basis.canonical[article_id] = site_id
    withdrawals = Release.objects.filter(pk__in=list(newest.values()), kind=ReleaseKind.WITHDRAW).exclude(public_notice="").select_related("revision")
    notices = {release.article_id: release for release in withdrawals}
    basis.notices = [(notices[article_id], site_id, path) for (article_id, site_id), path in basis.paths.items() if article_id in notices]
    return basis


def _addresses(article_ids: Iterable[int]) -> Iterable[tuple[int, int, str, bool]]:
    rows = Address.objects.filter(article__in=list(article_ids), is_current=True)
    return rows.values_list("article_id", "site_id", "path", "is_canonical")


def _add_earlier(basis: Basis, release: Release, before: Rows) -> None:
    """Standings and addresses of a release that newer, failed ones followed: those kept in the database are theirs, so its revision is read."""
    stood = {site_id: page for (article_id, site_id), page in before.pages.items() if article_id == release.article_id}
    if release.kind == ReleaseKind.WITHDRAW:
        places = {site_id: page.path for site_id, page in stood.items()} or {site_id: path for _, site_id, path, _ in _addresses([release.article_id])}
        basis.notices += [(release, site_id, path) for site_id, path in places.items() if release.public_notice]
        return
    content = release.revision.as_object()
    shown_at = standings.published_at(release, content=content)
    placements = list(content.placements.all())
    sections = Section.objects.select_related("site").in_bulk([placement.section_id for placement in placements])
    placed = [(placement, sections[placement.section_id]) for placement in placements if placement.section_id in sections]
    basis.standings += [standings.standing(release, placement, section, title=content.title, published_at=shown_at) for placement, section in placed]
    own, canonical = standings.addresses_of([section for _, section in placed], content=content, shown_at=shown_at)
    known = list(Address.objects.filter(article=release.article_id).order_by("is_current", "pk").values_list("site_id", "path"))
    paths = dict(known) | {site_id: path for site_id, path in own.items() if (site_id, path) in known}
    paths |= {site_id: page.path for site_id, page in stood.items() if page.release_id == release.pk}
    basis.paths |= {(release.article_id, site_id): path for site_id, path in paths.items()}
    if canonical is not None:
        basis.canonical[release.article_id] = canonical


def _give_numbers(open_now: Sequence[Standing], before: Rows) -> None:
    """Numbers for standings that were read from a revision: the one it stands under, else the one that a newer release keeps, else a new one."""
    missing = [standing for standing in open_now if standing.number is None]
    kept = dict(_kept_numbers({standing.article_id for standing in missing})) if missing else {}
    kept |= {place: line.number for place, line in before.lines.items()}
    for standing in missing:
        place = (standing.article_id, standing.section_id)
        standing.number = kept.get(place) or standings.next_numbers({standing.section_id: 1})[standing.section_id]


def _kept_numbers(article_ids: Iterable[int]) -> Iterable[tuple[tuple[int, int], int]]:
    rows = Standing.objects.filter(article__in=article_ids).values_list("article_id", "section_id", "number")
    return (((article_id, section_id), number) for article_id, section_id, number in rows)


# From a basis to rows


def _open_standings(some: Iterable[Standing], rows: Rows, *, now: datetime) -> dict[tuple[int, int], list[Standing]]:
    """Standings whose window is open, by (article, site), in the order of placement; notes when the next window opens or closes."""
    found: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for standing in some:
        moments = [moment for moment in (standing.visible_from, standing.visible_until) if moment and moment > now]
        if moments:
            rows.due[standing.article_id] = min(*moments, rows.due.get(standing.article_id, moments[0]))
        if not (standing.visible_from and standing.visible_from > now) and not (standing.visible_until and standing.visible_until <= now):
            found[standing.article_id, standing.site_id].append(standing)
    return found


def _add(rows: Rows, some: Sequence[Standing], path: str) -> None:
    """The page of an article on a site where it stands, and its lines there."""
    first = some[0]
    of_release = {"content_sha256": first.release.content_sha256, "changed_at": _changed_at(first), "published_at": first.published_at}
    rows.pages[first.article_id, first.site_id] = Shown(
        article_id=first.article_id,
        site_id=first.site_id,
        section_id=first.section_id,
        release_id=first.release_id,
        path=path,
        month=_month(first.published_at),
        **of_release,
    )
    for standing in some:
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


def _month(moment: datetime) -> str:
    return f"{local(moment):%Y-%m}"


def _add_notices(rows: Rows, basis: Basis) -> None:
    """A withdrawal with a public notice leaves the notice at each address."""
    for release, site_id, path in basis.notices:
        rows.pages[release.article_id, site_id] = Shown(
            article_id=release.article_id,
            site_id=site_id,
            release_id=release.pk,
            content_sha256=release.content_sha256,
            path=path,
            title=release.revision.content["title"],
            is_withdrawn=True,
            published_at=release.at,
            changed_at=release.at,
            month=_month(release.at),
        )


def _make_canonical(rows: Rows, basis: Basis) -> None:
    """Copies point to the canonical page; where that does not stand (its window is closed), each page is its own."""
    for (article_id, _), page in rows.pages.items():
        origin = rows.pages.get((article_id, basis.canonical.get(article_id, page.site_id)), page)
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

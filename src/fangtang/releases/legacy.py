"""Taking over what was public before it was imported: released in bulk, marked as not reviewed here.

This is the one door past the review, so it is narrow: only an imported article that nobody touched or submitted since its import and that was
never released goes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial, reduce
from itertools import islice
from operator import or_
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, F, Q

from fangtang.articles import content as contents
from fangtang.articles import registry as articles_registry
from fangtang.articles.models import Article, Placement, Provenance
from fangtang.audit import actions as audit
from fangtang.kernel.errors import NotAllowed, NotPossible, Obstacle
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.releases import registry, standings
from fangtang.releases.models import UNDATED, Address, Release, ReleaseKind, Standing
from fangtang.reviews.models import Turn

AT_ONCE = 500
T = TypeVar("T")
MAY = frozenset({Role.OPERATOR, Role.SITE_MANAGER})


@transaction.atomic
def adopt(articles: Iterable[Article], *, by: User | None, now: datetime) -> list[Release]:
    """Release imported articles as they were imported, the oldest first, so that numbers run from the oldest.

    `by` is None for the machine. Raises NotAllowed for a person who is neither operator nor site manager of the units, and NotPossible
    "releases.not_legacy" with an obstacle for each article that was not imported, was edited or submitted since, was released before or lies in the
    bin, and for each of its sections that is closed; then none is adopted.
    """
    articles = list(articles)
    if by is not None and len(adoptable(articles, by=by, now=now)) < len(articles):
        raise NotAllowed("releases.adopt_legacy")
    ids = [article.pk for article in articles]
    rows = sorted(_fresh(ids), key=lambda article: (article.shown_at or UNDATED, article.pk))
    if obstacles := tuple(obstacle for _row, obstacle in _obstacles(rows)):
        raise NotPossible("releases.not_legacy", obstacles=obstacles)
    made = [release for some in _chunks(rows, AT_ONCE) for release in _adopt(some, by=by, now=now)]
    audit.record("releases.adopt_legacy", by=by, now=now, articles=len(made))
    if made:
        for listen in registry.decided:
            transaction.on_commit(partial(listen, made[-1].pk))
    return made


def adoptable(articles: Iterable[Article], *, by: User, now: datetime) -> list[Article]:
    """Those of units for which this person may take over what was public before."""
    units = _units(by, people.today(now))
    return [article for article in articles if article.unit_id in units]


def _units(person: User, day: date) -> set[int]:
    """Ids of the units in which this person may take over."""
    return set(people.units_of(person, roles=MAY, day=day).values_list("pk", flat=True))


@articles_registry.on_imported.register("releases.adopt")
def adopt_imported(*, origin: str, by: User, now: datetime) -> None:
    """What an operator or site manager imports is taken over, the oldest first; what others import stays a draft, whoever imports later.

    Each few hundred are a transaction of their own: killed in between, the next import of this origin takes over the rest.
    """
    day = people.today(now)
    importers = User.objects.filter(pk__in=Provenance.objects.filter(origin=origin).values("imported_by"))
    theirs = [Q(provenance__imported_by=one, unit__in=_units(one, day)) for one in importers]
    ours = reduce(or_, theirs, Q(provenance__imported_by=None))
    waiting = Article.objects.filter(ours, provenance__origin=origin, releases=None, trashed_at=None, unit__in=_units(by, day))
    ids = list(waiting.order_by(F("shown_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))
    for some in _chunks(ids, AT_ONCE):
        rows = _fresh(some)
        left = {row.pk for row, _obstacle in _obstacles(rows)}
        adopt([row for row in rows if row.pk not in left], by=by, now=now)


def _fresh(ids: Sequence[int]) -> list[Article]:
    found = Article.objects.select_related("latest_revision", "provenance").annotate(revisions_made=Count("_revisions", distinct=True))
    return [article for some in _chunks(ids, AT_ONCE) for article in found.filter(pk__in=some)]


def _obstacles(rows: Sequence[Article]) -> Iterator[tuple[Article, Obstacle]]:
    """What keeps each of these articles out, article by article."""
    for some in _chunks(rows, AT_ONCE):
        ids = [row.pk for row in some]
        released = set(Release.objects.filter(article__in=ids).values_list("article_id", flat=True))
        read = set(Turn.objects.filter(content_type=ContentType.objects.get_for_model(Article), object_id__in=ids).values_list("object_id", flat=True))
        closed = Placement.objects.filter(article__in=ids, section__closed_at__isnull=False).select_related("section__site").order_by("pk")
        shut: dict[int, list[Section]] = {}
        for placement in closed:
            shut.setdefault(placement.article_id, []).append(placement.section)
        for row in some:
            if code := _why_not(row, is_released=row.pk in released, was_submitted=row.pk in read):
                yield row, Obstacle(code, {"title": row.title})
            for section in shut.get(row.pk, ()):
                yield row, Obstacle("releases.section_closed", {"section": section.name, "site": section.site.name})


def _why_not(row: Article, *, is_released: bool, was_submitted: bool) -> str:
    """The code of what the article itself is not; "" for one that may be taken over."""
    if not hasattr(row, "provenance"):
        return "releases.not_imported"
    if is_released:
        return "releases.released_before"
    if row.trashed_at is not None:
        return "releases.in_bin"
    if was_submitted:
        return "releases.submitted_before"
    if row.revisions_made != 1 or not _untouched(row, row.provenance):
        return "releases.edited_since_import"
    return ""


def _untouched(row: Article, provenance: Provenance) -> bool:
    return row.latest_revision is not None and contents.content_sha256(row.latest_revision) == provenance.imported_sha256


def _adopt(rows: Sequence[Article], *, by: User | None, now: datetime) -> list[Release]:
    """The same rows as `actions.sign` would write, in few statements."""
    releases = Release.objects.bulk_create(
        Release(article=row, kind=ReleaseKind.LEGACY, revision=row.latest_revision, content_sha256=row.provenance.imported_sha256, by=by, at=now)
        for row in rows
    )
    placed = _placements(rows)
    sections = Section.objects.select_related("site").in_bulk({placement.section_id for some in placed.values() for placement in some})
    numbers = _numbers(placed)
    standing: list[Standing] = []
    addresses: list[Address] = []
    for release in releases:
        row, shown_at = release.article, release.article.shown_at or UNDATED
        for placement in placed.get(row.pk, ()):
            section = sections[placement.section_id]
            made = standings.standing(release, placement, section, title=row.title, published_at=shown_at)
            made.number = next(numbers[section.pk])
            standing.append(made)
        addresses.extend(_addresses(release, [sections[p.section_id] for p in placed.get(row.pk, ())], shown_at=shown_at))
    Standing.objects.bulk_create(standing)
    Address.objects.bulk_create(addresses)
    return releases


def _placements(rows: Sequence[Article]) -> dict[int, list[Placement]]:
    found: dict[int, list[Placement]] = {}
    for placement in Placement.objects.filter(article__in=[row.pk for row in rows]).order_by("pk"):
        found.setdefault(placement.article_id, []).append(placement)
    return found


def _numbers(placed: dict[int, list[Placement]]) -> dict[int, Iterator[int]]:
    """Numbers of each section, as many as arrive there, taken for good."""
    arrivals: dict[int, int] = {}
    for some in placed.values():
        for placement in some:
            arrivals[placement.section_id] = arrivals.get(placement.section_id, 0) + 1
    first = standings.next_numbers(arrivals)
    return {pk: iter(range(first[pk], first[pk] + many)) for pk, many in arrivals.items()}


def _addresses(release: Release, sections: Sequence[Section], *, shown_at: datetime) -> Iterator[Address]:
    paths, canonical = standings.addresses_of(sections, content=release.article, shown_at=shown_at)
    for site_id, path in paths.items():
        yield Address(article=release.article, site_id=site_id, path=path, is_canonical=site_id == canonical, first_at=release.at)


def _chunks(things: Sequence[T], most: int) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, most)):
        yield some

"""Which releases a builder takes, and how each of them leaves its hands: served, waiting again, or failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, QuerySet

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.releases import telling
from fangtang.releases.models import Release, ReleaseKind, Standing
from fangtang.releases.states import BUILDING, DECIDED, FAILED, SERVED
from fangtang.snapshots.effects.outcome import BUILDER_DIED, SITE_BROKEN, Outcome
from fangtang.snapshots.models import Built

CLAIMED_AT_ONCE = 1000
PLACES_AT_ONCE = 2000
"""Places of the articles that are built together: whoever comes meanwhile waits for no more than this. A hundred articles on one site go together."""
MOST_ATTEMPTS = 3
"""A release whose builder died this often, or whose site could not be drawn this often, is marked as failed; others go out meanwhile."""


def take_up_lost(now: datetime) -> None:
    """Releases that a dead builder left: wait again, or fail when their builders die each time."""
    lost = Release.objects.filter(status=BUILDING)
    for release in lost.filter(attempts__gte=MOST_ATTEMPTS):
        fail(release, Unavailable(BUILDER_DIED, permanent=False), now=now)
    lost.update(status=DECIDED)


def take_up_recovered(outcome: Outcome) -> int:
    """Releases that failed because of a site which is drawn again wait again: they stand there by now. How many."""
    failed = Release.objects.filter(status=FAILED, error_code=SITE_BROKEN).values_list("pk", "error_data")
    if not failed:
        return 0
    sound = set(Built.objects.filter(pending=[]).exclude(pk__in=outcome.broken_sites).values_list("site", flat=True))
    recovered = [pk for pk, data in failed if data["site"] in sound]
    return retry(recovered) if recovered else 0


def claim(now: datetime) -> list[Release]:
    """Releases to build together: withdrawals and what else waits for the same articles; else all of articles of which none was ever tried, as many
    as are drawn in a few seconds; else those of one article, alone.

    An article's releases go together: an older one never waits for a newer one that would be claimed after it.
    """
    waiting = Release.objects.filter(status=DECIDED).order_by("pk")
    tried = waiting.filter(attempts__gt=0).order_by().values("article")
    wanted = _urgent() or _some(waiting.exclude(article__in=tried))
    if not wanted:
        wanted = list(waiting.filter(article=waiting.values_list("article_id", flat=True).first()).values_list("pk", flat=True))
    return _claimed(wanted, now)


def claim_urgent(now: datetime) -> list[Release]:
    """The withdrawals that wait, with what else waits for the same articles. Those that were tried before wait for their turn."""
    return _claimed(_urgent(), now)


def _urgent() -> list[int]:
    waiting = Release.objects.filter(status=DECIDED).order_by("pk")
    urgent = waiting.filter(kind=ReleaseKind.WITHDRAW).order_by().values("article")
    tried = waiting.filter(attempts__gt=0).order_by().values("article")
    return list(waiting.filter(article__in=urgent).exclude(article__in=tried).values_list("pk", flat=True)[:CLAIMED_AT_ONCE])


def _some(waiting: QuerySet[Release]) -> list[int]:
    """The first releases whose articles stand in at most so many places together; always one article at least."""
    some = list(waiting.values_list("pk", "article_id")[:CLAIMED_AT_ONCE])
    standings = Standing.objects.filter(article__in={article_id for _, article_id in some}).order_by()
    places = dict(standings.values_list("article").annotate(Count("pk")))
    found: list[int] = []
    room = PLACES_AT_ONCE
    for pk, article_id in some:
        room -= places.pop(article_id, 0)
        if found and room < 0:
            break
        found.append(pk)
    return found


def _claimed(wanted: Sequence[int], now: datetime) -> list[Release]:
    if not wanted:
        return []
    Release.objects.filter(pk__in=wanted, status=DECIDED).update(status=BUILDING, claimed_at=now, attempts=F("attempts") + 1)
    faults.point("snapshots.claimed")
    return list(Release.objects.filter(pk__in=wanted, status=BUILDING).select_related("revision").order_by("pk"))


@contextmanager
def given_back_when_full(batch: Sequence[Release]) -> Iterator[None]:
    """A full disk is no try of these releases: they wait again as if they had not been claimed, with the reason."""
    try:
        yield
    except Unavailable as why:
        mine = Release.objects.filter(pk__in=[release.pk for release in batch], status=BUILDING)
        mine.update(status=DECIDED, attempts=F("attempts") - 1, error_code=why.code, error_data=why.data)
        raise


def note_served(releases: Sequence[Release], now: datetime, outcome: Outcome) -> None:
    """They stand wherever they should."""
    ids = [release.pk for release in releases]
    Release.objects.filter(pk__in=ids, status=BUILDING).update(status=SERVED, served_at=now, error_code="", error_data={})
    outcome.served.extend(ids)


def postpone(releases: Sequence[Release]) -> None:
    """Something newer was decided about their articles meanwhile: their turn comes with that."""
    Release.objects.filter(pk__in=[release.pk for release in releases], status=BUILDING).update(status=DECIDED, attempts=0)


def let_go(now: datetime, outcome: Outcome) -> None:
    """What waited for a broken site or article waits for the next call, with the reason; or fails when that was the last attempt."""
    for release in Release.objects.filter(pk__in=outcome.waiting, status=BUILDING):
        if release.attempts >= MOST_ATTEMPTS:
            fail(release, outcome.waiting[release.pk], now=now)
            outcome.failed.append(release.pk)
        else:
            _leave(release, DECIDED, outcome.waiting[release.pk])


def fail(release: Release, why: Unavailable, *, now: datetime) -> None:
    """Mark a release as failed and tell whoever has to know, both or neither."""
    with transaction.atomic():
        if _leave(release, FAILED, why):
            telling.failed(release, now=now)


def retry(release_ids: Sequence[int]) -> int:
    """Let failed releases wait again; all of them when none is named. How many."""
    failed = Release.objects.filter(status=FAILED)
    some = failed.filter(pk__in=release_ids) if release_ids else failed
    return some.update(status=DECIDED, attempts=0, error_code="", error_data={})


def _leave(release: Release, status: str, why: Unavailable) -> bool:
    """The builder leaves a release in this state, unless somebody else has moved it on."""
    release.status, release.error_code, release.error_data = status, why.code, why.data
    left = Release.objects.filter(pk=release.pk, status=BUILDING)
    return bool(left.update(status=status, error_code=why.code, error_data=why.data))

"""Rounds of building: everything that waits goes out together, until nothing waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.releases.models import Release, ReleaseKind
from fangtang.snapshots import hosts, locks, prepare, register, settle, sources
from fangtang.snapshots.effects import claims, journal, sites
from fangtang.snapshots.effects.outcome import (
    ARTICLE_BROKEN,
    NOT_PREPARED,
    Clock,
    Outcome,
    Progress,
    apart,
    is_shared,
    no_progress,
    unavailable,
)
from fangtang.snapshots.effects.partner import PARTNER
from fangtang.snapshots.models import Built, Due, Shown
from fangtang.snapshots.register import Register
from fangtang.snapshots.targets import Target

logger = logging.getLogger(__name__)

DUE_AT_ONCE = 1000


def build_waiting(*, now: datetime, progress: Progress = no_progress) -> Outcome:
    """Build every release that waits, every opening and closing that is due, and every site whose face changed. A second call does nothing, except
    that it tries what was broken again.

    Waits for a builder that is at work. Raises Unavailable "snapshots.builder_busy" when that takes longer than `locks.WAIT_SECONDS`, and
    "snapshots.store_full": then everything waits until there is room.
    """
    outcome, clock = Outcome(progress=progress), Clock(now, monotonic())
    with locks.builder():
        claims.take_up_lost(clock.now())
        while True:
            batch = claims.claim(clock.now())
            if batch:
                PARTNER.rouse()
            due = list(Due.objects.filter(at__lte=clock.now()).exclude(pk__in=outcome.broken_articles).values_list("article_id", flat=True)[:DUE_AT_ONCE])
            every = register.read()
            if batch or due or _has_pending(outcome):
                with claims.given_back_when_full(batch):
                    _build(batch, due, every, clock, outcome)
            elif not sites.build_one_stale(every, clock, outcome, between=_urgent_first(every, clock, outcome)) and not claims.take_up_recovered(outcome):
                claims.let_go(clock.now(), outcome)
                hosts.write(every)
                return outcome


def build_site(site_id: int, *, now: datetime, progress: Progress = no_progress) -> Outcome:
    """Build one site whole, whatever its rows say, and put right what is damaged in the store."""
    outcome, clock = Outcome(progress=progress), Clock(now, monotonic())
    with locks.builder():
        every = register.read()
        sites.build_whole(every[site_id], every, clock, outcome, between=_urgent_first(every, clock, outcome), is_doubting=True)
        hosts.write(every)
    return outcome


def rollback(site_key: str, *, to: str | None, now: datetime) -> str:
    """Let a site stand at an earlier root until something is released on it or its face changes; then it is built whole. The root that stands now."""
    with locks.builder():
        snapshot = sites.store().rollback(site_key, to=to, at=now)
        Built.objects.filter(site__key=site_key).update(root_sha256="")
    return snapshot.root_sha256


def forget_prepared() -> int:
    """Have every text that stands prepared again by the next full builds: after an upgrade that draws bodies differently. How many."""
    count = 0
    with locks.builder():
        standing = Shown.objects.filter(is_withdrawn=False).values_list("release", flat=True).distinct()
        for release in Release.objects.filter(pk__in=standing).select_related("revision").iterator():
            prepare.prepare(release, is_afresh=True)
            count += 1
        sources.forget_facts()
        journal.forget()
    return count


def _has_pending(outcome: Outcome) -> bool:
    return Built.objects.exclude(pending=[]).exclude(pk__in=outcome.broken_sites).exists()


def _urgent_first(every: Register, clock: Clock, outcome: Outcome) -> Callable[[], None]:
    """What happens between two parts of a full build: withdrawals that were decided meanwhile go out."""

    def between() -> None:
        batch = claims.claim_urgent(clock.now())
        if batch:
            with claims.given_back_when_full(batch):
                _build(batch, (), every, clock, outcome)

    return between


def _build(batch: Sequence[Release], due: Sequence[int], every: Register, clock: Clock, outcome: Outcome) -> None:
    """One round: everything of the batch goes out together, except what cannot be prepared or waits for something broken."""
    ready = [release for release in batch if _prepared(release, clock, outcome)]
    faults.point("snapshots.prepared")
    later = _settled([*(release.article_id for release in ready), *due], every, clock, outcome)
    faults.point("snapshots.settled")
    pending = _pending()
    sites.draw_and_store(
        {pk: targets for pk, targets in pending.items() if pk not in outcome.broken_sites},
        every,
        clock,
        outcome,
        releases={release.article_id: release.pk for release in ready},
        between=_urgent_first(every, clock, outcome),
    )
    faults.point("snapshots.stored")
    kept_up = _kept_up(pending, outcome)
    outcome.waiting |= {release.pk: kept_up[release.article_id] for release in ready if release.article_id in kept_up}
    done = [release for release in ready if release.article_id not in kept_up]
    claims.note_served([release for release in done if release.article_id not in later], clock.now(), outcome)
    claims.postpone([release for release in done if release.article_id in later])
    faults.point("snapshots.noted")


def _prepared(release: Release, clock: Clock, outcome: Outcome) -> bool:
    """A withdrawal needs nothing prepared, so nothing broken can hold it up."""
    if release.kind == ReleaseKind.WITHDRAW:
        return True
    try:
        prepare.prepare(release)
    except Unavailable as error:
        if is_shared(error):
            raise
        logger.warning("release %s cannot be built: %s", release.pk, error)
        why = error
    except Exception as error:
        if is_shared(error):
            raise
        logger.exception("release %s cannot be prepared", release.pk)
        why = unavailable(NOT_PREPARED, error)
    else:
        return True
    claims.fail(release, why, now=clock.now())
    outcome.failed.append(release.pk)
    return False


def _settled(article_ids: Sequence[int], every: Register, clock: Clock, outcome: Outcome) -> frozenset[int]:
    """Settle all together; when that is not possible, each article alone, without those that cannot be settled. Articles whose turn comes later."""
    try:
        return settle.settle(article_ids, register=every, now=clock.now()).later
    except Exception as error:
        if is_shared(error):
            raise
        logger.warning("articles cannot be settled together (%s); each is settled alone", type(error).__name__)
    later: set[int] = set()
    for article_id in sorted(set(article_ids)):
        with apart(outcome.broken_articles, article_id, ARTICLE_BROKEN):
            later |= settle.settle([article_id], register=every, now=clock.now()).later
    return frozenset(later)


def _pending() -> dict[int, list[Target]]:
    return {row.site_id: [Target(*one) for one in row.pending] for row in Built.objects.exclude(pending=[])}


def _kept_up(pending: Mapping[int, Sequence[Target]], outcome: Outcome) -> dict[int, Unavailable]:
    """Articles that are not everywhere as they should be, each with the reason: they are broken, or their page waits on a broken site."""
    found = dict(outcome.broken_articles)
    for site_id, why in outcome.broken_sites.items():
        found |= {target.number: why for target in pending.get(site_id, ()) if target.kind == "article"}
    return found

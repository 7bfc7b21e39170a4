"""What the builder does: claim releases, prepare their texts, settle the rows, draw what that touches, switch the sites, note it.

One builder works at a time (a lock on a file, which the kernel drops when its holder dies). Whoever holds the lock therefore knows that a release
still marked as building was left by a dead builder, and takes it up again. Drawing and storing happen outside of any transaction; doing them twice
gives the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.releases import telling
from fangtang.releases.models import Release, ReleaseKind
from fangtang.releases.states import BUILDING, DECIDED, FAILED, SERVED
from fangtang.snapshots import blobs, drawing, hosts, locks, prepare, register, settle, sources
from fangtang.snapshots.models import Built, Due, Shown, Used
from fangtang.snapshots.register import Register, SiteRow
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.targets import Target

logger = logging.getLogger(__name__)

CLAIMED_AT_ONCE = 1000
MOST_ATTEMPTS = 3
"""A release whose builder died this often is marked as failed; others go out meanwhile."""


@dataclass(slots=True)
class Outcome:
    """What one call did."""

    served: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    built_whole: list[str] = field(default_factory=list)
    files: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of the call, going on from there: effects read no clock of their own."""

    started: datetime
    monotonic: float

    def now(self) -> datetime:
        return self.started + timedelta(seconds=monotonic() - self.monotonic)


def store() -> TreesStore:
    """The store of this instance."""
    return _store(Path(settings.SNAPSHOT_ROOT))


@lru_cache(maxsize=4)
def _store(root: Path) -> TreesStore:
    return TreesStore(root)


def forget_store() -> None:
    """Open the store anew when it is next asked for: after its folder was taken away."""
    _store.cache_clear()


def build_waiting(*, now: datetime) -> Outcome:
    """Build every release that waits, every opening and closing that is due, and every site whose face changed. A second call does nothing.

    Waits for a builder that is at work. Raises Unavailable "snapshots.builder_busy" when that takes longer than `locks.WAIT_SECONDS`.
    """
    outcome, clock = Outcome(), Clock(now, monotonic())
    with locks.builder():
        _take_up_lost(clock.now())
        while True:
            batch = _claim(clock.now())
            due = list(Due.objects.filter(at__lte=clock.now()).values_list("article_id", flat=True)[:CLAIMED_AT_ONCE])
            sites = register.read()
            if batch or due or _has_pending():
                _build(batch, due, sites, clock, outcome)
            elif not _build_one_stale(sites, clock, outcome):
                hosts.write(sites)
                return outcome


def build_site(site_id: int, *, now: datetime) -> Outcome:
    """Build one site whole, whatever its rows say."""
    outcome, clock = Outcome(), Clock(now, monotonic())
    with locks.builder():
        sites = register.read()
        _build_whole(sites[site_id], sites, clock, outcome)
        hosts.write(sites)
    return outcome


def rollback(site_key: str, *, to: str | None, now: datetime) -> str:
    """Let a site stand at an earlier root until something is released on it or its face changes; then it is built whole. The root that stands now."""
    with locks.builder():
        snapshot = store().rollback(site_key, to=to, at=now)
        Built.objects.filter(site__key=site_key).update(root_sha256="")
    return snapshot.root_sha256


def retry(release_ids: Sequence[int]) -> int:
    """Let failed releases wait again; all of them when none is named. How many."""
    failed = Release.objects.filter(status=FAILED)
    some = failed.filter(pk__in=release_ids) if release_ids else failed
    return some.update(status=DECIDED, attempts=0, error="")


def forget_prepared() -> int:
    """Have every text that stands prepared again by the next full builds: after an upgrade that draws bodies differently. How many."""
    count = 0
    with locks.builder():
        standing = Shown.objects.filter(is_withdrawn=False).values_list("release", flat=True).distinct()
        for release in Release.objects.filter(pk__in=standing).select_related("revision").iterator():
            prepare.prepare(release, is_afresh=True)
            count += 1
        sources.forget_facts()
    return count


# Claiming


def _take_up_lost(now: datetime) -> None:
    """Releases that a dead builder left: wait again, or fail when their builders die each time."""
    lost = Release.objects.filter(status=BUILDING)
    for release in lost.filter(attempts__gte=MOST_ATTEMPTS):
        _fail(release, error="snapshots.builder_died", now=now)
    lost.update(status=DECIDED)


def _fail(release: Release, *, error: str, now: datetime) -> None:
    """Mark a release as failed and tell whoever has to know, both or neither."""
    with transaction.atomic():
        if Release.objects.filter(pk=release.pk, status=BUILDING).update(status=FAILED, error=error):
            release.status, release.error = FAILED, error
            telling.failed(release, now=now)


def _claim(now: datetime) -> list[Release]:
    """Releases to build together: all that were never tried; else one that was, alone."""
    waiting = Release.objects.filter(status=DECIDED).order_by("pk")
    fresh = list(waiting.filter(attempts=0).values_list("pk", flat=True)[:CLAIMED_AT_ONCE])
    wanted = fresh or list(waiting.values_list("pk", flat=True)[:1])
    if not wanted:
        return []
    Release.objects.filter(pk__in=wanted, status=DECIDED).update(status=BUILDING, claimed_at=now, attempts=F("attempts") + 1)
    faults.point("snapshots.claimed")
    return list(Release.objects.filter(pk__in=wanted, status=BUILDING).select_related("revision").order_by("pk"))


def _has_pending() -> bool:
    return Built.objects.exclude(pending=[]).exists()


# Building


def _build(batch: Sequence[Release], due: Sequence[int], sites: Register, clock: Clock, outcome: Outcome) -> None:
    """One round: everything of the batch goes out together, except what cannot be prepared."""
    ready = [release for release in batch if _prepared(release, clock, outcome)]
    faults.point("snapshots.prepared")
    settled = settle.settle([*(release.article_id for release in ready), *due], register=sites, now=clock.now())
    faults.point("snapshots.settled")
    pending = {row.site_id: [Target(*one) for one in row.pending] for row in Built.objects.exclude(pending=[])}
    _draw_and_store(pending, sites, clock, outcome)
    faults.point("snapshots.stored")
    _note_served([release for release in ready if release.article_id not in settled.later], clock, outcome)
    later = [release.pk for release in ready if release.article_id in settled.later]
    Release.objects.filter(pk__in=later, status=BUILDING).update(status=DECIDED, attempts=0)
    faults.point("snapshots.noted")


def _prepared(release: Release, clock: Clock, outcome: Outcome) -> bool:
    """A withdrawal needs nothing prepared, so nothing broken can hold it up."""
    if release.kind == ReleaseKind.WITHDRAW:
        return True
    try:
        prepare.prepare(release)
    except Unavailable as error:
        logger.warning("release %s cannot be built: %s", release.pk, error)
        _fail(release, error=str(error), now=clock.now())
        outcome.failed.append(release.pk)
        return False
    return True


def _draw_and_store(pending: Mapping[int, Iterable[Target]], sites: Register, clock: Clock, outcome: Outcome) -> None:
    """Draw what is pending. A site that does not stand as it was last built, or whose face changed, is built whole."""
    built = {row.site_id: row for row in Built.objects.all()}
    _mark_copies(sites, built)  # before a whole build notes the new name of an origin
    whole = [site_id for site_id in pending if _is_stale(sites[site_id], built.get(site_id), is_pending=True)]
    some = {site_id: targets for site_id, targets in pending.items() if site_id not in whole}
    for site_id in whole:
        _build_whole(sites[site_id], sites, clock, outcome)
    if not some:
        return
    files = drawing.draw(some, register=sites)
    faults.point("snapshots.drawn")
    snapshots = store().commit_all({sites[site_id].key: changes for site_id, changes in files.items()}, at=clock.now())
    outcome.files += sum(map(len, files.values()))
    faults.point("snapshots.committed")
    rows = [built[site_id] for site_id in some]
    for row in rows:
        row.root_sha256, row.pending, row.built_at = snapshots[sites[row.site_id].key].root_sha256, [], clock.now()
    Built.objects.bulk_create(rows, update_conflicts=True, unique_fields=["site"], update_fields=["root_sha256", "pending", "built_at"])


def _is_stale(site: SiteRow, row: Built | None, *, is_pending: bool) -> bool:
    """Whether a site must be built whole. With targets pending the store may be one commit ahead of the row: their builder died in between."""
    if row is None or row.is_stale or row.face_sha256 != site.face_sha256 or not row.root_sha256:
        return True
    current = store().root(site.key)
    return current is None or (current != row.root_sha256 and not is_pending)


def _build_one_stale(sites: Register, clock: Clock, outcome: Outcome) -> bool:
    """Build one site whose face changed; False when there is none. A site that was rolled back stays so until something is released on it."""
    rows = {row.site_id: row for row in Built.objects.all()}
    _mark_copies(sites, rows)
    for site in sites.values():
        row = rows.get(site.id)
        if row is None or row.is_stale or row.face_sha256 != site.face_sha256 or store().root(site.key) is None:
            _build_whole(site, sites, clock, outcome)
            return True
    return False


def _mark_copies(sites: Register, rows: Mapping[int, Built]) -> None:
    """Copies name the site of their origin: when its name or address changed, sites with copies are built whole."""
    renamed = [pk for pk, row in rows.items() if pk in sites and row.name and (row.name, row.base_url) != (sites[pk].name, sites[pk].base_url)]
    if not renamed:
        return
    holders = set(Shown.objects.filter(canonical_site__in=renamed).exclude(site=F("canonical_site")).values_list("site", flat=True))
    with transaction.atomic():
        Built.objects.filter(site__in=holders).update(is_stale=True)
        for pk in renamed:
            rows[pk].name, rows[pk].base_url = sites[pk].name, sites[pk].base_url
            rows[pk].save(update_fields=["name", "base_url"])
    for pk in holders & rows.keys():
        rows[pk].is_stale = True


def _build_whole(site: SiteRow, sites: Register, clock: Clock, outcome: Outcome) -> None:
    _restore_files(site)
    snapshot = store().replace(site.key, _counted(drawing.whole(site, register=sites), outcome), at=clock.now())
    values = {
        "root_sha256": snapshot.root_sha256,
        "face_sha256": site.face_sha256,
        "name": site.name,
        "base_url": site.base_url,
        "pending": [],
        "is_stale": False,
        "built_at": clock.now(),
    }
    Built.objects.update_or_create(site_id=site.id, defaults=values)
    outcome.built_whole.append(site.key)


def _restore_files(site: SiteRow) -> None:
    """Make files of articles again that are gone from beside the store: it may have been lost or moved."""
    used = Used.objects.filter(site=site.id)
    missing = [sha256 for sha256 in used.values_list("sha256", flat=True).distinct() if not blobs.has(sha256)]
    for some in sources.chunks(missing, CLAIMED_AT_ONCE):
        articles = used.filter(sha256__in=some).values("article")
        releases = Shown.objects.filter(site=site.id, article__in=articles, is_withdrawn=False).values("release")
        for release in Release.objects.filter(pk__in=releases).select_related("revision"):
            prepare.prepare(release, is_afresh=True)


def _counted(files: Iterable[tuple[str, bytes]], outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    for one in files:
        outcome.files += 1
        yield one


def _note_served(releases: Sequence[Release], clock: Clock, outcome: Outcome) -> None:
    ids = [release.pk for release in releases]
    Release.objects.filter(pk__in=ids, status=BUILDING).update(status=SERVED, served_at=clock.now(), error="")
    outcome.served.extend(ids)

"""Drawing sites and switching them: what is pending on each, or the whole of one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fangtang.kernel import faults
from fangtang.releases.models import Release
from fangtang.snapshots import blobs, drawing, keyring, prepare, rows, sources
from fangtang.snapshots.drawing import Files
from fangtang.snapshots.effects import hands
from fangtang.snapshots.effects.journal import Journal
from fangtang.snapshots.effects.outcome import SITE_BROKEN, Clock, Outcome, apart, is_shared
from fangtang.snapshots.effects.partner import PARTNER
from fangtang.snapshots.models import Built, Shown, Used
from fangtang.snapshots.register import Register, SiteRow
from fangtang.snapshots.store import Content, Laid, Snapshot, TreesStore
from fangtang.snapshots.store.manifests import Entry
from fangtang.snapshots.store.staging import Staging, entry_of
from fangtang.snapshots.targets import Target

logger = logging.getLogger(__name__)

ARTICLES_AT_ONCE = 1000
PART = 600
"""Targets that are drawn, stored and noted together in a full build."""

Between = Callable[[], None]
"""Called between two parts of a full build."""


def store() -> TreesStore:
    """The store of this instance."""
    return _store(Path(settings.SNAPSHOT_ROOT), settings.RECORD_DAYS)


@lru_cache(maxsize=4)
def _store(root: Path, days: int) -> TreesStore:
    return TreesStore(root, signers=keyring.signers(), is_ours=keyring.is_ours(), record_lasts=timedelta(days=days))


def forget_store() -> None:
    """Open the store anew when it is next asked for: after its folder was taken away."""
    _store.cache_clear()


def draw_and_store(
    pending: Mapping[int, Iterable[Target]], sites: Register, clock: Clock, outcome: Outcome, *, releases: Mapping[int, int], between: Between
) -> None:
    """Draw what is pending. A site that does not stand as it was last built, or whose face changed, is built whole. What is broken stays pending.

    `releases` are those that go out now, by article. On a site that is being built whole just now, what is pending is drawn into what stands there,
    for nobody is to wait for the long build; into the long build too."""
    built = {row.site_id: row for row in Built.objects.all()}
    _mark_copies(sites, built)  # before a whole build notes the new name of an origin
    for site_id in pending.keys() & outcome.whole.keys():
        outcome.whole[site_id].draw_again(pending[site_id])
    whole = [pk for pk in pending if pk not in outcome.whole and _is_stale(sites[pk], built.get(pk), is_pending=True)]
    for site_id in whole:
        with _apart(sites[site_id], outcome):
            build_whole(sites[site_id], sites, clock, outcome, between=between)
    unseen = [pk for pk in outcome.whole if store().root(sites[pk].key) is None]
    some = {site_id: targets for site_id, targets in pending.items() if site_id not in {*whole, *unseen}}
    if not some:
        return
    contained = {sites[pk].key: _releases_on(targets, releases) for pk, targets in some.items()}
    with store().staging() as staged:
        shared = PARTNER.share(some, sites, staged)
        files = _drawn({pk: targets for pk, targets in some.items() if pk not in shared}, sites, outcome)
        laid = _laid(files, sites, staged) if shared else {}
        files |= _drawn({pk: targets for pk, targets in shared.items() if pk not in laid}, sites, outcome)
        faults.point("snapshots.drawn")
        snapshots = _committed(files, laid, staged, sites, clock, releases=contained)
    if snapshots is None:
        files |= _drawn({pk: shared[pk] for pk in laid.keys() - files.keys()}, sites, outcome)
        snapshots = _committed_alone(files, sites, clock, outcome, releases=contained)
    outcome.files += sum(len(files[pk] if pk in files else laid[pk].files) for pk in snapshots)
    faults.point("snapshots.committed")
    left = dict(Built.objects.filter(site__in=snapshots).values_list("site", "pending"))
    done = [built[site_id] for site_id in snapshots]
    for row in done:
        drawn = set(some[row.site_id])
        row.root_sha256, row.built_at = snapshots[row.site_id].root_sha256, clock.now()
        row.pending = [one for one in left[row.site_id] if Target(*one) not in drawn]
    Built.objects.bulk_create(done, update_conflicts=True, unique_fields=["site"], update_fields=["root_sha256", "pending", "built_at"])


def _drawn(wanted: Mapping[int, Iterable[Target]], sites: Register, outcome: Outcome) -> dict[int, Files]:
    """The files of all sites, drawn together; when that is not possible, each site alone, without those that cannot be drawn."""
    try:
        return drawing.draw(wanted, register=sites)
    except Exception as error:
        if is_shared(error):
            raise
        logger.warning("sites cannot be drawn together (%s); each is drawn alone", type(error).__name__)
    found: dict[int, Files] = {}
    for site_id, targets in wanted.items():
        with _apart(sites[site_id], outcome):
            found |= drawing.draw({site_id: targets}, register=sites)
    return found


def _laid(files: Mapping[int, Files], sites: Register, staged: Staging) -> dict[int, Laid]:
    """What was staged of these sites while the partner staged its own, with what it did. What cannot be staged is met again by the commit."""
    found: dict[int, Laid] = {}
    try:
        written = store().lay(staged, {sites[pk].key: changes for pk, changes in files.items()})
        found = {pk: written[sites[pk].key] for pk in files}
    except Exception as error:
        if is_shared(error):
            raise
        logger.warning("sites cannot be laid together (%s)", type(error).__name__)
    return found | PARTNER.laid(staged)


def _releases_on(targets: Iterable[Target], releases: Mapping[int, int]) -> list[int]:
    return [releases[target.number] for target in targets if target.kind == "article" and target.number in releases]


def _committed(
    files: Mapping[int, Files], laid: Mapping[int, Laid], staged: Staging, sites: Register, clock: Clock, *, releases: Mapping[str, Iterable[int]]
) -> dict[int, Snapshot] | None:
    """The snapshots that stand now, by site id, committed together; None when that is not possible."""
    changes = {sites[pk].key: of_site for pk, of_site in files.items() if pk not in laid}
    ready = {sites[pk].key: of_site for pk, of_site in laid.items()}
    try:
        snapshots = store().commit_all(changes, at=clock.now(), releases=releases, laid=ready, staged=staged)
        return {pk: snapshots[sites[pk].key] for pk in {**files, **laid}}
    except Exception as error:
        if is_shared(error):
            raise
        logger.warning("sites cannot be stored together (%s); each is stored alone", type(error).__name__)
        return None


def _committed_alone(
    files: Mapping[int, Files], sites: Register, clock: Clock, outcome: Outcome, *, releases: Mapping[str, Iterable[int]]
) -> dict[int, Snapshot]:
    """The same each alone, without those that the store refuses."""
    found: dict[int, Snapshot] = {}
    for site_id, changes in files.items():
        with _apart(sites[site_id], outcome):
            key = sites[site_id].key
            found[site_id] = store().commit(key, changes, at=clock.now(), releases=releases[key])
    return found


def _apart(site: SiteRow, outcome: Outcome) -> AbstractContextManager[None]:
    return apart(outcome.broken_sites, site.id, SITE_BROKEN, site=site.id, name=site.name)


def _is_stale(site: SiteRow, row: Built | None, *, is_pending: bool) -> bool:
    """Whether a site must be built whole. With targets pending the store may be one commit ahead of the row: their builder died in between."""
    if row is None or row.is_stale or row.face_sha256 != site.face_sha256 or not row.root_sha256:
        return True
    current = store().root(site.key)
    return current is None or (current != row.root_sha256 and not is_pending)


def build_one_stale(sites: Register, clock: Clock, outcome: Outcome, *, between: Between) -> bool:
    """Build one site whose face changed; False when there is none. A site that was rolled back stays so until something is released on it."""
    built = {row.site_id: row for row in Built.objects.all()}
    _mark_copies(sites, built)
    for site in sites.values():
        row = built.get(site.id)
        if site.id in outcome.broken_sites:
            continue
        if row is None or row.is_stale or row.face_sha256 != site.face_sha256 or store().root(site.key) is None:
            with _apart(site, outcome):
                build_whole(site, sites, clock, outcome, between=between)
            return True
    return False


def _mark_copies(sites: Register, built: Mapping[int, Built]) -> None:
    """Copies name the site of their origin: when its name or address changed, sites with copies are built whole."""
    renamed = [pk for pk, row in built.items() if pk in sites and row.name and (row.name, row.base_url) != (sites[pk].name, sites[pk].base_url)]
    if not renamed:
        return
    holders = set(Shown.objects.filter(canonical_site__in=renamed).exclude(site=F("canonical_site")).values_list("site", flat=True))
    with transaction.atomic():
        Built.objects.filter(site__in=holders).update(is_stale=True)
        for pk in renamed:
            built[pk].name, built[pk].base_url = sites[pk].name, sites[pk].base_url
            built[pk].save(update_fields=["name", "base_url"])
    for pk in holders & built.keys():
        built[pk].is_stale = True


def build_whole(site: SiteRow, sites: Register, clock: Clock, outcome: Outcome, *, between: Between, is_doubting: bool = False) -> None:
    """Every file of a site anew, and the files of articles that are gone. Long ones go on where a killed one was; between two parts of one, others
    get their turn (`between`), and what that changed here is drawn again at the end. `is_doubting`: see `TreesStore.replace`."""
    _restore_files(site)
    rows.recount([section.id for section in site.sections])
    outcome.whole[site.id] = journal = Journal.open(site.key, site.face_sha256)
    try:
        _draw_parts(site, sites, journal, outcome, between=between, is_doubting=is_doubting)
        snapshot = store().replace(site.key, _drawn_whole(site, sites, journal), at=clock.now(), is_doubting=is_doubting)
    finally:
        del outcome.whole[site.id]
    outcome.files += sum(entry is not None for entry in journal.files.values())
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
    journal.end()
    outcome.built_whole.append(site.key)


def _draw_parts(site: SiteRow, sites: Register, journal: Journal, outcome: Outcome, *, between: Between, is_doubting: bool) -> None:
    row = Built.objects.filter(site=site.id).first()
    journal.draw_again(Target(*one) for one in (row.pending if row and journal.done else ()))
    everything = list(drawing.everything(site))
    left = [target for target in everything if target not in journal.done]
    parts = list(sources.chunks(left, PART))
    for part, kept in hands.draw_parts(site.id, parts, register=sites, store=store(), is_doubting=is_doubting):
        journal.note(part, kept)
        faults.point("snapshots.part_drawn")
        outcome.progress(site.key, len(journal.done), len(everything))
        between()


def _drawn_whole(site: SiteRow, sites: Register, journal: Journal) -> Iterator[tuple[str, Content | Entry | None]]:
    """Every file, those that changed meanwhile last."""
    yield from journal.files.items()
    for some in sources.chunks(sorted(journal.again), PART):
        for path, content in drawing.draw({site.id: some}, register=sites)[site.id].items():
            journal.files[path] = None if content is None else entry_of(content)
            yield path, content


def _restore_files(site: SiteRow) -> None:
    """Make files of articles again that are gone from beside the store: it may have been lost or moved."""
    used = Used.objects.filter(site=site.id)
    missing = [sha256 for sha256 in used.values_list("sha256", flat=True).distinct() if not blobs.has(sha256)]
    for some in sources.chunks(missing, ARTICLES_AT_ONCE):
        articles = used.filter(sha256__in=some).values("article")
        releases = Shown.objects.filter(site=site.id, article__in=articles, is_withdrawn=False).values("release")
        for release in Release.objects.filter(pk__in=releases).select_related("revision"):
            prepare.prepare(release, is_afresh=True)

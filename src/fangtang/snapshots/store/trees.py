"""The real store: content-addressed files and directories on disk, which any plain web server can serve.

A commit costs as much as the change: the changed files, and the entries of the directories above them (`news/2026/11/…` is cheap, ten thousand
files in one directory are not). The order is: stage everything under `tmp/`, records too, one barrier, final names by rename, switch each site, one
barrier. The first barrier puts bytes before names, the second keeps the switch itself; both cover all sites of a `commit_all`.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH110, PTH123
from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import Invalid, NotPossible, Stale
from fangtang.snapshots.store import durability, sites
from fangtang.snapshots.store.base import Changes, Content, Damage, Snapshot
from fangtang.snapshots.store.files import make_folder, open_folder
from fangtang.snapshots.store.keys import Signer
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Edit, Entries, Entry, Kind, Plan
from fangtang.snapshots.store.paths import checked_site_key, segments
from fangtang.snapshots.store.records import Own, Record, believed, write
from fangtang.snapshots.store.spreading import spread
from fangtang.snapshots.store.staging import Staging, entry_of, staging, sweep
from fangtang.snapshots.store.trouble import told
from fangtang.snapshots.store.trust import Trust
from fangtang.snapshots.store.verifying import first_damage

WAIT_SECONDS = 10.0
RECORD_LASTS = timedelta(days=7)
"""A record ends so long after it was given: a reader that is shown an old one notices by then."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A site's next snapshot, staged: the root that its changes make of `base` (None: of nothing), and what each path is there."""

    base: str | None
    root: str
    files: Mapping[str, Entry | None]


class TreesStore:
    """A store in the folder `root`, made if it is missing; on a disk that cannot be written it can be read. Any number of processes and threads may
    use the same folder.

    `signers` sign the records of switches, asked anew for each commit; without any, records say what stands and nobody else will believe them. `is_ours`
    says whether a document is signed by us, today or ever: nothing is signed that rests on another one (see `sites`). Without it every record that can be
    read is believed, as where nobody signs, and in mirrors, which verify each before they adopt it.
    """

    def __init__(
        self,
        root: Path,
        *,
        signers: Collection[Signer] = (),
        is_ours: Callable[[bytes], bool] | None = None,
        record_lasts: timedelta = RECORD_LASTS,
        wait_seconds: float = WAIT_SECONDS,
        barrier: durability.Barrier = durability.syncfs,
    ) -> None:
        self.layout = Layout(root)
        self._signers = signers
        self._own = Own(is_ours)
        self._record_lasts = record_lasts
        self._wait_seconds = wait_seconds
        self._barrier = barrier
        self._settled: dict[str, int] = {}
        with told():
            for name in ("objects", "manifests", "trees", "sites", "tmp"):
                make_folder(f"{os.fspath(root)}/{name}")
            for name in ("sites", "tmp"):
                with open_folder(f"{os.fspath(root)}/{name}") as folder:
                    spread(folder)
            sweep(self.layout)
            sites.recover(self.layout, own=self._own)

    def commit(self, site_key: str, changes: Changes, *, base: str | None = None, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        bases = {} if base is None else {site_key: base}
        with self._writing([site_key]) as standing, staging(self.layout) as staged:
            return self._commit(staged, {site_key: changes}, standing, bases=bases, at=at, releases={site_key: releases}, laid={})[site_key]

    def commit_all(
        self,
        changes: Mapping[str, Changes],
        *,
        at: datetime,
        releases: Mapping[str, Iterable[int]] | None = None,
        laid: Mapping[str, Laid] | None = None,
        staged: Staging | None = None,
    ) -> dict[str, Snapshot]:
        """`laid` is what `lay` said of some more sites, whose files and directories are `staged`; where a site does not stand as it did then, its
        directories are made anew."""
        with self._writing([*changes, *(laid or {})]) as standing, nullcontext(staged) if staged else staging(self.layout) as own:
            return self._commit(own, changes, standing, bases={}, at=at, releases=releases or {}, laid=laid or {})

    def staging(self) -> AbstractContextManager[Staging]:
        """A place for `lay`; what is in it at the end and was not committed is gone."""
        return staging(self.layout)

    def lay(self, staged: Staging, changes: Mapping[str, Changes]) -> dict[str, Laid]:
        """Make what a commit of these changes needs, files and directories. Shows nothing and locks nothing. The one that commits looks at no `current`,
        so that of a site may be anything."""
        known: dict[int, Entry] = {}
        plan, bases = Plan(self.layout.entries), {site_key: self.root(site_key) for site_key in changes}
        roots = {site_key: plan.root(bases[site_key], _edit(changes[site_key], known)) for site_key in changes}
        _stage(staged, changes, known)
        _stage_trees(staged, plan)
        self.layout.keep(plan.trees)
        files = {key: {path: None if one is None else known[id(one)] for path, one in of_site.items()} for key, of_site in changes.items()}
        return {site_key: Laid(bases[site_key], roots[site_key], files[site_key]) for site_key in changes}

    def keep(self, files: Iterable[tuple[str, Content]], *, is_doubting: bool = False) -> list[tuple[str, Entry]]:
        """Store files without showing them anywhere, durably; what `replace` takes in their place later. From any number of processes at once.
        `is_doubting` as in `replace`."""
        with staging(self.layout, is_doubting=is_doubting) as staged:
            kept = [(path, staged.put(content)) for path, content in files]
            self._install(staged)
        return kept

    def replace(
        self,
        site_key: str,
        files: Iterable[tuple[str, Content | Entry | None]],
        *,
        at: datetime,
        releases: Iterable[int] = (),
        is_doubting: bool = False,
    ) -> Snapshot:
        """Also where the record of what stands is damaged or foreign; how serials go on then is said in `sites.replacing`.

        `is_doubting`: everything that the store has already is read and compared, and what is damaged is made anew."""
        checked_site_key(site_key)
        with staging(self.layout, is_doubting=is_doubting) as staged:
            edit = Edit()
            for path, content in files:
                file = staged.put(content) if isinstance(content, Content) else content
                edit.add(segments(path), file)
            plan = Plan(self.layout.entries)
            root = plan.root(None, edit)
            with sites.replacing(self.layout, site_key, own=self._own, wait_seconds=self._wait_seconds) as (standing, last):
                stands, before = ({site_key: record} if record else {} for record in (standing, last))
                return self._release(staged, plan, {site_key: root}, stands, at=at, releases={site_key: releases}, last=before)[site_key]

    def rollback(self, site_key: str, *, to: str | None = None, at: datetime) -> Snapshot:
        with self._writing([site_key]) as standing, staging(self.layout) as staged:
            wanted = to or (standing[site_key].snapshot.previous if site_key in standing else None)
            if wanted is None:
                raise NotPossible("snapshots.nothing_earlier", site_key=site_key)
            if not sites.has_stood(self.layout, site_key, wanted, own=self._own):
                raise Invalid("snapshots.unknown_root", site_key=site_key, root=wanted)
            if not os.path.exists(self.layout.tree(wanted)):
                raise NotPossible("snapshots.collected", site_key=site_key, root=wanted)
            return self._release(staged, Plan(self.layout.entries), {site_key: wanted}, standing, at=at, releases={})[site_key]

    def renew(self, site_key: str, *, at: datetime) -> Record | None:
        """Give the word on what stands anew, before it expires; None for a site that was never committed."""
        with self._writing([site_key]) as found:
            standing = found.get(site_key)
            if standing is None:
                return None
            record = self._record(standing.snapshot, at=max(at, standing.given))
            document = write(record, self._signers)
            sites.renew(self.layout, site_key, document)
            self._own.remember(site_key, document)
            self._durable()
            return record

    def adopt(self, site_key: str, document: bytes, trees: Iterable[tuple[str, Entries]], *, base: bytes | None) -> Record:
        """Let a site stand at what the record of somebody else says, which goes in place as it is; whoever calls has verified it. `trees` are the
        directories that the store lacks, children before parents; their files are kept already. `base` is the record that stood when it was verified:
        Stale when another came meanwhile."""
        record = believed(document)
        with self._writing([site_key]), staging(self.layout) as staged:
            if self.layout.record(site_key) != base:
                raise Stale("snapshots.base_moved", site_key=site_key, seen=base and believed(base).snapshot.root_sha256, current=self.root(site_key))
            is_renewal = base is not None and believed(base).snapshot == record.snapshot
            for digest, entries in trees:
                staged.put_tree(digest, entries)
            if not is_renewal:
                staged.put_record(site_key, document)
            self._install(staged)
            if is_renewal:
                sites.renew(self.layout, site_key, document)
            else:
                sites.switch(self.layout, site_key, document, staged=staged.records[site_key], root=record.snapshot.root_sha256)
            self._durable()
            return record

    def standing(self, site_key: str) -> Record | None:
        """The record of what stands, as it was written; None for a site that was never committed."""
        return sites.standing(self.layout, checked_site_key(site_key))

    def log(self, site_key: str) -> list[Snapshot]:
        return [record.snapshot for record in sites.history(self.layout, checked_site_key(site_key))]

    def root(self, site_key: str) -> str | None:
        return self.layout.current(checked_site_key(site_key))

    def read(self, site_key: str, path: str) -> bytes | None:
        names, root = segments(path), self.root(site_key)
        folder = self.layout.find(root, names[:-1]) if root else None
        entry = self.layout.find(folder.sha256, names[-1:]) if folder and folder.kind is Kind.TREE else None
        if folder is None or entry is None or entry.kind is not Kind.FILE:
            return None
        with open(f"{self.layout.tree(folder.sha256)}/{names[-1]}", "rb") as file:
            return file.read()

    def paths(self, site_key: str) -> Iterator[str]:
        root = self.root(site_key)
        return (path for path, _ in self.layout.walk(root)) if root else iter(())

    @told()
    def verify(self, site_key: str, *, trust: Trust | None = None) -> Damage | None:
        """With `trust`, the record must also be signed by it. Raises Unavailable snapshots.store_unwritable where it cannot be told."""
        if not sites.is_on_record(self.layout, checked_site_key(site_key), trust=trust):
            with sites.lock(self.layout, site_key, wait_seconds=self._wait_seconds):  # a writer may be between its record and its switch
                if not sites.is_on_record(self.layout, site_key, trust=trust):
                    return Damage("", "record")
        root = self.root(site_key)
        return first_damage(self.layout, root) if root else None

    def _writing(self, site_keys: Iterable[str]) -> AbstractContextManager[dict[str, Record]]:
        keys = [checked_site_key(site_key) for site_key in site_keys]
        return sites.writing(self.layout, keys, own=self._own, wait_seconds=self._wait_seconds)

    def _commit(
        self,
        staged: Staging,
        changes: Mapping[str, Changes],
        standing: Mapping[str, Record],
        *,
        bases: Mapping[str, str],
        at: datetime,
        releases: Mapping[str, Iterable[int]],
        laid: Mapping[str, Laid],
    ) -> dict[str, Snapshot]:
        stands = {site_key: self._stands(site_key, standing.get(site_key)) for site_key in (*changes, *laid)}
        for site_key, base in bases.items():
            if stands[site_key] != base:
                raise Stale("snapshots.base_moved", site_key=site_key, seen=base, current=stands[site_key])
        # Planned for all sites before a byte is written: a refused change leaves nothing behind.
        plan = Plan(self.layout.entries)
        known: dict[int, Entry] = {}
        roots = {site_key: plan.root(stands[site_key], _edit(changes[site_key], known)) for site_key in changes}
        for site_key, one in laid.items():
            is_of_use = one.base == stands[site_key] and staged.has_tree(one.root)
            roots[site_key] = one.root if is_of_use else plan.root(stands[site_key], _edit(one.files, known))
        _stage(staged, changes, known)
        return self._release(staged, plan, roots, standing, at=at, releases=releases)

    def _stands(self, site_key: str, record: Record | None) -> str | None:
        """The root on which the next commit rests. Where we sign, that is never what `current` alone says."""
        if record:
            return record.snapshot.root_sha256
        return None if self._own.is_ours else self.root(site_key)

    def _release(
        self,
        staged: Staging,
        plan: Plan,
        roots: Mapping[str, str],
        standing: Mapping[str, Record],
        *,
        at: datetime,
        releases: Mapping[str, Iterable[int]],
        last: Mapping[str, Record] | None = None,
    ) -> dict[str, Snapshot]:
        """Write the planned trees and the records, make all of it durable, and switch the sites to their roots. Only their writer may. Serials go on after
        `standing`, or after `last` where nothing of ours stands."""
        _stage_trees(staged, plan)
        found = {site_key: record.snapshot for site_key, record in standing.items()}
        before = {site_key: record.snapshot for site_key, record in (last or standing).items()}
        documents: dict[str, bytes] = {}
        signers = tuple(self._signers)
        for site_key, root in roots.items():
            known = found.get(site_key)
            if known is None or known.root_sha256 != root:
                found[site_key] = Snapshot.after(before.get(site_key), site_key, root, at=at, releases=releases.get(site_key, ()))
                documents[site_key] = write(self._record(found[site_key], at=found[site_key].at), signers)
                staged.put_record(site_key, documents[site_key])
        self._install(staged)
        for site_key, document in documents.items():
            sites.switch(self.layout, site_key, document, staged=staged.records[site_key], root=roots[site_key])
            self._own.remember(site_key, document)
        serials = {site_key: found[site_key].serial for site_key in roots}
        if documents or not serials.items() <= self._settled.items():  # a switch, or one whose writer died before it was durable
            self._durable()
            self._settled.update(serials)
        self.layout.keep(plan.trees)
        return {site_key: found[site_key] for site_key in roots}

    def _record(self, snapshot: Snapshot, *, at: datetime) -> Record:
        return Record(snapshot, at, at + self._record_lasts)

    def _install(self, staged: Staging) -> None:
        if not staged.is_empty:
            faults.point("store.before_barrier")
            self._durable()
            faults.point("store.after_barrier")
            staged.install()

    def _durable(self) -> None:
        with open_folder(self.layout.tmp) as tmp:
            self._barrier(tmp)


def _edit(changes: Mapping[str, Content | Entry | None], known: dict[int, Entry]) -> Edit:
    """The same as an edit; `known` gets the entry of each content, by its id."""
    edit = Edit()
    for path, content in changes.items():
        if isinstance(content, Content):
            known[id(content)] = entry = known.get(id(content)) or entry_of(content)
            edit.add(segments(path), entry)
        else:
            edit.add(segments(path), content)
    return edit


def _stage(staged: Staging, changes: Mapping[str, Changes], known: Mapping[int, Entry]) -> None:
    for of_site in changes.values():
        for content in of_site.values():
            if content is not None:
                staged.put(content, known[id(content)])


def _stage_trees(staged: Staging, plan: Plan) -> None:
    for digest, entries in plan.trees.items():
        staged.put_tree(digest, entries, base=plan.bases.get(digest))

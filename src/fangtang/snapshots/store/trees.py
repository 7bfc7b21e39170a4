"""The real store: content-addressed files and directories on disk, which any plain web server can serve.

A commit costs as much as the change: the changed files, and the entries of the directories above them (`news/2026/11/…` is cheap, ten thousand
files in one directory are not). The order is: stage everything under `tmp/`, one barrier, final names by rename, switch `current`, one barrier.
The first barrier puts bytes before names, the second keeps the switch itself; both cover all sites of a `commit_all`.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH123
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import Invalid, NotPossible, Stale
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import durability, sites
from fangtang.snapshots.store.base import Changes, Damage, Snapshot
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Edit, Kind, Plan
from fangtang.snapshots.store.paths import checked_site_key, segments
from fangtang.snapshots.store.spreading import spread
from fangtang.snapshots.store.staging import Staging, make_folder, open_folder, staging, sweep
from fangtang.snapshots.store.verifying import first_damage

WAIT_SECONDS = 10.0


class TreesStore:
    """A store in the folder `root`, made if it is missing. Any number of processes and threads may use the same folder."""

    def __init__(self, root: Path, *, wait_seconds: float = WAIT_SECONDS, barrier: durability.Barrier = durability.syncfs) -> None:
        self._layout = Layout(root)
        self._wait_seconds = wait_seconds
        self._barrier = barrier
        for name in ("objects", "manifests", "trees", "links", "sites", "tmp"):
            make_folder(f"{os.fspath(root)}/{name}")
        for name in ("sites", "tmp"):
            with open_folder(f"{os.fspath(root)}/{name}") as folder:
                spread(folder)
        sweep(self._layout)

    def commit(self, site_key: str, changes: Changes, *, base: str | None = None, at: datetime) -> Snapshot:
        bases = {} if base is None else {site_key: base}
        return self._commit({site_key: changes}, bases=bases, at=at)[site_key]

    def commit_all(self, changes: Mapping[str, Changes], *, at: datetime) -> dict[str, Snapshot]:
        return self._commit(changes, bases={}, at=at)

    def replace(self, site_key: str, files: Iterable[tuple[str, bytes]], *, at: datetime) -> Snapshot:
        with self._writing([site_key]), staging(self._layout) as staged:
            edit = Edit()
            for path, content in files:
                edit.add(segments(path), staged.put(content))
            plan = Plan(self._layout.entries)
            return self._release(staged, plan, {site_key: plan.root(None, edit)}, at=at)[site_key]

    def rollback(self, site_key: str, *, to: str | None = None, at: datetime) -> Snapshot:
        with self._writing([site_key]):
            log = self.log(site_key)
            wanted = to or (log[-1].previous if log else None)
            if wanted is None:
                raise NotPossible("snapshots.nothing_earlier", site_key=site_key)
            if wanted not in {snapshot.root_sha256 for snapshot in log}:
                raise Invalid("snapshots.unknown_root", site_key=site_key, root=wanted)
            return self._switch({site_key: wanted}, at=at)[site_key]

    def log(self, site_key: str) -> list[Snapshot]:
        return sites.read_history(self._layout, checked_site_key(site_key))

    def root(self, site_key: str) -> str | None:
        return self._layout.current(checked_site_key(site_key))

    def read(self, site_key: str, path: str) -> bytes | None:
        names, root = segments(path), self.root(site_key)
        folder = self._layout.find(root, names[:-1]) if root else None
        entry = self._layout.find(folder.sha256, names[-1:]) if folder and folder.kind is Kind.TREE else None
        if folder is None or entry is None or entry.kind is not Kind.FILE:
            return None
        with open(f"{self._layout.tree(folder.sha256)}/{names[-1]}", "rb") as file:
            return file.read()

    def paths(self, site_key: str) -> Iterator[str]:
        root = self.root(site_key)
        return (path for path, _ in self._layout.walk(root)) if root else iter(())

    def verify(self, site_key: str) -> Damage | None:
        root = self.root(site_key)
        return first_damage(self._layout, root) if root else None

    def _writing(self, site_keys: Iterable[str]) -> AbstractContextManager[None]:
        keys = [checked_site_key(site_key) for site_key in site_keys]
        return sites.writing(self._layout, keys, wait_seconds=self._wait_seconds)

    def _commit(self, changes: Mapping[str, Changes], *, bases: Mapping[str, str], at: datetime) -> dict[str, Snapshot]:
        with self._writing(changes), staging(self._layout) as staged:
            self._refuse_moved(bases)
            # Planned for all sites before a byte is written: a refused change leaves nothing behind.
            plan = Plan(self._layout.entries)
            roots = {site_key: plan.root(self.root(site_key), _edit(changes[site_key])) for site_key in changes}
            for content in _contents(changes):
                staged.put(content)
            return self._release(staged, plan, roots, at=at)

    def _refuse_moved(self, bases: Mapping[str, str]) -> None:
        for site_key, base in bases.items():
            current = self.root(site_key)
            if current != base:
                raise Stale("snapshots.base_moved", site_key=site_key, seen=base, current=current)

    def _release(self, staged: Staging, plan: Plan, roots: Mapping[str, str], *, at: datetime) -> dict[str, Snapshot]:
        """Write the planned trees, make all of it durable, and switch the sites to their roots."""
        for digest, entries in plan.trees.items():
            staged.put_tree(digest, entries)
        if not staged.is_empty:
            faults.point("store.before_barrier")
            self._durable()
            faults.point("store.after_barrier")
            staged.install()
        return self._switch(roots, at=at)

    def _switch(self, roots: Mapping[str, str], *, at: datetime) -> dict[str, Snapshot]:
        moving = [site_key for site_key in roots if roots[site_key] != self.root(site_key)]
        for site_key in moving:
            sites.switch(self._layout, site_key, roots[site_key], at=at)
        if moving:
            self._durable()
        return {site_key: sites.newest(self._layout, site_key) for site_key in roots}

    def _durable(self) -> None:
        with open_folder(self._layout.tmp) as tmp:
            self._barrier(tmp)


def _edit(changes: Changes) -> Edit:
    edit = Edit()
    for path, content in changes.items():
        edit.add(segments(path), None if content is None else sha256(content))
    return edit


def _contents(changes: Mapping[str, Changes]) -> Iterator[bytes]:
    return (content for of_site in changes.values() for content in of_site.values() if content is not None)

"""The store as a plain model in memory: for tests, and the yardstick that `trees` is compared with. They share the manifest format alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from fangtang.kernel.errors import Invalid, NotPossible, Stale
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.base import Changes, Content, Damage, Snapshot
from fangtang.snapshots.store.manifests import Entry, Kind, encode
from fangtang.snapshots.store.paths import checked_site_key, segments

Files = dict[str, bytes]


class MemoryStore:
    """Keeps every snapshot as a dict. Not for several threads."""

    def __init__(self) -> None:
        self._roots: dict[str, Files] = {}
        self._logs: dict[str, list[Snapshot]] = {}

    def commit(self, site_key: str, changes: Changes, *, base: str | None = None, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        current = self.root(site_key)
        if base is not None and base != current:
            raise Stale("snapshots.base_moved", site_key=site_key, seen=base, current=current)
        return self.commit_all({site_key: changes}, at=at, releases={site_key: releases})[site_key]

    def commit_all(self, changes: Mapping[str, Changes], *, at: datetime, releases: Mapping[str, Iterable[int]] | None = None) -> dict[str, Snapshot]:
        results = {site_key: self._changed(site_key, changes[site_key]) for site_key in changes}
        contained = releases or {}
        return {site_key: self._switch(site_key, files, at=at, releases=contained.get(site_key, ())) for site_key, files in results.items()}

    def replace(self, site_key: str, files: Iterable[tuple[str, Content | None]], *, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        last = dict(files)
        result = {path: _bytes(content) for path, content in last.items() if content is not None}
        _refuse(last)
        return self._switch(checked_site_key(site_key), result, at=at, releases=releases)

    def rollback(self, site_key: str, *, to: str | None = None, at: datetime) -> Snapshot:
        log = self.log(site_key)
        wanted = to or (log[-1].previous if log else None)
        if wanted is None:
            raise NotPossible("snapshots.nothing_earlier", site_key=site_key)
        if wanted not in {snapshot.root_sha256 for snapshot in log}:
            raise Invalid("snapshots.unknown_root", site_key=site_key, root=wanted)
        return self._switch(site_key, self._roots[wanted], at=at)

    def log(self, site_key: str) -> list[Snapshot]:
        return list(self._logs.get(checked_site_key(site_key), []))

    def root(self, site_key: str) -> str | None:
        log = self.log(site_key)
        return log[-1].root_sha256 if log else None

    def read(self, site_key: str, path: str) -> bytes | None:
        segments(path)
        return self._files(site_key).get(path)

    def paths(self, site_key: str) -> Iterator[str]:
        return iter(sorted(self._files(site_key), key=lambda path: path.split("/")))

    def verify(self, site_key: str) -> Damage | None:
        """Always None unless the store was never committed or its dict was tampered with (then the top directory is named)."""
        root = self.root(site_key)
        return None if root in {None, _root(self._files(site_key))} else Damage("", "changed")

    def _files(self, site_key: str) -> Files:
        root = self.root(site_key)
        return self._roots[root] if root else {}

    def _changed(self, site_key: str, changes: Changes) -> Files:
        result = self._files(site_key) | {path: _bytes(content) for path, content in changes.items() if content is not None}
        for path in changes:
            segments(path)
            if changes[path] is None:
                result.pop(path, None)
        _refuse(result)
        return result

    def _switch(self, site_key: str, files: Files, *, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        log = self._logs.setdefault(site_key, [])
        root, before = _root(files), log[-1] if log else None
        if before is None or root != before.root_sha256:
            self._roots[root] = files
            log.append(Snapshot.after(before, site_key, root, at=at, releases=releases))
        return log[-1]


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else Path(content.place).read_bytes()


def _refuse(files: Changes) -> None:
    """Raise Invalid when a path is not accepted, or is a file and also leads to one."""
    for path in files:
        names = segments(path)
        for depth in range(1, len(names) if files[path] is not None else 0):
            if (above := "/".join(names[:depth])) in files and files[above] is not None:
                raise Invalid("snapshots.path_is_both", path=above)


def _root(files: Files) -> str:
    """Digest of the manifest, computed from the bytes of every file."""
    entries: dict[str, Entry] = {}
    below: dict[str, Files] = {}
    for path, content in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = content
        else:
            entries[name] = Entry(Kind.FILE, sha256(content), len(content))
    return sha256(encode(entries | {name: Entry(Kind.TREE, _root(inside), _size(inside)) for name, inside in below.items()}))


def _size(files: Files) -> int:
    return sum(map(len, files.values()))

"""The folders of a store on disk, and reading them. Needs no lock: everything but `current` and `history` never changes once it has its name.

    objects/ab/<sha256>       a file's bytes, read-only
    manifests/ab/<sha256>     the list that defines a directory
    trees/ab/<sha256>/        that directory for web servers: hard links to objects, relative symlinks to other trees
    variants/ab/<sha256>.br   the bytes of an object, compressed (see `variants`)
    sites/<key>/record.json   what stands and by whose word: the signed record of the site's last switch (see `records`)
    sites/<key>/current       relative symlink to the root tree of that record, switched by one rename; while the guard shields readers an absolute one,
                              to the same root in the guard's own folder (see `guard.shield`)
    sites/<key>/history       every record, one per line
    sites/<key>/pins          roots that are never collected, one JSON line each
    sites/<key>/lock          held by the site's one writer
    trust/<version>.json      which keys sign records (see `trust`)
    guard/                    empty files that the guard keeps ready (see `guard.blanks`)
    tmp/                      unfinished work, each in its own folder

Everything else inside is relative, so that a store can be moved, mounted elsewhere or copied with `cp -a`.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH112, PTH115, PTH123, PTH208
from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.manifests import Entries, Entry, Kind, decode

MANIFESTS_KEPT = 2048
"""Parsed manifests kept in memory; they never change, so they never go stale."""


def fanned(digest: str) -> str:
    """Where a digest lies inside `objects`, `manifests` or `trees`."""
    return f"{digest[:2]}/{digest}"


class Layout:
    """Read access to a store's folders; makes none of them."""

    def __init__(self, root: Path) -> None:
        self.folder = Path(root)
        self._base = os.fspath(self.folder)
        self._entries = lru_cache(maxsize=MANIFESTS_KEPT)(self.read_entries)
        self._fresh: dict[str, Entries] = {}

    def object(self, digest: str) -> str:
        return f"{self._base}/objects/{fanned(digest)}"

    def manifest(self, digest: str) -> str:
        return f"{self._base}/manifests/{fanned(digest)}"

    def tree(self, digest: str) -> str:
        return f"{self._base}/trees/{fanned(digest)}"

    def site(self, site_key: str) -> str:
        return f"{self._base}/sites/{site_key}"

    def record(self, site_key: str) -> bytes | None:
        """The signed record of what stands, unread; None before the first switch."""
        try:
            with open(f"{self._base}/sites/{site_key}/record.json", "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def site_keys(self) -> list[str]:
        """Every site that the store knows, in order."""
        try:
            return sorted(name for name in os.listdir(f"{self._base}/sites") if os.path.isdir(f"{self._base}/sites/{name}"))
        except FileNotFoundError:
            return []

    @property
    def trust(self) -> str:
        return f"{self._base}/trust"

    @property
    def tmp(self) -> str:
        return f"{self._base}/tmp"  # noqa: S108  (ours, inside the store)

    def current(self, site_key: str) -> str | None:
        """The root that stands now; None before the first switch, "" when something else lies there (a store copied without its links)."""
        try:
            return os.readlink(f"{self._base}/sites/{site_key}/current").rpartition("/")[2]
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return ""

    def entries(self, digest: str) -> Entries:
        """A directory's entries, from memory when they were read or made a moment ago."""
        return self._fresh.get(digest) or self._entries(digest)

    def read_entries(self, digest: str) -> Entries:
        """A directory's entries from the disk. Raises Unavailable snapshots.blob_changed for a list that is not what its name says: what rests on it would be
        signed."""
        with open(self.manifest(digest), "rb") as file:
            manifest = file.read()
        if sha256(manifest) != digest:
            raise Unavailable("snapshots.blob_changed", permanent=True, sha256=digest)
        return decode(manifest)

    def keep(self, made: Mapping[str, Entries]) -> None:
        """Remember directories that were just written: the next release begins with them."""
        if len(self._fresh) + len(made) > MANIFESTS_KEPT:
            self._fresh = {}
        if len(made) <= MANIFESTS_KEPT:
            self._fresh.update(made)

    def find(self, root: str, names: Iterable[str]) -> Entry | None:
        """The entry at `names` below a root; the root itself (of size 0) for none. Only what manifests list is ever found."""
        entry = Entry(Kind.TREE, root, 0)
        for name in names:
            below = self.entries(entry.sha256).get(name) if entry.kind is Kind.TREE else None
            if below is None:
                return None
            entry = below
        return entry

    def walk(self, digest: str, *, at: str = "") -> Iterator[tuple[str, Entry]]:
        """Every file below a tree with its path, directory by directory in the order of names."""
        for name, entry in sorted(self.entries(digest).items()):
            if entry.kind is Kind.TREE:
                yield from self.walk(entry.sha256, at=f"{at}{name}/")
            else:
                yield f"{at}{name}", entry

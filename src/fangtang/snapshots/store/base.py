"""What every snapshot store promises.

A site's snapshot is a set of files, named by its *root*: the digest of the manifest of its top directory (see `manifests`). The same files have
the same root, in whatever order they came. A reader sees the snapshot before a switch or the one after it, never a mixture.

Paths are POSIX and relative to the site root ("news/index.html"); what is accepted is in `paths`.

Errors, by code:

    snapshots.bad_path           Invalid      data: path, reason
    snapshots.bad_site_key       Invalid      data: site_key
    snapshots.path_is_both       Invalid      data: path; one name would be a file and a directory
    snapshots.unknown_root       Invalid      data: site_key, root; this site never stood at that root
    snapshots.nothing_earlier    NotPossible  data: site_key; there is no root to go back to
    snapshots.collected          NotPossible  data: site_key, root; its files were given up since
    snapshots.base_moved         Stale        data: site_key, seen, current
    snapshots.store_busy         Unavailable  data: site_key; another writer holds the site, trying again helps
    snapshots.store_full         Unavailable  data: reason; the disk has no room for bytes or for names
    snapshots.store_unwritable   Unavailable  data: reason; the disk is read-only, broken or closed to us, or the system has no means left
    snapshots.blob_changed       Unavailable  data: sha256; a file or a list is not what its name says
    snapshots.papers_damaged     Unavailable  data: file, reason; a record, a history or pins that nobody of ours wrote

After store_full and store_unwritable every site stands whole, at its old snapshot or, where the switch was made by then, at its new one; doing it again
completes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that lies elsewhere on this machine, too large for memory perhaps; its bytes are checked against `sha256` when they are taken over."""

    place: str
    sha256: str
    size: int


Content = bytes | Blob

Changes = Mapping[str, Content | None]
"""Path → new content; None takes the file away. Taking away what is not there changes nothing."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One switch of a site: from `previous` (None: the first) to `root_sha256`. `serial` counts the site's switches from 1; `at` is UTC and never
    before that of the switch before, whatever the clock says. `releases` are the ids of the releases that came with it, in order."""

    site_key: str
    root_sha256: str
    previous: str | None
    serial: int
    at: datetime
    releases: tuple[int, ...] = ()

    @classmethod
    def after(cls, before: Snapshot | None, site_key: str, root_sha256: str, *, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        """The switch that comes after `before`."""
        if before is None:
            return cls(site_key, root_sha256, None, 1, at, tuple(sorted(set(releases))))
        return cls(site_key, root_sha256, before.root_sha256, before.serial + 1, max(at, before.at), tuple(sorted(set(releases))))


@dataclass(frozen=True, slots=True)
class Damage:
    """The first place where the stored bytes are not what the root says, or the record is not what stands (reason "record"). `path` is "" for the
    site's top directory."""

    path: str
    reason: Literal["missing", "changed", "unexpected", "record"]


class Store(Protocol):
    """Keeps snapshots of sites; a site is named by its key and exists from its first commit."""

    def commit(self, site_key: str, changes: Changes, *, base: str | None = None, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        """Change some files of one site and switch to the result. The answer is the snapshot that stands now: when the result equals what
        stood before, that is the old one and nothing was written. `base` is the root the changes were made for; Stale when the site moved on."""
        ...

    def commit_all(self, changes: Mapping[str, Changes], *, at: datetime, releases: Mapping[str, Iterable[int]] | None = None) -> dict[str, Snapshot]:
        """Change several sites: everything is written and made durable first, then the sites switch one right after the other. Each site
        switches whole; a death between two switches leaves some sites old, and doing it again completes it. `releases` by site key."""
        ...

    def replace(self, site_key: str, files: Iterable[tuple[str, Content | None]], *, at: datetime, releases: Iterable[int] = ()) -> Snapshot:
        """Put a full build in the place of whatever stood there. `files` is read once, in any order, and may be long; the last word on a path counts.
        Others may commit to the site while it is read; the replacement then takes the place of that too."""
        ...

    def rollback(self, site_key: str, *, to: str | None = None, at: datetime) -> Snapshot:
        """Switch to a root that stood before. None means the one that the present one replaced, so a second call undoes the first."""
        ...

    def log(self, site_key: str) -> list[Snapshot]:
        """Every switch of the site, oldest first; [] for a site that was never committed."""
        ...

    def root(self, site_key: str) -> str | None:
        """The root that stands now; None for a site that was never committed."""
        ...

    def read(self, site_key: str, path: str) -> bytes | None:
        """The file's bytes; None when there is no such file."""
        ...

    def paths(self, site_key: str) -> Iterator[str]:
        """The paths of all files, directory by directory in the order of names."""
        ...

    def verify(self, site_key: str) -> Damage | None:
        """Recompute the root that stands now from the bytes as they are served; None when all is well."""
        ...

"""Whose word counts: the chain of trust, and for each site the newest record that was accepted. Both are kept in the guard's own folder, so that
nothing in the store, whole folders swapped, can take them back."""

# ruff: noqa: PTH115
from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.guard.home import Home
from fangtang.snapshots.store import records, trust
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.paths import checked_site_key
from fangtang.snapshots.store.records import Record
from fangtang.snapshots.store.signing import DOCUMENT_BYTES, unsealed
from fangtang.snapshots.store.trust import Trust


@dataclass(slots=True)
class Accepted:
    """`is_settled`: `current` has been seen where the record says; before that the writer may still be on its way. `before` is the root that stood."""

    document: bytes
    record: Record
    is_settled: bool = False
    before: str | None = None

    @property
    def root(self) -> str:
        return self.record.snapshot.root_sha256

    @property
    def leads_to(self) -> str:
        """What `current` says."""
        return plain(self.root)

    def may_still_stand(self, link: str | None) -> bool:
        """Whether a writer that has not pointed `current` yet explains what it says."""
        return not self.is_settled and link in {root and plain(root) for root in (self.before, self.record.snapshot.previous)}


def plain(root: str) -> str:
    """What `current` says of a site that stands at this root, in the store itself."""
    return f"../../trees/{fanned(root)}"


class Authority:
    """`pinned` is version 1 of the trust, or whichever the guard is to begin with; without it the store's own first version is believed once."""

    def __init__(self, home: Home, layout: Layout, *, pinned: bytes | None = None) -> None:
        self._home, self._layout = home, layout
        self._folder = home.folder / "trust"
        if pinned and not trust.chain(self._folder):
            trust.first(pinned)
            trust.keep(self._folder, pinned)
        self.trust = trust.stored(self._folder)
        self.accepted: dict[str, Accepted] = {}
        self._looked: dict[str, tuple[int, int]] = {}
        for site_key, document in home.accepted().items():
            record = records.believed(document)
            is_settled = home.read(f"settled/{site_key}") == record.snapshot.root_sha256.encode()
            self.accepted[site_key] = Accepted(document, record, is_settled)

    def grow(self) -> None:
        """Follow the chain in the store as far as it is valid. Never raises for what lies there."""
        if self.trust is None:
            self.trust = self._pin()
        while self.trust and (document := self._stored(self.trust.version + 1)):
            try:
                self.trust = trust.successor(self.trust, document)
            except Invalid:
                return
            trust.keep(self._folder, document)

    def foreign_trust(self) -> Iterator[tuple[int, bytes | None]]:
        """Each version in the store that is not the accepted one, with the accepted document; None when there is none."""
        self.grow()
        if self.trust is None:
            return
        known = self.documents()
        for version in sorted(known.keys() | set(self._versions())):
            if self._stored(version) != known.get(version):
                yield version, known.get(version)

    def documents(self) -> dict[int, bytes]:
        """Every accepted version of the trust."""
        return {int(unsealed(document)["version"]): document for document in trust.chain(self._folder)}

    def is_unread(self, site_key: str) -> bool:
        """Whether the record is another file than when it was looked at last."""
        return self._looked.get(site_key) != self._signature(site_key)

    def consider(self, site_key: str) -> Accepted | None:
        """Read the record in the store, and accept it when it is valid and follows. None when nothing was accepted, ever.

        Raises Invalid snapshots.untrusted for a record that is not to be believed; `accepted` stays as it was."""
        self._looked[site_key] = self._signature(site_key)
        known, document = self.accepted.get(site_key), self._document(site_key)
        if document is None or (known and document == known.document):
            return known
        self.grow()
        if self.trust is None:
            return known
        fresh = records.read(document, trust=self.trust, site_key=checked_site_key(site_key))
        binding = known.record if known and records.is_signed(known.document, self.trust) else None
        records.following(binding, fresh)
        root = fresh.snapshot.root_sha256
        is_settled = bool(known and known.is_settled and known.root == root)
        self.accepted[site_key] = Accepted(document, fresh, is_settled, known.root if known else None)
        self._home.write(f"accepted/{site_key}.json", document)
        return self.accepted[site_key]

    def settle(self, site_key: str) -> None:
        """Note that `current` leads where the record says."""
        accepted = self.accepted[site_key]
        if not accepted.is_settled:
            accepted.is_settled = True
            self._home.write(f"settled/{site_key}", accepted.root.encode())

    def link(self, site_key: str) -> str | None:
        """What `current` says; None when it is missing, "" when it is no symbolic link."""
        try:
            return os.readlink(f"{self._layout.site(site_key)}/current")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return ""

    def _pin(self) -> Trust | None:
        for version in self._versions():
            document = self._stored(version)
            if document is not None:
                try:
                    found = trust.first(document)
                except Invalid:
                    return None
                trust.keep(self._folder, document)
                return found
        return None

    def _versions(self) -> list[int]:
        try:
            names = os.listdir(self._layout.trust)  # noqa: PTH208
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isascii() and name[:-5].isdigit())

    def _stored(self, version: int) -> bytes | None:
        return _read(f"{self._layout.trust}/{version}.json")

    def _document(self, site_key: str) -> bytes | None:
        return _read(f"{self._layout.site(site_key)}/record.json")

    def _signature(self, site_key: str) -> tuple[int, int]:
        try:
            seen = os.lstat(f"{self._layout.site(site_key)}/record.json")
        except (FileNotFoundError, NotADirectoryError):
            return (0, 0)
        return (seen.st_ino, seen.st_ctime_ns)


def first_trust(file: Path) -> bytes:
    """A document to pin, from a file or the oldest in a folder. Raises OSError, IndexError for an empty folder."""
    return trust.chain(file)[0] if file.is_dir() else file.read_bytes()


def _read(place: str) -> bytes | None:
    """The bytes of a plain file, empty when it is something else or longer than a document may be."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return b""
    try:
        return os.read(descriptor, DOCUMENT_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    finally:
        os.close(descriptor)

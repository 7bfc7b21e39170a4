"""What an export carries: every file of one snapshot, and the papers with which a stranger can verify them.

    .well-known/fangtang/record.json        the signed record of the snapshot
    .well-known/fangtang/trust/<n>.json     the chain of trust that names the keys

The root that the record signs is that of the other files: whoever recomputes it leaves these two out.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256 as digest_of
from pathlib import Path
from typing import BinaryIO

from fangtang.kernel.errors import Invalid, NotPossible, Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import records, sites, trust
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.records import Record
from fangtang.snapshots.store.signing import unsealed

PAPERS = ".well-known/fangtang/"
BLOCK_BYTES = 256 * 1024

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


def no_progress(done: int, total: int) -> None:
    """For whoever does not look."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one export did: files that were sent and their bytes, files that were there already, files that were taken away."""

    files: int = 0
    bytes: int = 0
    kept: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One file: its bytes lie at `place`, or are `content`."""

    site_key: str
    path: str
    sha256: str
    size: int
    place: str = ""
    content: bytes = b""

    def open(self) -> Checked:
        """Its bytes, compared with the digest as they are read. Raises Unavailable snapshots.damaged."""
        if not self.place:
            return Checked(self, io.BytesIO(self.content))
        try:
            return Checked(self, Path(self.place).open("rb"))
        except OSError as error:
            raise damaged(self, "missing") from error

    def read(self) -> bytes:
        """All of them. Raises Unavailable snapshots.damaged."""
        with self.open() as file:
            return b"".join(file.blocks())

    def look(self) -> None:
        """The same for a file too large for memory, which is read again later."""
        with self.open() as file:
            for _ in file.blocks():
                continue


class Checked(io.RawIOBase):
    """A file that is read once from its beginning to its end. Whoever has read all of it calls `finish`, or goes through `blocks`, which does."""

    def __init__(self, item: Item, file: BinaryIO) -> None:
        self._item = item
        self._file = file
        self._found = digest_of()
        self._left = item.size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        block = self._file.read(self._left if size < 0 else min(size, self._left))
        self._found.update(block)
        self._left -= len(block)
        return block

    def finish(self) -> None:
        """Raises Unavailable snapshots.damaged unless exactly the right bytes were read and none is left."""
        if self._left or self._file.read(1) or self._found.hexdigest() != self._item.sha256:
            raise damaged(self._item, "changed")

    def blocks(self) -> Iterator[bytes]:
        while block := self.read(BLOCK_BYTES):
            yield block
        self.finish()

    def close(self) -> None:
        self._file.close()
        super().close()


def damaged(item: Item, reason: str) -> Unavailable:
    return Unavailable("snapshots.damaged", permanent=False, site_key=item.site_key, path=item.path, reason=reason)


@dataclass(frozen=True, slots=True)
class Contents:
    """One snapshot to be exported: `document` is its signed record, `chain` every version of the trust, the oldest first."""

    layout: Layout
    record: Record
    document: bytes
    chain: tuple[bytes, ...]

    @property
    def site_key(self) -> str:
        return self.record.snapshot.site_key

    def files(self) -> Iterator[Item]:
        """The files of the snapshot, directory by directory in the order of names."""
        try:
            for path, entry in self.layout.walk(self.record.snapshot.root_sha256):
                yield Item(self.site_key, path, entry.sha256, entry.size, place=self.layout.object(entry.sha256))
        except FileNotFoundError as error:
            raise NotPossible("snapshots.collected", site_key=self.site_key, root=self.record.snapshot.root_sha256) from error

    def papers(self) -> list[Item]:
        """What is added to them so that they can be verified."""
        some = {f"{PAPERS}trust/{unsealed(one)['version']}.json": one for one in self.chain} | {f"{PAPERS}record.json": self.document}
        return [self._item(path, content) for path, content in sorted(some.items())]

    def items(self) -> list[Item]:
        """All of it, in the order of paths; a paper takes the place of a file of that name."""
        found = {item.path: item for item in self.files()}
        found |= {item.path: item for item in self.papers()}
        return [item for _, item in sorted(found.items())]

    def _item(self, path: str, content: bytes) -> Item:
        return Item(self.site_key, path, sha256(content), len(content), content=content)


def contents(layout: Layout, site_key: str, *, serial: int | None = None) -> Contents:
    """What stands, or what stood as `serial`. Raises Invalid snapshots.never_built, snapshots.unknown_serial; NotPossible snapshots.collected."""
    document = layout.record(site_key)
    if document is None:
        raise Invalid("snapshots.never_built", site_key=site_key)
    if serial is not None and records.believed(document).snapshot.serial != serial:
        document = next((line for line in sites.documents(layout, site_key) if records.believed(line).snapshot.serial == serial), None)
        if document is None:
            raise Invalid("snapshots.unknown_serial", site_key=site_key, serial=serial)
    record = records.believed(document)
    if not Path(layout.tree(record.snapshot.root_sha256)).is_dir():
        raise NotPossible("snapshots.collected", site_key=site_key, root=record.snapshot.root_sha256)
    return Contents(layout, record, document, tuple(trust.chain(layout.trust)))


def refuse_inside(wanted: Contents, place: Path) -> None:
    """What lies in the store that is not its own is cleared sooner or later. Raises Invalid snapshots.export_inside."""
    store = os.path.realpath(wanted.layout.folder)
    if os.path.commonpath([os.path.realpath(place), store]) == store:
        raise Invalid("snapshots.export_inside", place=str(place))


def order(item: Item) -> int:
    """What is brought first: what pages refer to, then pages, then the record of them."""
    if item.path.startswith(PAPERS):
        return 2
    return 1 if item.path.endswith((".html", ".json", ".xml")) else 0

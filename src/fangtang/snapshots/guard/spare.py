"""The second place: own copies of everything that stands, with inodes of their own, and the folders of mirrors behind them.

    spare/objects/ab/<sha256>      spare/manifests/ab/<sha256>

Nothing is believed by its name: bytes are hashed while they are copied, in both directions. What stands no more is kept for a while, for a rollback
may want it; its modification time is the moment at which it was given up. Until then a copy has mode and time of what it is a copy of, for the shield shows it
to readers; `spare/` itself is closed to them.
"""

# ruff: noqa: PTH108, PTH116, PTH120, PTH208
from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.files import link, modified_at, settle
from fangtang.snapshots.store.layout import fanned

BLOCK_BYTES = 64 * 1024
"""More at once would cost a short file, which most are, a fresh mapping of so much memory."""
Shelf = Literal["objects", "manifests"]


class Source(Protocol):
    """A place that may have the right bytes."""

    name: str

    def open(self, shelf: Shelf, digest: str) -> int | None:
        """A descriptor to read from, or None. The bytes may be wrong: the reader hashes them."""
        ...


class Folder:
    """Another store's folder, a mirror's for example."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)

    def open(self, shelf: Shelf, digest: str) -> int | None:
        return opened(f"{self.name}/{shelf}/{fanned(digest)}")


class Spare:
    """The guard's own copies."""

    name = "spare"

    def __init__(self, folder: Path) -> None:
        self._base = os.fspath(folder)
        self._has: dict[Shelf, set[str]] = {"objects": set(), "manifests": set()}
        self.discarded: list[str] = []
        """Files of which a wrong copy was met, and who else holds it has to know."""
        for shelf, found in self._has.items():
            Path(folder, shelf).mkdir(parents=True, exist_ok=True)
            for fan in os.listdir(f"{self._base}/{shelf}"):
                found.update(name for name in os.listdir(f"{self._base}/{shelf}/{fan}") if len(name) == 64)

    def has(self, shelf: Shelf, digest: str) -> bool:
        return digest in self._has[shelf]

    def missing(self, shelf: Shelf, digests: Iterable[str]) -> list[str]:
        return [digest for digest in digests if digest not in self._has[shelf]]

    def open(self, shelf: Shelf, digest: str) -> int | None:
        found = opened(self._place(shelf, digest)) if self.has(shelf, digest) else None
        if found is None:
            self._has[shelf].discard(digest)
        return found

    def take(self, shelf: Shelf, digest: str, source: int) -> bool:
        """Copy from an open file; False, and nothing is kept, when its bytes are others."""
        place = self._place(shelf, digest)
        os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103
        fresh = f"{place}.new"
        target = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            is_right = copy(source, target, digest)
            settle(target, digest)
        finally:
            os.close(target)
        if not is_right:
            os.unlink(fresh)
            return False
        os.rename(fresh, place)  # noqa: PTH104
        self._has[shelf].add(digest)
        return True

    def discard(self, shelf: Shelf, digest: str) -> None:
        """Forget a copy, which turned out to be wrong."""
        if shelf == "objects":
            self.discarded.append(digest)
        self._forget(shelf, digest)

    def lend(self, digest: str, place: str) -> bool:
        """Let a file of ours lie at `place` too; a copy of it where it can have no more links. False when there is none with the right bytes."""
        source = self.open("objects", digest)
        if source is None:
            return False
        try:
            if not is_whole(source, digest):
                self.discard("objects", digest)
                return False
            settle(source, digest)
            return link(self._place("objects", digest), place) or _copied(source, digest, place)
        finally:
            os.close(source)

    def _forget(self, shelf: Shelf, digest: str) -> None:
        self._has[shelf].discard(digest)
        with suppress(FileNotFoundError):
            os.unlink(self._place(shelf, digest))

    def give_up(self, shelf: Shelf, digests: Iterable[str]) -> None:
        """Note that these stand no more."""
        for digest in digests:
            if digest in self._has[shelf]:
                with suppress(FileNotFoundError):
                    os.utime(self._place(shelf, digest))

    def tidy(self, shelf: Shelf, standing: Iterable[str], *, keep_seconds: float) -> Iterator[str]:
        """Remove what was given up that long ago; each as it goes."""
        limit = time.time() - keep_seconds
        for digest in self._has[shelf].difference(standing):
            try:
                since = os.stat(self._place(shelf, digest)).st_mtime
                if since == modified_at(digest):
                    self.give_up(shelf, [digest])
                elif since < limit:
                    self._forget(shelf, digest)
            except FileNotFoundError:
                self._has[shelf].discard(digest)
            yield digest

    def _place(self, shelf: Shelf, digest: str) -> str:
        return f"{self._base}/{shelf}/{fanned(digest)}"


def copy(source: int, target: int, digest: str) -> bool:
    """Copy an open file; whether the bytes had this digest."""
    found = hashlib.sha256()
    more = True
    while more:
        block = os.read(source, BLOCK_BYTES)
        more = len(block) == BLOCK_BYTES
        found.update(block)
        while block:
            block = block[os.write(target, block) :]
    return found.hexdigest() == digest


def _copied(source: int, digest: str, place: str) -> bool:
    target = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.lseek(source, 0, os.SEEK_SET)
        is_right = copy(source, target, digest)
        settle(target, digest)
        return is_right
    finally:
        os.close(target)


def is_whole(source: int, digest: str) -> bool:
    """Whether an open file has these bytes."""
    found = hashlib.sha256()
    while block := os.read(source, BLOCK_BYTES):
        found.update(block)
    return found.hexdigest() == digest


def read(source: int, digest: str) -> bytes | None:
    """All of a short file, a manifest; None when it has other bytes."""
    blocks = []
    while block := os.read(source, BLOCK_BYTES):
        blocks.append(block)
    found = b"".join(blocks)
    return found if sha256(found) == digest else None


def opened(place: str) -> int | None:
    try:
        return os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None

"""Looking at a spot: is it what the records say? Reads, and changes nothing.

What was hashed and found right is remembered by inode, with its change time (ctime), which no caller can set. As long as both are the same the bytes
are. All hard links of a file share them, so that a file is hashed once, wherever it lies; a new link changes the time and costs another look, no alarm.
"""

# Plain system calls below, not Path: a pass makes a hundred thousand.
# ruff: noqa: PTH115
from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fangtang.snapshots.guard import variants
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.spots import FANNED_FOLDERS, Spot, What
from fangtang.snapshots.store.files import READ_ONLY, modified_at
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.manifests import Kind

FOLDER_MODE = 0o755
TICK_NS = 20_000_000
"""Older kernels count change times in steps of up to 10 ms: what changed as recently as this may change again without a trace."""
BLOCK_BYTES = 64 * 1024
_GONE = (FileNotFoundError, NotADirectoryError)
FILE = Kind.FILE
Sound = dict[int, tuple[int, str, int]]
"""Inode → change time (ns), what it was found to be (a digest, "link " or "variant " before it for others than files), owner."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A spot that is not as it must be. `reason`: missing, changed (bytes, kind of file, where a link leads), unexpected, attributes (mode, owner, times,
    access list), untrusted (a record or trust that nobody signed who may). `expected` is a digest, `seen` what lies there."""

    spot: Spot
    reason: str
    expected: str | None = None
    seen: os.stat_result | None = None


@dataclass(slots=True)
class Inspector:
    layout: Layout
    expected: Expected
    sound: Sound = field(default_factory=dict)
    ours: set[int] = field(default_factory=set)
    """Inodes that the guard put in place and has not read back yet."""
    passed: set[int] = field(default_factory=set)
    """Inodes that were found as remembered in this pass; their other names need no look."""

    def place(self, spot: Spot) -> str:
        return f"{self.layout.folder}/{spot.path}"

    def look(self, spot: Spot, *, was_written: bool = False) -> Iterator[Finding]:
        """Every finding at one spot and, for a directory, in it. `was_written`: somebody was seen writing there, so no memory counts.

        Nothing for spots that are not standing, and for sites and trust, which have another judge."""
        if spot.what is What.FOLDER:
            yield from self._folder(spot)
        elif spot.what is What.VARIANT:
            yield from self._variant(spot, was_written=was_written)
        elif not self.is_standing(spot):
            return
        elif spot.what is What.TREE:
            yield from self._tree(spot)
        elif spot.what is What.ENTRY:
            yield from self._entry(spot, was_written=was_written)
        else:
            size = self._size(spot.digest) if spot.what is What.OBJECT else None
            yield from self._file(spot, spot.digest, size, was_written=was_written)

    def is_standing(self, spot: Spot) -> bool:
        return spot.digest in (self.expected.places if spot.what in {What.OBJECT, What.VARIANT} else self.expected.trees)

    def fan(self, folder: str, digests: Iterable[str]) -> Iterator[Finding]:
        """Look at one of the folders for the first two digits; `digests` are those that stand in it."""
        shelf = folder.partition("/")[0]
        absent = set(digests)
        try:
            with os.scandir(f"{self.layout.folder}/{folder}") as listing:
                for one in listing:
                    if one.name in absent and self._is_known(one, one.name):
                        absent.discard(one.name)
        except OSError:
            yield from self._folder(Spot(What.FOLDER, name=folder))
        for digest in absent:
            yield from self.look(Spot(_SHELVES[shelf], digest))

    def is_sound(self, seen: os.stat_result, what: str) -> bool:
        known = self.sound.get(seen.st_ino)
        return known is not None and known[0] == seen.st_ctime_ns and known[1] == what

    def forget(self, inode: int) -> None:
        """Let the next look read the bytes."""
        self.sound.pop(inode, None)
        self.passed.discard(inode)

    def prune(self) -> None:
        """Forget what stands no more."""
        places, trees = self.expected.places, self.expected.trees
        self.sound = {inode: seen for inode, seen in self.sound.items() if (digest := seen[1].rpartition(" ")[2][:64]) in places or digest in trees}
        self.passed.clear()

    def _size(self, digest: str) -> int | None:
        for tree, name in self.expected.places[digest]:
            return self.expected.trees[tree][name].size
        return None

    def _tree(self, spot: Spot) -> Iterator[Finding]:
        place, entries = self.place(spot), self.expected.trees[spot.digest]
        try:
            own = os.lstat(place)
            if not stat.S_ISDIR(own.st_mode):
                yield Finding(spot, "changed", spot.digest, own)
                return
            with os.scandir(place) as listing:
                present = list(listing)
        except _GONE:
            yield Finding(spot, "missing", spot.digest)
            return
        yield from _folder_attributes(spot, own)
        absent = set(entries)
        for one in present:
            absent.discard(one.name)
            entry = entries.get(one.name)
            if entry is None or not self._is_remembered(one, entry.sha256 if entry.kind is FILE else f"link {entry.sha256}"):
                yield from self._entry(Spot(What.ENTRY, spot.digest, one.name))
        for name in absent:
            yield from self._entry(Spot(What.ENTRY, spot.digest, name))

    def _is_known(self, one: os.DirEntry[str], what: str) -> bool:
        """Whether it is another name of a file that this pass has met, or as it is remembered."""
        inode = one.inode()
        return (inode in self.passed and self.sound[inode][1] == what) or self._is_remembered(one, what)

    def _is_remembered(self, one: os.DirEntry[str], what: str) -> bool:
        try:
            seen = one.stat(follow_symlinks=False)
        except OSError:
            return False
        known = self.sound.get(seen.st_ino)
        if known is None or known[0] != seen.st_ctime_ns or known[1] != what:
            return False
        self.passed.add(seen.st_ino)
        return True

    def _entry(self, spot: Spot, *, was_written: bool = False) -> Iterator[Finding]:
        entry = self.expected.entry(spot.digest, spot.name)
        if entry is None:
            if seen := _lstat(self.place(spot)):
                yield Finding(spot, "unexpected", None, seen)
        elif entry.kind is Kind.FILE:
            yield from self._file(spot, entry.sha256, entry.size, was_written=was_written)
        else:
            yield from self._link(spot, entry.sha256)

    def _link(self, spot: Spot, digest: str) -> Iterator[Finding]:
        place = self.place(spot)
        seen = _lstat(place)
        if seen is None:
            yield Finding(spot, "missing", digest)
        elif not self.is_sound(seen, f"link {digest}"):
            if not stat.S_ISLNK(seen.st_mode) or os.readlink(place) != f"../../{fanned(digest)}":
                yield Finding(spot, "changed", digest, seen)
            else:
                self._remember(seen, f"link {digest}")

    def _file(self, spot: Spot, digest: str, size: int | None, *, was_written: bool = False) -> Iterator[Finding]:
        place = self.place(spot)
        seen = _lstat(place)
        if seen is None:
            yield Finding(spot, "missing", digest)
        elif was_written or not self.is_sound(seen, digest):
            reason = self._objection(place, seen, digest, size, was_written=was_written)
            if reason:
                yield Finding(spot, reason, digest, seen)

    def _objection(self, place: str, seen: os.stat_result, digest: str, size: int | None, *, was_written: bool) -> str | None:
        if not stat.S_ISREG(seen.st_mode) or size not in {None, seen.st_size}:
            return "changed"
        if was_written and seen.st_ino not in self.ours and not self.is_sound(seen, digest):
            return "changed"  # nobody ever writes into a file that stands, so there is no need to read it
        if digest_of(place, seen) != digest:
            return "changed"
        known = self.sound.get(seen.st_ino)
        has_other_owner = known is not None and known[1] == digest and known[2] != seen.st_uid
        if has_other_owner or stat.S_IMODE(seen.st_mode) != READ_ONLY or seen.st_mtime_ns != modified_at(digest) * 10**9 or _is_extended(place):
            return "attributes"
        self._remember(seen, digest)
        return None

    def _remember(self, seen: os.stat_result, what: str) -> None:
        if time.time_ns() - seen.st_ctime_ns > TICK_NS:
            self.sound[seen.st_ino] = (seen.st_ctime_ns, what, seen.st_uid)
            self.ours.discard(seen.st_ino)

    def _folder(self, spot: Spot) -> Iterator[Finding]:
        seen = _lstat(self.place(spot))
        if seen is None:
            yield Finding(spot, "missing")
        elif not stat.S_ISDIR(seen.st_mode):
            yield Finding(spot, "changed", None, seen)
        elif spot.name.partition("/")[0] in {*FANNED_FOLDERS, "sites"}:
            yield from _folder_attributes(spot, seen)

    def _variant(self, spot: Spot, *, was_written: bool) -> Iterator[Finding]:
        place, what = self.place(spot), f"variant {spot.name}"
        seen = _lstat(place)
        if seen is None or spot.digest not in self.expected.places or (self.is_sound(seen, what) and not was_written):
            return
        if not stat.S_ISREG(seen.st_mode) or not variants.holds(place, spot.digest, size=self._size(spot.digest) or 0):
            yield Finding(spot, "changed", spot.digest, seen)
        elif stat.S_IMODE(seen.st_mode) != READ_ONLY:
            yield Finding(spot, "attributes", spot.digest, seen)
        else:
            self._remember(seen, what)


_SHELVES = {"objects": What.OBJECT, "manifests": What.MANIFEST}


def digest_of(place: str, seen: os.stat_result) -> str | None:
    """Of a plain file that is still the one that was seen; None for anything else, and for what cannot be read."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        now = os.fstat(descriptor)
        if now.st_ino != seen.st_ino or not stat.S_ISREG(now.st_mode):
            return None
        found = hashlib.sha256()
        while block := os.read(descriptor, BLOCK_BYTES):
            found.update(block)
        return found.hexdigest()
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _folder_attributes(spot: Spot, seen: os.stat_result) -> Iterator[Finding]:
    if seen.st_mode & 0o777 != FOLDER_MODE:
        yield Finding(spot, "attributes", None, seen)


def _is_extended(place: str) -> bool:
    """Whether somebody gave it an access list or attributes of their own; what security modules set is theirs."""
    try:
        names = os.listxattr(place, follow_symlinks=False)
    except OSError:
        return False
    return any(name.startswith(("system.posix_acl", "user.")) for name in names)


def _lstat(place: str) -> os.stat_result | None:
    try:
        return os.lstat(place)
    except OSError:
        return None

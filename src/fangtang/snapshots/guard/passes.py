"""Looking at everything that stands, in small steps between which events are served: on start, after an overflow, and every so often behind the watches."""

from __future__ import annotations

import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fangtang.snapshots.guard import variants
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.home import LOG
from fangtang.snapshots.guard.inspecting import Finding
from fangtang.snapshots.guard.spare import Shelf, is_whole, opened
from fangtang.snapshots.guard.spots import STORE_FOLDERS, Spot, What
from fangtang.snapshots.guard.standing import Standing

STEP_FILES = 50
DIGITS = 16**6
KEEP_SECONDS = 7 * 86400.0
"""So long a spare is kept of what stands no more."""
Steps = Iterator[list[Finding]]
"""Each step takes about a millisecond and gives what it found."""


@dataclass(slots=True)
class Passes:
    """`scrub_seconds`: within so many every byte is read anew, whatever the change times say."""

    standing: Standing
    scrub_seconds: float
    _scrubbed: float = field(default_factory=time.monotonic)
    _place: int = 0
    """Where reading anew goes on among the first digits of all digests."""

    def arrivals(self, trees: Iterable[str]) -> Steps:
        """Directories that a release brought: look at them, and take over what the spare has not."""
        for digest in trees:
            if digest in self.standing.inspector.expected.trees:
                yield [finding for what in (What.TREE, What.MANIFEST) for finding in self._look(Spot(what, digest))]
                yield from self._take_over([digest])

    def everything(self) -> Steps:
        """Served places first, then what lies behind them."""
        self.standing.inspector.passed.clear()
        yield list(self._folders())
        yield list(self.standing.check_trust())
        for site_key in self.standing.site_keys():
            yield list(self.standing.check(site_key, now=time.monotonic()))
        for digest in list(self._expected.trees):
            if digest in self._expected.trees:
                self.standing.watch_tree(digest)
                yield list(self._look(Spot(What.TREE, digest)))
        yield from self._shelves()
        yield from self._variants()
        yield from self._take_over(list(self._expected.trees))

    def scrub(self, now: float) -> Steps:
        """The part of all bytes whose turn has come since the last one was read, here and in the spare; then tidy up."""
        part = min(DIGITS, int(DIGITS * (now - self._scrubbed) / self.scrub_seconds) + 1)
        for digest in [digest for digest in self._expected.places if (int(digest[:6], 16) - self._place) % DIGITS < part]:
            self._forget(Spot(What.OBJECT, digest))
            yield list(self._look(Spot(What.OBJECT, digest)))
            self._prove(digest)
        self._place, self._scrubbed = (self._place + part) % DIGITS, now
        for _ in self.standing.spare.tidy("objects", self._expected.places, keep_seconds=KEEP_SECONDS):
            yield []
        for _ in self.standing.spare.tidy("manifests", self._expected.trees, keep_seconds=KEEP_SECONDS):
            yield []

    @property
    def _expected(self) -> Expected:
        return self.standing.inspector.expected

    def _look(self, spot: Spot) -> Iterator[Finding]:
        return self.standing.inspector.look(spot)

    def _folders(self) -> Iterator[Finding]:
        self.standing.watch_folder("")
        if not os.path.isdir(self.standing.layout.folder) and self._expected.roots:  # noqa: PTH112
            yield from self._look(Spot(What.FOLDER))
        for name in (*STORE_FOLDERS, "sites"):
            if self._expected.roots:
                yield from self._look(Spot(What.FOLDER, name=name))
            self.standing.watch_folder(name)
        if self.standing.authority.trust:
            yield from self._look(Spot(What.FOLDER, name="trust"))
        self.standing.watch_folder("trust")
        for name in sorted({f"{shelf}/{digest[:2]}" for shelf in ("trees", "manifests") for digest in self._expected.trees}):
            yield from self._look(Spot(What.FOLDER, name=name))
        for name in sorted({f"objects/{digest[:2]}" for digest in self._expected.places}):
            yield from self._look(Spot(What.FOLDER, name=name))

    def _shelves(self) -> Steps:
        for shelf, digests in (("manifests", self._expected.trees), ("objects", self._expected.places)):
            fans = defaultdict[str, list[str]](list)
            for digest in digests:
                fans[f"{shelf}/{digest[:2]}"].append(digest)
            yield []
            for fan, inside in fans.items():
                self.standing.watch_folder(fan)
                yield list(self.standing.inspector.fan(fan, inside))

    def _variants(self) -> Steps:
        base = f"{self.standing.layout.folder}/variants"
        if not os.path.isdir(base):  # noqa: PTH112
            return
        self.standing.watch_folder("variants")
        for fan in os.listdir(base):  # noqa: PTH208
            self.standing.watch_folder(f"variants/{fan}")
            try:
                names = [name for name in os.listdir(f"{base}/{fan}") if variants.is_name(name)]  # noqa: PTH208
            except OSError:
                continue
            for start in range(0, len(names), STEP_FILES):
                yield [finding for name in names[start : start + STEP_FILES] for finding in self._look(Spot(What.VARIANT, name[:64], name))]

    def _take_over(self, trees: Iterable[str]) -> Steps:
        """Copy what the spare lacks; bytes that are wrong are not taken."""
        spare = self.standing.spare
        for tree in trees:
            entries = self._expected.trees.get(tree, {})
            lacking = spare.missing("objects", {entry.sha256 for entry in entries.values() if entry.sha256 in self._expected.places})
            for start in range(0, len(lacking), STEP_FILES):
                for digest in lacking[start : start + STEP_FILES]:
                    self._copy(digest)
                yield []
            if not spare.has("manifests", tree):
                self._copy_manifest(tree)

    def _copy(self, digest: str) -> None:
        for place in (Spot(What.OBJECT, digest), *(Spot(What.ENTRY, *one) for one in list(self._expected.places.get(digest, ()))[:STEP_FILES])):
            if self._take("objects", digest, place):
                return

    def _copy_manifest(self, digest: str) -> None:
        self._take("manifests", digest, Spot(What.MANIFEST, digest))

    def _take(self, shelf: Shelf, digest: str, spot: Spot) -> bool:
        descriptor = opened(self.standing.inspector.place(spot))
        if descriptor is None:
            return False
        try:
            return stat.S_ISREG(os.fstat(descriptor).st_mode) and self.standing.spare.take(shelf, digest, descriptor)
        except OSError as error:  # no room: the next pass tries again
            LOG.warning("%s: %s", digest, error)
            return False
        finally:
            os.close(descriptor)

    def _forget(self, spot: Spot) -> None:
        try:
            inode = os.lstat(self.standing.inspector.place(spot)).st_ino
        except OSError:
            return
        self.standing.inspector.forget(inode)

    def _prove(self, digest: str) -> None:
        """Read a spare, and take a rotten one anew."""
        descriptor = self.standing.spare.open("objects", digest)
        if descriptor is None:
            self.standing.spare.discard("objects", digest)
        else:
            try:
                if is_whole(descriptor, digest):
                    return
            finally:
                os.close(descriptor)
            self.standing.spare.discard("objects", digest)
        self._copy(digest)

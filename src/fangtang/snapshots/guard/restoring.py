"""Putting right: whatever should lie at a spot is made beside it, under `tmp/`, and changes places with what lies there.

The place that readers see comes first. The object and the other places of the same file follow (`complete`), for a hard link shares what was written.
"""

# ruff: noqa: PTH101, PTH102, PTH104, PTH108, PTH112, PTH211
from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from fangtang.snapshots.guard import spare
from fangtang.snapshots.guard.batches import Batch, Made, Outcome
from fangtang.snapshots.guard.blanks import Blanks
from fangtang.snapshots.guard.home import LOG
from fangtang.snapshots.guard.inspecting import FOLDER_MODE, Finding, Inspector
from fangtang.snapshots.guard.spare import Shelf, Source, Spare
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.store import swapping
from fangtang.snapshots.store.files import PUBLIC, settle
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.manifests import Kind

CLEARED_FILES = 20
MANY = 256
"""More findings than these are worth a folder of files that lie ready."""
TWINS_MOST = 20
"""Other places of a file that are asked for its bytes before mirrors are."""


class NoSource(Exception):
    """No place has these bytes."""


@dataclass(slots=True)
class Restorer:
    """`documents` gives the accepted record of a site and its root, and the trust of a version; `watch` is called with a directory before it is put
    in place."""

    layout: Layout
    inspector: Inspector
    spare: Spare
    sources: Sequence[Source]
    documents: Callable[[Spot], bytes | None]
    watch: Callable[[str, Spot], object]
    blanks: Blanks
    _owner: tuple[int, int] | None = None

    def open(self, findings: int) -> Batch:
        """For about so many findings. Raises OSError when the store takes nothing new."""
        if not os.path.isdir(self.layout.folder):
            self._own_as(self.layout.folder.parent)
            self._folder(os.fspath(self.layout.folder))
        self._own_as(self.layout.folder)
        with ExitStack() as failed:
            store = os.open(self.layout.folder, os.O_PATH | os.O_DIRECTORY)
            failed.callback(os.close, store)
            tmp = self._tmp(store)
            failed.callback(os.close, tmp)
            with suppress(BlockingIOError):
                fcntl.flock(tmp, fcntl.LOCK_SH | fcntl.LOCK_NB)
            name = f"guard-{secrets.token_hex(8)}"
            ready = self.blanks.take(tmp, name) if findings > MANY else 0
            if not ready:
                os.mkdir(name, 0o700, dir_fd=tmp)
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=tmp)
            failed.pop_all()
        self._own(folder)
        return Batch(name, folder, tmp, store, ready)

    def clear(self, batch: Batch) -> bool:
        """Remove some of what lies in the folder; whether the batch is closed now."""
        try:
            if not swapping.clear(batch.folder, CLEARED_FILES):
                return False
            os.rmdir(batch.name, dir_fd=batch.tmp)
        except (OSError, RecursionError) as error:
            LOG.warning("%s stays: %s", batch.name, error)
        batch.release()
        for descriptor in (batch.folder, batch.tmp, batch.store):
            os.close(descriptor)
        return True

    def _tmp(self, store: int) -> int:
        """A descriptor of `tmp/`, which is made anew should it be gone or lead elsewhere."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            return os.open("tmp", flags, dir_fd=store)
        except NotADirectoryError:
            os.unlink("tmp", dir_fd=store)
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ELOOP}:
                raise
        self._folder(swapping.named(store, "tmp"))
        return os.open("tmp", flags, dir_fd=store)

    def _own_as(self, folder: Path) -> None:
        owner = folder.stat()
        self._owner = None if (owner.st_uid, owner.st_gid) == (os.geteuid(), os.getegid()) else (owner.st_uid, owner.st_gid)

    def put_right(self, batch: Batch, finding: Finding) -> Outcome:
        """Never raises: what cannot be done is said in the outcome, and added to the batch like all others."""
        outcome = Outcome(finding)
        batch.outcomes.append(outcome)
        try:
            self._put_right(batch, outcome)
        except NoSource:
            outcome.error = "untrusted" if finding.reason == "untrusted" else "no_source"
            self._clear(batch, outcome)
        except OSError as error:
            outcome.error = errno.errorcode.get(error.errno or 0, "unknown")
        return outcome

    def complete(self, batch: Batch) -> Iterator[None]:
        """Put right whatever else has the bytes that were wrong, one file in each step."""
        done = {outcome.finding.spot for outcome in batch.outcomes}
        unsourced = {outcome.finding.expected or "" for outcome in batch.outcomes if outcome.error == "no_source"}
        for digest in sorted(batch.made.keys() | unsourced & self.inspector.expected.places.keys()):
            twins = [Spot(What.ENTRY, *place) for place in self.inspector.expected.places.get(digest, ())]
            for spot in (*twins, Spot(What.OBJECT, digest)):
                if spot not in done:
                    for finding in self.inspector.look(spot):
                        self.put_right(batch, finding)
            yield
        batch.release()

    def _put_right(self, batch: Batch, outcome: Outcome) -> None:
        finding, spot = outcome.finding, outcome.finding.spot
        place = batch.place(spot.path)
        if finding.reason == "unexpected" or spot.what is What.VARIANT:
            self._take_away(batch, outcome, place)
        elif finding.reason == "attributes" and spot.what in {What.TREE, What.FOLDER}:
            self._reset(place)
        else:
            fresh = self._make(batch, outcome)
            if swapping.put(fresh, place):
                outcome.foreign = fresh
            made = batch.made.get(finding.expected or "")
            if made and made.place == fresh:
                made.place = self.inspector.place(spot)

    def _make(self, batch: Batch, outcome: Outcome) -> str:
        """What should lie at the spot; its path beside."""
        spot, fresh = outcome.finding.spot, batch.fresh()
        match spot.what:
            case What.FOLDER:
                self._folder(fresh)
            case What.TREE:
                self._tree(batch, spot, fresh)
            case What.MANIFEST:
                outcome.source = self._fresh("manifests", spot.digest, fresh).source
            case What.CURRENT:
                os.symlink(os.fsdecode(self.documents(spot) or b""), fresh)
            case What.RECORD | What.TRUST:
                self._document(self.documents(spot), fresh)
            case _:
                fresh, outcome.source = self._file_or_link(batch, outcome.finding, fresh)
        return fresh

    def _file_or_link(self, batch: Batch, finding: Finding, fresh: str) -> tuple[str, str | None]:
        entry = self.inspector.expected.entry(finding.spot.digest, finding.spot.name) if finding.spot.what is What.ENTRY else None
        if entry and entry.kind is Kind.TREE:
            os.symlink(f"../../{fanned(entry.sha256)}", fresh)
            return fresh, None
        return self._file(batch, entry.sha256 if entry else finding.spot.digest, fresh, bad=finding)

    def _file(self, batch: Batch, digest: str, fresh: str, *, bad: Finding | None = None) -> tuple[str, str]:
        """A file with the right bytes, a link at `fresh` where one will do; where it lies now, and where it came from. Raises NoSource."""
        made = batch.made.get(digest)
        if made and _link(made.place, fresh):
            if os.lstat(fresh).st_ino == made.inode:
                return fresh, made.source
            os.unlink(fresh)  # somebody has taken it from its place again
        elif bad is None or bad.spot.what is not What.OBJECT:
            place = self._sound_object(digest, bad)
            if place and _link(place, fresh):
                return fresh, "object"
        batch.made[digest] = made = self._fresh("objects", digest, fresh, blank=batch.blank() if bad else None)
        self.inspector.ours.add(made.inode)
        return made.place, made.source

    def _sound_object(self, digest: str, bad: Finding | None) -> str | None:
        """The store's own object, when it has the right bytes. `bad` is known not to have them, and the object may be the same file."""
        spot = Spot(What.OBJECT, digest)
        place = self.inspector.place(spot)
        if bad and bad.seen:
            try:
                if os.lstat(place).st_ino == bad.seen.st_ino:
                    return None
            except OSError:
                return None
        return None if next(self.inspector.look(spot), None) else place

    def _fresh(self, shelf: Shelf, digest: str, fresh: str, *, blank: str | None = None) -> Made:
        """A file of its own with these bytes: the blank one, or at `fresh`. Raises NoSource, and leaves nothing."""
        target = _opened_blank(blank) if blank else None
        place = fresh if target is None else blank or fresh
        if target is None:
            target = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            source = self._fill(target, shelf, digest)
            self._own(target)
            settle(target, digest)
            return Made(place, os.fstat(target).st_ino, source)
        except NoSource:
            os.unlink(place)
            raise
        finally:
            os.close(target)

    def _fill(self, target: int, shelf: Shelf, digest: str) -> str:
        """Where the bytes came from. Raises NoSource."""
        for source in (self.spare, *self.sources):
            descriptor = source.open(shelf, digest)
            if descriptor is not None and _take(descriptor, target, digest):
                return source.name
            if descriptor is not None and source is self.spare:
                self.spare.discard(shelf, digest)
        for tree, name in list(self.inspector.expected.places.get(digest, ()))[:TWINS_MOST]:
            descriptor = spare.opened(self.inspector.place(Spot(What.ENTRY, tree, name)))
            if descriptor is not None and _take(descriptor, target, digest):
                return "object"
        raise NoSource(digest)

    def _tree(self, batch: Batch, spot: Spot, fresh: str) -> None:
        """The whole directory."""
        self._folder(fresh)
        for name, entry in self.inspector.expected.trees[spot.digest].items():
            if entry.kind is Kind.TREE:
                os.symlink(f"../../{fanned(entry.sha256)}", f"{fresh}/{name}")
            else:
                self._file(batch, entry.sha256, f"{fresh}/{name}")
        self.watch(fresh, spot)
        for made in batch.made.values():  # they move with it
            made.place = made.place.replace(fresh, self.inspector.place(spot), 1)

    def _folder(self, fresh: str) -> None:
        os.mkdir(fresh)
        os.chmod(fresh, FOLDER_MODE)
        self._own(fresh)

    def _document(self, document: bytes | None, fresh: str) -> None:
        if document is None:
            raise NoSource
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, document)
            os.fchmod(descriptor, PUBLIC)
            self._own(descriptor)
        finally:
            os.close(descriptor)

    def _take_away(self, batch: Batch, outcome: Outcome, place: str) -> None:
        aside = batch.fresh()
        os.rename(place, aside)
        outcome.foreign = aside

    def _clear(self, batch: Batch, outcome: Outcome) -> None:
        """Nobody has the right bytes: better none than foreign ones. A rebuild then finds the place free."""
        if outcome.finding.spot.what in {What.ENTRY, What.OBJECT, What.MANIFEST} and outcome.finding.seen:
            try:
                self._take_away(batch, outcome, batch.place(outcome.finding.spot.path))
            except OSError as error:
                outcome.error = errno.errorcode.get(error.errno or 0, "unknown")

    def _reset(self, place: str) -> None:
        """The mode of a folder; not through links."""
        descriptor = os.open(place, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY)
        try:
            os.chmod(f"/proc/self/fd/{descriptor}", FOLDER_MODE)
        finally:
            os.close(descriptor)

    def _own(self, thing: str | int) -> None:
        """Give it to the owner of the store, where we may."""
        if self._owner is not None:
            try:
                os.chown(thing, *self._owner)
            except PermissionError:
                return


def _opened_blank(place: str) -> int | None:
    """None when it is not as we left it."""
    try:
        blank = os.open(place, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    seen = os.fstat(blank)
    if stat.S_ISREG(seen.st_mode) and seen.st_size == 0 and seen.st_nlink == 1:
        return blank
    os.close(blank)
    return None


def _take(source: int, target: int, digest: str) -> bool:
    """Copy an open file into an empty one, and close it; when its bytes are others the target stays empty."""
    try:
        if spare.copy(source, target, digest):
            return True
        os.ftruncate(target, 0)
        os.lseek(target, 0, os.SEEK_SET)
        return False
    finally:
        os.close(source)


def _link(place: str, fresh: str) -> bool:
    """Whether there was something to link to, and room for one more link."""
    try:
        os.link(place, fresh, follow_symlinks=False)
    except OSError as error:
        if error.errno not in {errno.EMLINK, errno.ENOENT}:
            raise
        return False
    return True

"""An export into a plain folder, which any web server can serve.

What changed is staged beside, made durable, and then only renamed: first what pages refer to, then the pages, then the record; files that are gone are
taken away last. A folder has no one switch, so for some milliseconds readers may see pages of both snapshots; never half a file. An export that died
is completed by the next one. Each file has the time of the export that brought it: Last-Modified only rises.
"""

# Plain system calls below, not Path: a site has a hundred thousand files.
# ruff: noqa: PTH101, PTH102, PTH105, PTH106, PTH108, PTH112, PTH114, PTH120, PTH123, PTH208
from __future__ import annotations

import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.exporting.contents import Contents, Item, Progress, Written, no_progress, order, refuse_inside
from fangtang.snapshots.exporting.states import STATE, Change, Mark, State, change, decode
from fangtang.snapshots.store import durability

STAGED = ".fangtang-export.new"

Same = Callable[[str, Mark], bool]
"""Whether the file at a place is still what was brought there."""


def by_time(place: str, mark: Mark) -> bool:
    """By size and time, as rsync does."""
    try:
        found = os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == mark.size and str(int(found.st_mtime)) == mark.mark


def by_bytes(place: str, mark: Mark) -> bool:
    """By digest too."""
    if not by_time(place, mark):
        return False
    with open(place, "rb") as file:
        return file_digest(file, "sha256").hexdigest() == mark.sha256


def export(
    wanted: Contents,
    folder: Path,
    *,
    now: datetime,
    is_same: Same = by_time,
    progress: Progress = no_progress,
    barrier: durability.Barrier = durability.syncfs,
) -> Written:
    """Bring the folder to this snapshot; made if it is missing. Raises Invalid snapshots.export_foreign, snapshots.export_other_site,
    snapshots.export_in_the_way, snapshots.export_inside; Unavailable snapshots.export_failed, snapshots.export_busy, snapshots.damaged."""
    refuse_inside(wanted, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder) as descriptor:
            return _Folder(folder, lambda: barrier(descriptor), progress).bring(wanted, is_same, now)
    except OSError as error:
        place = error.filename2 or error.filename or folder
        raise Unavailable("snapshots.export_failed", permanent=False, place=os.fsdecode(place), reason=error.strerror or type(error).__name__) from error


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Be the only export here; the folder, open."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable("snapshots.export_busy", permanent=False, place=str(folder)) from None
        yield descriptor
    finally:
        os.close(descriptor)


class _Folder:
    """One export into one folder."""

    def __init__(self, folder: Path, durable: Callable[[], None], progress: Progress) -> None:
        self._base = os.path.abspath(folder)  # noqa: PTH100
        self._durable = durable
        self._progress = progress
        self._made: set[str] = set()

    def bring(self, wanted: Contents, is_same: Same, now: datetime) -> Written:
        before, items = self._state(wanted.site_key), wanted.items()
        known = before.files if before else {}
        self._refuse_links([*known, *(item.path for item in items)])
        there = frozenset(one.path for one in items if self._is_there(one, known.get(one.path), is_same))
        plan = change(before, wanted, items, there, now=now)
        if before and not plan.bring and not plan.take and replace(plan.after, stamp=before.stamp) == before:
            return Written(kept=len(there))
        stamped = {item.path: Mark(item.sha256, item.size, str(plan.after.stamp)) for item in plan.bring}
        self._remember(replace(plan.begun, files={**plan.begun.files, **stamped}))
        faults.point("export.begun")
        self._switch(plan)
        self._remember(replace(plan.after, files={**plan.after.files, **stamped}))
        return Written(len(plan.bring), sum(item.size for item in plan.bring), len(there), len(plan.take))

    def _switch(self, plan: Change) -> None:
        staged = f"{self._base}/{STAGED}"
        shutil.rmtree(staged, ignore_errors=True)
        os.mkdir(staged, 0o700)
        for number, item in enumerate(plan.bring):
            self._stage(item, f"{staged}/{number}", plan.after.stamp)
            faults.point("export.staged")
            self._progress(number + 1, len(plan.bring))
        self._durable()
        early = set(_in_the_way(plan))
        self._take(early)
        for number, item in sorted(enumerate(plan.bring), key=lambda one: order(one[1])):
            self._make_room(os.path.dirname(item.path))
            os.replace(f"{staged}/{number}", f"{self._base}/{item.path}")
            faults.point("export.renamed")
        self._take(path for path in plan.take if path not in early)
        faults.point("export.taken")
        os.rmdir(staged)
        self._durable()

    def _state(self, site_key: str) -> State | None:
        """None for an empty folder, which may hold what an export left that died before its first word."""
        try:
            with open(f"{self._base}/{STATE}", "rb") as file:
                return decode(file.read(), place=self._base, site_key=site_key)
        except FileNotFoundError:
            if set(os.listdir(self._base)) - {f"{STATE}.new", "lost+found"}:
                raise Invalid("snapshots.export_foreign", place=self._base) from None
            return None

    def _remember(self, state: State) -> None:
        fresh = f"{self._base}/{STATE}.new"
        with open(fresh, "wb") as file:
            file.write(state.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, f"{self._base}/{STATE}")

    def _refuse_links(self, paths: Iterable[str]) -> None:
        """A link to elsewhere would have us write there."""
        folders = {path[:end] for path in paths for end, sign in enumerate(path) if sign == "/"}
        for one in sorted(folders):
            if os.path.islink(f"{self._base}/{one}"):
                raise Invalid("snapshots.export_in_the_way", path=f"{self._base}/{one}")

    def _is_there(self, item: Item, mark: Mark | None, is_same: Same) -> bool:
        return mark is not None and mark.sha256 == item.sha256 and is_same(f"{self._base}/{item.path}", mark)

    def _stage(self, item: Item, place: str, stamp: int) -> None:
        with item.open() as source, open(place, "xb") as file:
            for block in source.blocks():
                file.write(block)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.utime(file.fileno(), (stamp, stamp))

    def _make_room(self, folder: str) -> None:
        """The folders down to where a file comes."""
        if folder and folder not in self._made:
            self._make_room(os.path.dirname(folder))
            place = f"{self._base}/{folder}"
            if not os.path.isdir(place):
                os.mkdir(place)
                os.chmod(place, 0o755)  # noqa: S103  (the web server's user reads here)
            self._made.add(folder)

    def _take(self, paths: Iterable[str]) -> None:
        """Take files away, and folders that are empty then."""
        for path in paths:
            try:
                os.unlink(f"{self._base}/{path}")
            except (FileNotFoundError, NotADirectoryError):
                continue
            folder = os.path.dirname(path)
            while folder and not os.listdir(f"{self._base}/{folder}"):
                os.rmdir(f"{self._base}/{folder}")
                folder = os.path.dirname(folder)


def _in_the_way(plan: Change) -> list[str]:
    """Files that must go before: a folder comes to their place, or they lie below what becomes a file."""
    fresh = {item.path for item in plan.bring}
    folders = {path[:end] for path in fresh for end, sign in enumerate(path) if sign == "/"}
    return [path for path in plan.take if path in folders or any(path[:end] in fresh for end, sign in enumerate(path) if sign == "/")]

"""Empty files that lie ready in the store: making a file takes ext4 up to a hundred times as long as filling one, most of all when many were removed just
before, and whoever puts ten thousand right has no time for that.

    guard/<name>/blank-1 … 1024      closed to everybody else; a batch takes a whole folder with one rename
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fangtang.snapshots.guard.home import LOG
from fangtang.snapshots.store import swapping

FOLDER = "guard"
EACH = 1024
"""Files in a folder: those of one full batch."""
FOLDERS_MOST = 10
STEP_FILES = 16
RETRY_SECONDS = 60.0
_UNFINISHED = "."


@dataclass(slots=True)
class Blanks:
    """`store` is the folder that is watched."""

    store: Path
    _names: list[str] = field(default_factory=list)
    _place: int | None = None
    """Descriptor of the folder, which stays ours wherever it is moved."""
    _steps: Iterator[None] = field(default_factory=lambda: iter(()))
    _due: float = 0.0

    def is_lacking(self, wanted: int, *, now: float) -> bool:
        """Whether fewer lie ready than are wanted, as far as whole folders go, and `lay` may be called."""
        return len(self._names) < min(FOLDERS_MOST, wanted // EACH) and now >= self._due

    def lay(self, *, now: float) -> None:
        """Make some; a disk that refuses is left alone for a while."""
        try:
            if next(self._steps, self) is self:
                self._steps = self._make()
        except OSError as error:
            LOG.warning("%s", error)
            self._due = now + RETRY_SECONDS

    def take(self, tmp: int, name: str) -> int:
        """Let a folder of blank files lie in the folder `tmp` under a name; how many are in it, 0 when there is none."""
        while self._names and self._place is not None:
            with suppress(OSError):
                os.rename(self._names.pop(), name, src_dir_fd=self._place, dst_dir_fd=tmp)
                return EACH
        return 0

    def close(self) -> None:
        if self._place is not None:
            os.close(self._place)
            self._place = None

    def _open(self) -> int:
        store = os.open(self.store, os.O_PATH | os.O_DIRECTORY)
        try:
            for _ in range(2):
                with suppress(FileExistsError):
                    os.mkdir(FOLDER, 0o700, dir_fd=store)
                place = self._ours(store)
                if place is not None:
                    return place
                os.rename(FOLDER, f"tmp/{secrets.token_hex(8)}", src_dir_fd=store, dst_dir_fd=store)
            raise FileExistsError(FOLDER)
        finally:
            os.close(store)

    def _ours(self, store: int) -> int | None:
        """None for a folder that others made or may enter, and for what is none."""
        try:
            place = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=store)
        except OSError:
            return None
        seen = os.fstat(place)
        if seen.st_uid == os.geteuid() and stat.S_IMODE(seen.st_mode) == 0o700:
            return place
        os.close(place)
        return None

    def _adopt(self, place: int) -> Iterator[None]:
        """Folders that were made in an earlier life; what was not finished then goes."""
        names = os.listdir(place)
        for name in names:
            if name.startswith(_UNFINISHED):
                folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
                try:
                    while not swapping.clear(folder, STEP_FILES):
                        yield
                finally:
                    os.close(folder)
                os.rmdir(name, dir_fd=place)
        self._names += [name for name in names if not name.startswith(_UNFINISHED)]

    def _make(self) -> Iterator[None]:
        """One folder more."""
        if self._place is None:
            self._place = self._open()
            yield from self._adopt(self._place)
            return
        place = self._place
        name = secrets.token_hex(8)
        os.mkdir(f"{_UNFINISHED}{name}", 0o700, dir_fd=place)
        folder = os.open(f"{_UNFINISHED}{name}", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
        try:
            for number in range(EACH):
                os.close(os.open(blank(number + 1), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder))
                if number % STEP_FILES == 0:
                    yield
        finally:
            os.close(folder)
        os.rename(f"{_UNFINISHED}{name}", name, src_dir_fd=place, dst_dir_fd=place)
        self._names.append(name)


def blank(number: int) -> str:
    """Its name in the folder."""
    return f"blank-{number}"

"""Directories that lie ready in the guard's own folder to be served: the spare's files, under the names that readers know.

    shield/trees/ab/<sha256>/     like `trees/` of a store: hard links to spare/objects, relative symlinks to other directories
    shield/new/                   what is not complete; nothing has its own name before it is
    shield/gone/                  what is removed piece by piece
    shield/boot                   during which run of the machine they were laid

Nothing is believed by its name: each file is hashed when it is laid. What was laid before the machine started may have been lost on its way to the disk,
so it is laid anew; the new directory changes places with the old one.
"""

# ruff: noqa: PTH101, PTH102, PTH103, PTH104, PTH120, PTH208, PTH211
from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fangtang.snapshots.guard.expected import Expected, Turn
from fangtang.snapshots.guard.home import LOG
from fangtang.snapshots.guard.spare import Spare
from fangtang.snapshots.store import swapping
from fangtang.snapshots.store.files import OPEN
from fangtang.snapshots.store.layout import fanned
from fangtang.snapshots.store.manifests import Kind

CALM_SECONDS = 5.0
"""After an arrival nothing is laid for so long: a release must not be slowed."""
KEEP_SECONDS = 60.0
RETRY_SECONDS = 60.0
STEP_FILES = 16
FOLDERS = {"trees": OPEN, "new": 0o700, "gone": 0o700}
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(slots=True)
class Replicas:
    """In the folder `base`. Of `in_use`, site key → root, readers see something: while there is any, nothing is removed."""

    base: str
    expected: Expected
    spare: Spare
    in_use: Mapping[str, str]
    _has: set[str] = field(default_factory=set)
    _lacking: dict[str, None] = field(default_factory=dict)
    _postponed: dict[str, None] = field(default_factory=dict)
    """Directories for which the spare lacks a file."""
    _gone: dict[str, float] = field(default_factory=dict)
    """Directory → since when it stands no more, the longest first."""
    _due: float = 0.0
    _steps: Iterator[None] | None = None
    _is_swept: bool = False

    def __post_init__(self) -> None:
        with suppress(OSError):
            if Path(self.base, "boot").read_bytes() == BOOT.read_bytes():
                self._has |= self._present()

    def __contains__(self, digest: str) -> bool:
        """Whether this directory lies ready, whatever is below it."""
        return digest in self._has

    def place(self, digest: str) -> str:
        return f"{self.base}/trees/{fanned(digest)}"

    @property
    def lacking(self) -> int:
        return len(self._lacking) + len(self._postponed)

    @property
    def due(self) -> float:
        """When there is something to do; never, when everything lies as it should."""
        if self._steps or self._lacking or self._postponed or self.spare.discarded or not self._is_swept:
            return self._due
        return max(self._due, next(iter(self._gone.values())) + KEEP_SECONDS) if self._gone and not self.in_use else float("inf")

    def follow(self, turn: Turn, *, now: float) -> None:
        """Take note of what a release brought and took."""
        for digest in turn.trees:
            self._gone.pop(digest, None)
            if digest not in self._has:
                self._lacking[digest] = None
        for digest in turn.gone_trees:
            self._lacking.pop(digest, None)
            self._postponed.pop(digest, None)
            if digest in self._has:
                self._gone[digest] = now
        self._due = max(self._due, now + CALM_SECONDS)

    def incomplete(self) -> set[str]:
        """Sites of which not every directory lies ready."""
        self._doubt()
        found = set[str]()
        for digest in (*self._lacking, *self._postponed):
            if len(found) == len(self.expected.roots):
                break
            found |= self.expected.sites(digest)
        return found

    def rest(self, until: float) -> None:
        """Do nothing before then."""
        self._due = max(self._due, until)

    def lay(self, *, now: float) -> None:
        """One small step; a disk that refuses is left alone for a while."""
        self._doubt()
        try:
            self._steps = self._steps or self._next(now)
            if next(self._steps, self) is self:
                self._steps = None
        except OSError as error:
            LOG.warning("Shield: %s", error)
            self._steps, self._is_swept = None, False
            self.rest(now + RETRY_SECONDS)

    def _doubt(self) -> None:
        """A copy that turned out to be wrong lies here too."""
        while self.spare.discarded:
            for digest, _ in self.expected.places.get(self.spare.discarded.pop(), ()):
                self._has.discard(digest)
                self._lacking[digest] = None

    def _next(self, now: float) -> Iterator[None]:
        if not self._is_swept:
            return self._sweep(now)
        if self._lacking:
            return self._lay(next(iter(self._lacking)))
        if self._postponed:
            self._lacking, self._postponed = self._postponed, {}
            self.rest(now + RETRY_SECONDS)
            return iter(())
        return self._remove(next(iter(self._gone)))

    def _sweep(self, now: float) -> Iterator[None]:
        """Begin: make the folders, and clear what an earlier life left."""
        for name, mode in FOLDERS.items():
            os.makedirs(f"{self.base}/{name}", exist_ok=True)
            os.chmod(f"{self.base}/{name}", mode)
        Path(self.base, "boot").write_bytes(BOOT.read_bytes())
        for name in os.listdir(f"{self.base}/new"):
            self._throw(f"{self.base}/new/{name}")
        yield from self._clear()
        self._gone |= dict.fromkeys(self._present() - self.expected.trees.keys() - self._gone.keys(), now)
        self._is_swept = True

    def _lay(self, digest: str) -> Iterator[None]:
        fresh = f"{self.base}/new/{digest}"
        os.mkdir(fresh)
        for number, (name, entry) in enumerate(self.expected.trees[digest].items()):
            if entry.kind is Kind.TREE:
                os.symlink(f"../../{fanned(entry.sha256)}", f"{fresh}/{name}")
            elif not self.spare.lend(entry.sha256, f"{fresh}/{name}"):
                if self._lacking.pop(digest, self) is None:
                    self._postponed[digest] = None
                self._throw(fresh)
                break
            if number % STEP_FILES == STEP_FILES - 1:
                yield
        else:
            self._install(digest, fresh)
        yield from self._clear()

    def _install(self, digest: str, fresh: str) -> None:
        os.chmod(fresh, OPEN)
        if digest not in self._lacking:  # it stands no more
            self._throw(fresh)
            return
        fan = os.path.dirname(self.place(digest))
        os.makedirs(fan, exist_ok=True)
        os.chmod(fan, OPEN)
        if swapping.put(fresh, self.place(digest)):
            self._throw(fresh)
        del self._lacking[digest]
        self._has.add(digest)

    def _remove(self, digest: str) -> Iterator[None]:
        self._has.discard(digest)
        with suppress(FileNotFoundError):
            self._throw(self.place(digest))
        self._gone.pop(digest, None)
        yield from self._clear()

    def _present(self) -> set[str]:
        trees = f"{self.base}/trees"
        return {digest for fan in os.listdir(trees) for digest in os.listdir(f"{trees}/{fan}")}

    def _throw(self, place: str) -> None:
        os.rename(place, f"{self.base}/gone/{secrets.token_hex(8)}")

    def _clear(self) -> Iterator[None]:
        folder = os.open(f"{self.base}/gone", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while not swapping.clear(folder, STEP_FILES):
                yield
        finally:
            os.close(folder)


def obstacle(folder: Path, store: Path, *, wish: bool | None) -> str:
    """Why readers of the store could not be led into this folder; empty when they could. `wish`: use it, or do not, or (None) where nothing is against it.
    A container that sees the store alone would meet a `current` that leads nowhere, so both must lie on one mount unless somebody who knows says so. Where
    the store is closed to others, its readers are of our own user, and the folder may be closed too."""
    if wish is False:
        return "not wanted"
    try:
        closed = _closed(folder)
        if closed and not _closed(store):
            return f"{closed[-1]} is closed to others"
        return "" if wish or mount(folder) == mount(store) else f"{store} lies on another mount"
    except OSError as error:
        return str(error)


def _closed(place: Path) -> list[Path]:
    """What others may not enter on the way to it, the nearest first."""
    return [one for one in (place, *place.parents) if not one.stat().st_mode & stat.S_IXOTH]


def mount(place: Path) -> int:
    """The kernel's number of the mount (proc(5), fdinfo). Raises OSError."""
    descriptor = os.open(place, os.O_PATH)
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("mnt_id:")).split()[1])
    finally:
        os.close(descriptor)

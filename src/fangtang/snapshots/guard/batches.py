"""What is put right together, and what came of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from fangtang.snapshots.guard.blanks import blank
from fangtang.snapshots.guard.inspecting import Finding
from fangtang.snapshots.store import swapping

PARENTS_MOST = 200
"""Open at a time: a process may have a thousand descriptors."""


@dataclass(slots=True)
class Outcome:
    """`error` is empty when the spot is right again, else no_source or the name of an errno. `foreign` is where lies what was taken away."""

    finding: Finding
    source: str | None = None
    error: str = ""
    foreign: str | None = None


@dataclass(slots=True)
class Made:
    """A fresh file: where it lies now, and the name of the source."""

    place: str
    inode: int
    source: str


@dataclass(slots=True)
class Batch:
    """Findings that are put right together, in a folder that exists until `Restorer.clear`."""

    name: str
    folder: int
    tmp: int
    """Descriptors: of the folder, and of `tmp/`, locked so that no writer sweeps it meanwhile."""
    store: int
    blanks: int = 0
    """Empty files that lie in the folder and are not used yet."""
    parents: dict[str, int] = field(default_factory=dict)
    """Open folders of the places that were put right, by path below the store's."""
    outcomes: list[Outcome] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    """By digest."""
    _count: int = 0

    def fresh(self) -> str:
        """A path where nothing lies yet."""
        self._count += 1
        return swapping.named(self.folder, str(self._count))

    def blank(self) -> str | None:
        """A path where an empty file of ours lies; None when all are used."""
        if not self.blanks:
            return None
        self.blanks -= 1
        return swapping.named(self.folder, blank(self.blanks + 1))

    def place(self, path: str) -> str:
        """A thing in the store, named without following a link. Raises OSError."""
        folder, _, name = path.rpartition("/")
        if folder not in self.parents:
            if len(self.parents) >= PARENTS_MOST:
                self.release()
            self.parents[folder] = swapping.open_inside(self.store, folder)
        return swapping.named(self.parents[folder], name)

    def release(self) -> None:
        """Let go of the folders: the next time they are opened anew."""
        for descriptor in self.parents.values():
            os.close(descriptor)
        self.parents.clear()

"""What a full build has drawn so far, so that one that was killed goes on where it was: one JSON line per part.

A line names targets and the files they became (path, digest, size; no digest: no such file), which the store keeps already. A site that changed in the
meantime (its face) starts anew; targets that other releases touched meanwhile are noted too, and drawn again at the end.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from fangtang.kernel.hashing import canonical
from fangtang.snapshots.store.manifests import Entry, Kind
from fangtang.snapshots.targets import Target

KEPT_SECONDS = 12 * 3600
"""An older journal is not believed: the store gives up after a day what no snapshot holds."""

Kept = tuple[str, Entry | None]
"""A path and the stored file that lies there; None for none."""


@dataclass(slots=True)
class Journal:
    """One site's full build. `files` by path are those of `done`; `again` are to be drawn once more."""

    place: Path
    face_sha256: str
    done: set[Target] = field(default_factory=set)
    files: dict[str, Entry | None] = field(default_factory=dict)
    again: set[Target] = field(default_factory=set)

    @classmethod
    def open(cls, site_key: str, face_sha256: str) -> Journal:
        """Go on with the one that a killed build of this face left, or begin one."""
        journal = cls(Path(settings.SNAPSHOT_ROOT) / "builds" / f"{site_key}.jsonl", face_sha256)
        journal.place.parent.mkdir(parents=True, exist_ok=True)
        if not journal._read():
            journal.place.write_bytes(canonical({"face": face_sha256}) + b"\n")
        return journal

    def note(self, targets: Iterable[Target], files: Iterable[Kept]) -> None:
        """These targets are drawn and their files stored."""
        some, kept = list(targets), list(files)
        self._add({"done": some, "files": [[path, entry.sha256 if entry else None, entry.size if entry else 0] for path, entry in kept]})
        self.done.update(some)
        self.files.update(kept)

    def draw_again(self, targets: Iterable[Target]) -> None:
        """Something that these targets show has changed since the build began."""
        some = sorted(set(targets) - self.again)
        if some:
            self._add({"again": some})
            self.again.update(some)

    def end(self) -> None:
        """The build stands; nothing is left to go on with."""
        self.place.unlink(missing_ok=True)

    def _add(self, line: dict[str, object]) -> None:
        with self.place.open("ab") as file:
            file.write(canonical(line) + b"\n")

    def _read(self) -> bool:
        try:
            if time.time() - os.stat(self.place).st_mtime > KEPT_SECONDS:  # noqa: PTH116
                return False
            whole, _, torn = self.place.read_bytes().rpartition(b"\n")
            head, *lines = map(json.loads, whole.split(b"\n"))
            if head != {"face": self.face_sha256}:
                return False
        except (FileNotFoundError, ValueError):
            return False
        for line in lines:
            self.done.update(Target(*one) for one in line.get("done", ()))
            self.files.update((path, Entry(Kind.FILE, sha256, size) if sha256 else None) for path, sha256, size in line.get("files", ()))
            self.again.update(Target(*one) for one in line.get("again", ()))
        if torn:
            self.place.write_bytes(whole + b"\n")
        return True


def forget() -> None:
    """Begin every full build anew: after texts were prepared afresh."""
    for place in (Path(settings.SNAPSHOT_ROOT) / "builds").glob("*.jsonl"):
        place.unlink()

"""Foreign bytes are kept as evidence, within limits: an attacker must not be able to fill the disk with what is taken away from him."""

# ruff: noqa: PTH208
from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one incident, and of all together."""

    files: int = 50
    bytes_each: int = 1024 * 1024
    bytes_all: int = 1024 * 1024 * 1024
    incidents: int = 10_000


@dataclass(slots=True)
class Quarantine:
    folder: Path
    limits: Limits = field(default_factory=Limits)
    used_bytes: int = 0
    incidents: int = 0

    def __post_init__(self) -> None:
        for held in self.folder.iterdir():
            self.incidents += 1
            self.used_bytes += sum(file.stat().st_size for file in held.iterdir())

    def case(self, incident: str) -> Case:
        """The evidence of one incident."""
        return Case(self, incident)

    @property
    def is_full(self) -> bool:
        return self.used_bytes >= self.limits.bytes_all or self.incidents >= self.limits.incidents


@dataclass(slots=True)
class Case:
    quarantine: Quarantine
    incident: str
    files: int = 0
    _kept: dict[str, str | None] = field(default_factory=dict)

    def describe(self, place: str) -> Iterator[dict[str, Any]]:
        """What a foreign thing is (`seen` and `evidence`), with its bytes kept; for a folder, of each thing in it, and none for an empty one."""
        todo = [(place, "")]
        looked_at = 0
        while todo and looked_at <= self.quarantine.limits.files:
            thing, below = todo.pop()
            looked_at += 1
            try:
                seen = os.lstat(thing)
                if stat.S_ISDIR(seen.st_mode):
                    todo += [(f"{thing}/{name}", f"{below}/{name}") for name in sorted(os.listdir(thing), reverse=True)]
                    continue
                yield {"below": below} | about(seen, thing) | self._keep(thing, seen)
            except OSError:
                continue

    def _keep(self, place: str, seen: os.stat_result) -> dict[str, Any]:
        """The digest of a plain file within the limits, and where its bytes are kept now."""
        limits = self.quarantine.limits
        if not stat.S_ISREG(seen.st_mode) or self.files >= limits.files or seen.st_size > limits.bytes_each or self.quarantine.is_full:
            return {"seen": None, "evidence": None}
        content = _read(place, limits.bytes_each)
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._kept:
            self._kept[digest] = self.write(str(self.files), content)
            self.files += 1
        return {"seen": digest, "evidence": self._kept[digest]}

    def write(self, name: str, content: bytes) -> str | None:
        """Where it lies now, below the guard's folder; None when the disk has no room."""
        folder = self.quarantine.folder / self.incident
        try:
            if not folder.exists():
                folder.mkdir()
                self.quarantine.incidents += 1
            (folder / name).write_bytes(content)
        except OSError:
            return None
        self.quarantine.used_bytes += len(content)
        return f"quarantine/{self.incident}/{name}"


def about(seen: os.stat_result, place: str | None = None) -> dict[str, Any]:
    """What a thing is, without its bytes. Times are UTC; `changed` is the kernel's own, which nobody can set."""
    found: dict[str, Any] = {
        "mode": f"{seen.st_mode:06o}",
        "size": seen.st_size,
        "owner": f"{seen.st_uid}:{seen.st_gid}",
        "modified": _moment(seen.st_mtime),
        "changed": _moment(seen.st_ctime),
    }
    if place and stat.S_ISLNK(seen.st_mode):
        found["leads_to"] = os.readlink(place)  # noqa: PTH115
    return found


def _moment(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _read(place: str, most: int) -> bytes:
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        blocks = []
        while most > 0 and (block := os.read(descriptor, min(BLOCK_BYTES, most))):
            blocks.append(block)
            most -= len(block)
        return b"".join(blocks)
    finally:
        os.close(descriptor)

"""The guard's own folder, of a user of its own in production: what the watched store's owner must not be able to change.

trust/<version>.json      whom to believe, the first version pinned
accepted/<key>.json       the newest record that was accepted for each site
settled/<key>             its root, once `current` had been seen there
spare/                    see `spare`
shield/                   see `replicas`: the one folder into which web servers look, when the folder itself may be passed through
raised                    the sites over which the shield is raised, each with its root
sound                     what was found right, by inode (see `inspecting`)
quarantine/<incident>/    foreign bytes: 0, 1, … and incident.json, which says where each lay
incidents/<id>.json       for the desk, which takes them away; `.new` files are not finished
rebuild/<key>             a site that should be built whole: no place has its bytes any more
heartbeat                 what the guard does, every few seconds
lock                      held by the one guard that works here
"""

# ruff: noqa: PTH104, PTH108
from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

CLOSED, PASSED, SHARED = 0o750, 0o711, 0o770
"""Modes of folders, whatever our umask is. The desk, of the same group, takes away what lies in shared ones; through one that is passed web servers go."""
CLOSED_FILE = 0o640
LOG = logging.getLogger("fangtang.guard")


FOLDERS = dict.fromkeys(("trust", "accepted", "settled", "spare", "quarantine"), CLOSED) | {"incidents": SHARED, "rebuild": SHARED, "shield": PASSED}


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.folder.chmod(CLOSED | PASSED)
        for name, mode in FOLDERS.items():
            (self.folder / name).mkdir(exist_ok=True)
            (self.folder / name).chmod(mode)

    def lock(self) -> IO[bytes] | None:
        """To be kept open; None when another guard works here."""
        file = open(self.folder / "lock", "ab", opener=_closed)  # noqa: SIM115  (the caller holds it)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def write(self, name: str, content: bytes) -> bool:
        """In one step; whether it could be done: a full disk must not end the watch. Not fsynced: after a power cut the guard looks at everything anyway."""
        place = f"{self.folder}/{name}"
        fresh = f"{place}.new"
        try:
            with open(fresh, "wb", opener=_closed) as file:
                file.write(content)
            os.rename(fresh, place)
        except OSError as error:
            LOG.warning("%s: %s", place, error)
            return False
        return True

    def write_json(self, name: str, content: Mapping[str, Any]) -> bool:
        return self.write(name, json.dumps(content, ensure_ascii=False).encode())

    def read(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(f"{self.folder}/{name}")

    def accepted(self) -> dict[str, bytes]:
        """Site key → document."""
        return {file.stem: file.read_bytes() for file in sorted((self.folder / "accepted").glob("*.json"))}

    def sound(self) -> dict[int, tuple[int, str, int]]:
        """What `keep_sound` was given; nothing when that is not to be read."""
        try:
            found = json.loads(self.read("sound") or b"[]")
            return {inode: (changed, digest, owner) for inode, changed, digest, owner in found}
        except (ValueError, TypeError):
            return {}

    def keep_sound(self, sound: Mapping[int, tuple[int, str, int]]) -> None:
        self.write("sound", json.dumps([(inode, *seen) for inode, seen in sound.items()], separators=(",", ":")).encode())


def _closed(place: str, flags: int) -> int:
    """Open a file that is for us and our group."""
    descriptor = os.open(place, flags, CLOSED_FILE)
    os.fchmod(descriptor, CLOSED_FILE)
    return descriptor

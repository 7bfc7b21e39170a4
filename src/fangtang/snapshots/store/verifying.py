"""Recomputing a snapshot from the bytes that web servers read, and naming the first place that is wrong."""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH115, PTH123, PTH208
from __future__ import annotations

import os
import stat

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.base import Damage
from fangtang.snapshots.store.files import holds
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.manifests import Entries, Entry, Kind, decode


def first_damage(layout: Layout, root: str) -> Damage | None:
    """The first wrong place below `root` in the order of paths; None when every byte is as the root says."""
    return _Verifier(layout).tree(root, at="")


class _Verifier:
    """Trusts no cache. A directory that several places share is looked at once."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._sound: set[str] = set()

    def tree(self, digest: str, *, at: str) -> Damage | None:
        if digest in self._sound:
            return None
        try:
            with open(self._layout.manifest(digest), "rb") as file:
                manifest = file.read()
            present = set(os.listdir(self._layout.tree(digest)))
        except (FileNotFoundError, NotADirectoryError):
            return Damage(at.rstrip("/"), "missing")
        if sha256(manifest) != digest:
            return Damage(at.rstrip("/"), "changed")
        damage = self._inside(digest, decode(manifest), present, at=at)
        if damage is None:
            self._sound.add(digest)
        return damage

    def _inside(self, digest: str, entries: Entries, present: set[str], *, at: str) -> Damage | None:
        for name in sorted(entries.keys() | present):
            if name not in entries:
                return Damage(f"{at}{name}", "unexpected")
            if name not in present:
                return Damage(f"{at}{name}", "missing")
            damage = self._entry(f"{self._layout.tree(digest)}/{name}", entries[name], at=f"{at}{name}")
            if damage:
                return damage
        return None

    def _entry(self, place: str, entry: Entry, *, at: str) -> Damage | None:
        mode = os.lstat(place).st_mode
        if entry.kind is Kind.TREE:
            if not stat.S_ISLNK(mode) or os.readlink(place) != f"../../{fanned(entry.sha256)}":
                return Damage(at, "changed")
            return self.tree(entry.sha256, at=f"{at}/")
        if not holds(place, entry.sha256):
            return Damage(at, "changed")
        return None

"""Manifests: the list that defines a directory, and what a set of changes makes of it. Pure.

A manifest is one line per entry, sorted by name: `file <sha256 of the bytes> <name>` or `tree <sha256 of its manifest> <name>`. Its own SHA-256
names the directory, so one digest fixes everything below it. Names hold no control character, hence no line can be read in two ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fangtang.kernel.errors import Invalid
from fangtang.kernel.hashing import sha256


class Kind(StrEnum):
    """What an entry of a directory is."""

    FILE = "file"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Entry:
    """`sha256` is the digest of the bytes of a file, of the manifest of a tree."""

    kind: Kind
    sha256: str


Entries = Mapping[str, Entry]
"""Name → entry, of one directory."""


def encode(entries: Entries) -> bytes:
    """The manifest's bytes, UTF-8."""
    return "".join(f"{entry.kind} {entry.sha256} {name}\n" for name, entry in sorted(entries.items())).encode()


def decode(manifest: bytes) -> dict[str, Entry]:
    """What `encode` wrote. Raises ValueError for anything else."""
    lines = (line.split(" ", 2) for line in manifest.decode().split("\n")[:-1])
    return {name: Entry(Kind(kind), digest) for kind, digest, name in lines}


EMPTY_ROOT = sha256(encode({}))


@dataclass(slots=True)
class Edit:
    """What happens at one name: `given` tells whether the file there is set (`sha256`) or taken away (None); `below` are changes inside."""

    given: bool = False
    sha256: str | None = None
    below: dict[str, Edit] = field(default_factory=dict)

    def add(self, names: tuple[str, ...], sha256: str | None) -> None:
        """Note that the file at `names`, seen from here, becomes `sha256`; the last word counts."""
        edit = self
        for name in names:
            edit = edit.below.setdefault(name, Edit())
        edit.given, edit.sha256 = True, sha256


@dataclass(slots=True)
class Plan:
    """New directories, children before parents: digest → entries. `known` reads the entries of a directory that stands already."""

    known: Callable[[str], Entries]
    trees: dict[str, Entries] = field(default_factory=dict)

    def root(self, base: str | None, edit: Edit) -> str:
        """The root after `edit` of `base` (None: from nothing). Raises Invalid snapshots.path_is_both."""
        return self._tree(base, edit, at="") or self._keep({})

    def _tree(self, digest: str | None, edit: Edit, *, at: str) -> str | None:
        """Digest of the directory after the edit; None when nothing is left in it, for empty directories are not kept."""
        before = self.known(digest) if digest else {}
        after = dict(before)
        for name, change in edit.below.items():
            entry = self._entry(before.get(name), change, at=f"{at}{name}")
            if entry:
                after[name] = entry
            else:
                after.pop(name, None)
        if digest and after == before:
            return digest if after else None
        return self._keep(after) if after else None

    def _entry(self, before: Entry | None, change: Edit, *, at: str) -> Entry | None:
        file = before.sha256 if before and before.kind is Kind.FILE else None
        tree = before.sha256 if before and before.kind is Kind.TREE else None
        if change.given:
            file = change.sha256
        if change.below:
            tree = self._tree(tree, change, at=f"{at}/")
        if file and tree:
            raise Invalid("snapshots.path_is_both", path=at)
        if file:
            return Entry(Kind.FILE, file)
        return Entry(Kind.TREE, tree) if tree else None

    def _keep(self, entries: Entries) -> str:
        digest = sha256(encode(entries))
        self.trees.setdefault(digest, entries)
        return digest

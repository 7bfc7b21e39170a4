"""Manifests: the list that defines a directory, and what a set of changes makes of it. Pure.

A manifest is one line per entry, sorted by name: `file <sha256 of the bytes> <bytes> <name>` or `tree <sha256 of its manifest> <bytes> <name>`.
Its own SHA-256 names the directory, so one digest fixes everything below it. Names hold no control character, hence no line can be read in two ways.
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
    """`sha256` is the digest of the bytes of a file, of the manifest of a tree. `size` counts the bytes of the file, of all files below a tree."""

    kind: Kind
    sha256: str
    size: int


Entries = Mapping[str, Entry]
"""Name → entry, of one directory."""


def encode(entries: Entries) -> bytes:
    """The manifest's bytes, UTF-8."""
    return "".join(f"{entry.kind} {entry.sha256} {entry.size} {name}\n" for name, entry in sorted(entries.items())).encode()


def decode(manifest: bytes) -> dict[str, Entry]:
    """What `encode` wrote. Raises ValueError for anything else."""
    lines = (line.split(" ", 3) for line in manifest.decode().split("\n")[:-1])
    return {name: Entry(Kind(kind), digest, int(size)) for kind, digest, size, name in lines}


EMPTY_ROOT = sha256(encode({}))


@dataclass(slots=True)
class Edit:
    """What happens at one name: `given` tells whether the file there is set (`file`) or taken away (None); `below` are changes inside."""

    given: bool = False
    file: Entry | None = None
    below: dict[str, Edit] = field(default_factory=dict)

    def add(self, names: tuple[str, ...], file: Entry | None) -> None:
        """Note that the file at `names`, seen from here, becomes `file`; the last word counts."""
        edit = self
        for name in names:
            edit = edit.below.setdefault(name, Edit())
        edit.given, edit.file = True, file


@dataclass(slots=True)
class Plan:
    """New directories, children before parents: digest → entries. `known` reads the entries of a directory that stands already; `bases` are the
    standing directories from which new ones were made."""

    known: Callable[[str], Entries]
    trees: dict[str, Entries] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)

    def root(self, base: str | None, edit: Edit) -> str:
        """The root after `edit` of `base` (None: from nothing). Raises Invalid snapshots.path_is_both."""
        top = self._tree(base, edit, at="")
        return top.sha256 if top else self._keep({}).sha256

    def _tree(self, digest: str | None, edit: Edit, *, at: str) -> Entry | None:
        """The directory after the edit; None when nothing is left in it, for empty directories are not kept."""
        before = self.known(digest) if digest else {}
        after = dict(before)
        for name, change in edit.below.items():
            entry = self._entry(before.get(name), change, at=f"{at}{name}")
            if entry:
                after[name] = entry
            else:
                after.pop(name, None)
        if not after:
            return None
        if digest and after == before:
            return _tree_entry(digest, after)
        tree = self._keep(after)
        if digest:
            self.bases[tree.sha256] = digest
        return tree

    def _entry(self, before: Entry | None, change: Edit, *, at: str) -> Entry | None:
        file = before if before and before.kind is Kind.FILE else None
        tree = before if before and before.kind is Kind.TREE else None
        if change.given:
            file = change.file
        if change.below:
            tree = self._tree(tree.sha256 if tree else None, change, at=f"{at}/")
        if file and tree:
            raise Invalid("snapshots.path_is_both", path=at)
        return file or tree

    def _keep(self, entries: Entries) -> Entry:
        tree = _tree_entry(sha256(encode(entries)), entries)
        self.trees.setdefault(tree.sha256, entries)
        return tree


def _tree_entry(digest: str, entries: Entries) -> Entry:
    return Entry(Kind.TREE, digest, sum(entry.size for entry in entries.values()))

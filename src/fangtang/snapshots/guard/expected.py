"""What should stand, computed from the accepted records and the manifests: every directory, every file, and where each is reached from.

A release changes it by what the release changed: a directory that both snapshots share is not looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fangtang.snapshots.store.manifests import Entries, Entry, Kind

Above = set[tuple[str, str]]
"""(directory's digest, name in it)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a switch brought and took: digests of directories, and of files that no site has any more."""

    trees: tuple[str, ...]
    gone_trees: tuple[str, ...]
    gone_objects: tuple[str, ...]


@dataclass(slots=True)
class Expected:
    roots: dict[str, str] = field(default_factory=dict)
    """Site key → root."""
    trees: dict[str, Entries] = field(default_factory=dict)
    above: dict[str, Above] = field(default_factory=dict)
    """Directory → where it is linked; ("", site key) for the root of a site."""
    places: dict[str, Above] = field(default_factory=dict)
    """File's digest → where it lies."""

    def stand(self, site_key: str, root: str, read: Callable[[str], Entries]) -> Turn:
        """Let a site stand at a root. `read` gives the entries of a directory; what it raises leaves everything as it was."""
        fresh = self._unknown(root, read)
        self.trees |= fresh
        for digest, entries in fresh.items():
            for name, entry in entries.items():
                self._side(entry).setdefault(entry.sha256, set()).add((digest, name))
        before = self.roots.get(site_key)
        self.roots[site_key] = root
        self.above.setdefault(root, set()).add(("", site_key))
        gone = self._leave(before, ("", site_key)) if before not in {None, root} else ((), ())
        return Turn(tuple(fresh), *gone)

    def entry(self, tree: str, name: str) -> Entry | None:
        return self.trees.get(tree, {}).get(name)

    def served(self, tree: str, name: str) -> tuple[str, str]:
        """A site and the path under which it serves this name; the first of several in the order of digests and keys."""
        path = name
        while True:
            above, at = min(self.above[tree])
            if not above:
                return at, path.rstrip("/")
            tree, path = above, f"{at}/{path}"

    def sites(self, tree: str) -> set[str]:
        """Every site that serves this directory."""
        found, seen, todo = set[str](), {tree}, [tree]
        while todo:
            for above, name in self.above[todo.pop()]:
                if not above:
                    found.add(name)
                elif above not in seen:
                    seen.add(above)
                    todo.append(above)
        return found

    def _unknown(self, root: str, read: Callable[[str], Entries]) -> dict[str, Entries]:
        fresh: dict[str, Entries] = {}
        todo = [root]
        while todo:
            digest = todo.pop()
            if digest not in self.trees and digest not in fresh:
                fresh[digest] = read(digest)
                todo += [entry.sha256 for entry in fresh[digest].values() if entry.kind is Kind.TREE]
        return fresh

    def _leave(self, digest: str | None, at: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        gone_trees, gone_objects = list[str](), list[str]()
        todo = [(Entry(Kind.TREE, digest or "", 0), at)]
        while todo:
            entry, place = todo.pop()
            side = self._side(entry)
            side[entry.sha256].discard(place)
            if side[entry.sha256]:
                continue
            del side[entry.sha256]
            if entry.kind is Kind.FILE:
                gone_objects.append(entry.sha256)
                continue
            gone_trees.append(entry.sha256)
            todo += [(below, (entry.sha256, name)) for name, below in self.trees.pop(entry.sha256).items()]
        return tuple(gone_trees), tuple(gone_objects)

    def _side(self, entry: Entry) -> dict[str, Above]:
        return self.above if entry.kind is Kind.TREE else self.places

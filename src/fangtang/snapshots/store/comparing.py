"""What differs between two snapshots, from their manifests alone: a directory that both share is not looked into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Entry, Kind


@dataclass(frozen=True, slots=True)
class Difference:
    """One file. `before` is None for an added one, `after` for a removed one."""

    path: str
    before: Entry | None
    after: Entry | None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(layout: Layout, before: str | None, after: str | None) -> Iterator[Difference]:
    """Every file that is not the same in two trees (roots; None: empty), directory by directory in the order of names. Raises FileNotFoundError for
    a root whose manifests were collected."""
    return _between(layout, *(None if root is None else Entry(Kind.TREE, root, 0) for root in (before, after)), at="")


def _between(layout: Layout, before: Entry | None, after: Entry | None, *, at: str) -> Iterator[Difference]:
    if before and after and (before.kind, before.sha256) == (after.kind, after.sha256):
        return
    files = [entry if entry and entry.kind is Kind.FILE else None for entry in (before, after)]
    if any(files):
        yield Difference(at, *files)
    below = [_inside(layout, entry) for entry in (before, after)]
    for name in sorted(below[0].keys() | below[1].keys()):
        yield from _between(layout, below[0].get(name), below[1].get(name), at=f"{at}/{name}" if at else name)


def _inside(layout: Layout, entry: Entry | None) -> Mapping[str, Entry]:
    return layout.entries(entry.sha256) if entry and entry.kind is Kind.TREE else {}

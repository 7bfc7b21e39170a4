"""What an export remembers of itself at the place where it lies, so that the next one brings only the difference and takes away only what is its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fangtang.kernel.errors import Invalid
from fangtang.kernel.hashing import canonical
from fangtang.snapshots.exporting.contents import Contents, Item
from fangtang.snapshots.store.paths import segments

STATE = ".fangtang-export.json"
KIND = "fangtang export 1"
ASSETS = "assets/"
LATEST = 2**33
"""The last stamp that is believed (the year 2242): file systems know no later time."""
ASSETS_STAY = timedelta(days=1)
"""Pages in readers' browsers refer to stylesheets that the new pages no longer have."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One file as it was brought. `mark` is what the place says of it since: its time in a folder, its ETag in a bucket; "" when that is not known."""

    sha256: str
    size: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """`files` are all that an export may have brought, by path. `stamp` (seconds since 1970) is that of the last export and only rises. `leaving`
    are assets that the site has no more, by path: since which stamp. An export that is not `complete` was begun and not finished."""

    site_key: str
    serial: int
    root_sha256: str
    stamp: int
    complete: bool = False
    files: Mapping[str, Mark] = field(default_factory=dict)
    leaving: Mapping[str, int] = field(default_factory=dict)

    def encode(self) -> bytes:
        return canonical(
            {
                "kind": KIND,
                "site": self.site_key,
                "serial": self.serial,
                "root": self.root_sha256,
                "stamp": self.stamp,
                "complete": self.complete,
                "files": {path: [one.sha256, one.size, one.mark] for path, one in self.files.items()},
                "leaving": dict(self.leaving),
            }
        )


@dataclass(frozen=True, slots=True)
class Change:
    """From what lies there (`before`) to what shall (`after`): `bring` is not there yet, `take` goes at the end."""

    after: State
    bring: list[Item]
    take: list[str]
    begun: State
    """What to remember before anything is touched: all of the old and of the new."""


def decode(content: bytes, *, place: str, site_key: str) -> State:
    """What `encode` wrote about this site. Raises Invalid snapshots.export_foreign, snapshots.export_other_site. Paths are looked at like any others:
    whoever may write there could else have us delete elsewhere."""
    try:
        found: dict[str, Any] = json.loads(content)
        if found["kind"] != KIND:
            raise ValueError
        files = {path: Mark(str(one[0]), int(one[1]), str(one[2])) for path, one in found["files"].items()}
        leaving = {path: int(stamp) for path, stamp in found["leaving"].items()}
        if not 0 <= int(found["stamp"]) < LATEST:
            raise ValueError
        for path in (*files, *leaving):
            segments(path)
        state = State(str(found["site"]), int(found["serial"]), str(found["root"]), int(found["stamp"]), found["complete"] is True, files, leaving)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError, Invalid):
        raise Invalid("snapshots.export_foreign", place=place) from None
    if state.site_key != site_key:
        raise Invalid("snapshots.export_other_site", place=place, site_key=site_key, found=state.site_key)
    return state


def change(before: State | None, wanted: Contents, items: list[Item], there: frozenset[str], *, now: datetime) -> Change:
    """`there` are the paths whose files lie there as `before` says and as they are wanted."""
    known, snapshot = (before.files if before else {}), wanted.record.snapshot
    stamp = max(int(now.timestamp()), before.stamp + 1 if before else 0)
    files = {item.path: known[item.path] if item.path in there else Mark(item.sha256, item.size) for item in items}
    gone = known.keys() - files.keys()
    since = {path: before.leaving.get(path, stamp) if before else stamp for path in gone if path.startswith(ASSETS)}
    leaving = {path: at for path, at in since.items() if stamp - at < ASSETS_STAY.total_seconds()}
    take = sorted(gone - leaving.keys())
    kept = {path: known[path] for path in leaving}
    after = State(snapshot.site_key, snapshot.serial, snapshot.root_sha256, stamp, complete=True, files=files | kept, leaving=leaving)
    begun = State(snapshot.site_key, snapshot.serial, snapshot.root_sha256, stamp, files=files | {path: known[path] for path in gone}, leaving=leaving)
    return Change(after, [item for item in items if item.path not in there], take, begun)

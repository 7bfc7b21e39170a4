"""Pins: snapshots of a site that are never collected, each with the reason."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.kernel.hashing import canonical
from fangtang.snapshots.store import durability, sites
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.signing import moment, written
from fangtang.snapshots.store.staging import at_work
from fangtang.snapshots.store.trouble import damaged, told

WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A snapshot that is kept: its root, why, since when (UTC)."""

    root_sha256: str
    reason: str
    at: datetime


def pinned(layout: Layout, site_key: str) -> list[Pin]:
    """The site's pins, oldest first. Raises Unavailable snapshots.papers_damaged."""
    place = _file(layout, site_key)
    try:
        rows = [json.loads(line) for line in place.read_bytes().splitlines()]
        return [Pin(str(row["root"]), str(row["reason"]), moment(row["at"])) for row in rows]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        raise damaged(place, "not a list of pins") from None


@told()
def pin(layout: Layout, site_key: str, root: str, *, reason: str, at: datetime) -> None:
    """Keep a snapshot from now on; pinned again, it gets the new reason. Raises Invalid snapshots.unknown_root when the site never stood there or its
    files are gone; Unavailable snapshots.store_full, snapshots.store_unwritable."""
    with sites.lock(layout, site_key, wait_seconds=WAIT_SECONDS), at_work(layout):
        if root not in {record.snapshot.root_sha256 for record in sites.history(layout, site_key)} or not Path(layout.tree(root)).is_dir():
            raise Invalid("snapshots.unknown_root", site_key=site_key, root=root)
        others = [one for one in pinned(layout, site_key) if one.root_sha256 != root]
        _write(layout, site_key, [*others, Pin(root, reason, at)])


@told()
def unpin(layout: Layout, site_key: str, root: str) -> bool:
    """Let a snapshot go like any other; False when it was not pinned."""
    with sites.lock(layout, site_key, wait_seconds=WAIT_SECONDS):
        before = pinned(layout, site_key)
        left = [one for one in before if one.root_sha256 != root]
        if len(left) != len(before):
            _write(layout, site_key, left)
        return len(left) != len(before)


def _file(layout: Layout, site_key: str) -> Path:
    return Path(layout.site(site_key), "pins")


def _write(layout: Layout, site_key: str, some: list[Pin]) -> None:
    place = _file(layout, site_key)
    fresh = place.with_suffix(".new")
    with fresh.open("wb") as file:
        file.writelines(canonical({"root": one.root_sha256, "reason": one.reason, "at": written(one.at)}) + b"\n" for one in some)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)
    durability.names(place.parent)

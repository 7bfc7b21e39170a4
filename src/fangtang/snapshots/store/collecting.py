"""Giving up what nobody needs any more.

Kept is everything below a root that stands, that stood at any moment since `since`, or that is pinned, and whatever is younger than a day (a build
that is under way stores files before any root names them). What a reader may still fetch is kept therefore: `since` is at least a day ago.

Collecting goes on beside publishing. What to keep is marked first, which may take long. Things are then given up in small batches; for each, writers
are kept away for an instant, and what they brought into use meanwhile is marked before anything is taken. A tree goes first under another name, so none
is ever seen half; its manifest follows, its files last. A collector that dies leaves things that the next one gives up.

Roots go before all other trees: as long as a root is there, so is everything below it, and a site may go back to it.
"""

# Plain system calls below, not Path: a store has millions of files.
# ruff: noqa: PTH104, PTH108, PTH112, PTH116, PTH208
from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, pairwise

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import pins, sites
from fangtang.snapshots.store.files import open_folder
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Kind
from fangtang.snapshots.store.trouble import told

LEAST = timedelta(days=1)
"""Nothing younger is given up, and whatever stood within it is kept: pages in readers' browsers refer to stylesheets of that time."""
AT_ONCE = 200
WAIT_SECONDS = 60.0
KINDS = ("trees", "manifests", "variants", "objects")
"""In the order in which they are given up."""

State = tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class Collected:
    """How many directories and files of sites were given up, and the bytes that this freed. Files go a day after the directories that held them."""

    trees: int = 0
    objects: int = 0
    bytes: int = 0

    def count(self, kind: str, size: int) -> None:
        if kind == "trees":
            self.trees += 1
        else:
            self.objects += 1
            self.bytes += size


@told()
def collect(layout: Layout, *, since: datetime, now: datetime) -> Collected:
    """Give up what is needed by no snapshot that stood since `since`. Raises ValueError for less than a day, Unavailable snapshots.store_busy when
    writers leave no gap for a minute, snapshots.store_unwritable; what was given up by then stays so. Nothing is given up while it cannot be told what
    is needed: Unavailable snapshots.papers_damaged, snapshots.blob_changed."""
    if now - since < LEAST:
        raise ValueError(since)
    kept, done = _Kept(layout, since, now - LEAST), Collected()
    kept.mark()
    for kind in KINDS:
        first = kept.former_roots() if kind == "trees" else ()
        candidates = (one for one in chain(first, _stored(layout, kind)) if one[1][:64] not in kept.of(kind) and not kept.is_young(one[0]))
        while batch := list(islice(candidates, AT_ONCE)):
            with _alone(layout):
                kept.mark()
                for place, name in batch:
                    if name[:64] not in kept.of(kind):
                        _give_up(layout, kind, place, name, done)
            faults.point("store.batch_collected")
    return done


@told()
def collectable(layout: Layout, *, since: datetime, now: datetime) -> Collected:
    """What `collect` would give up now, by today's looks. Raises the same, but snapshots.store_busy."""
    if now - since < LEAST:
        raise ValueError(since)
    kept, found = _Kept(layout, since, now - LEAST), Collected()
    kept.mark()
    for kind in ("trees", "objects"):
        for place, name in _stored(layout, kind):
            if name[:64] not in kept.of(kind) and not kept.is_young(place):
                found.count(kind, os.lstat(place).st_size)
    return found


class _Kept:
    """Digests of what is kept; a root is walked once."""

    def __init__(self, layout: Layout, since: datetime, young: datetime) -> None:
        self._layout = layout
        self._since = since
        self._young = young.timestamp()
        self._trees: set[str] = set()
        self._objects: set[str] = set()
        self._former: set[str] = set()
        self._seen: dict[str, State] = {}
        self._serials: dict[str, int] = {}

    def of(self, kind: str) -> set[str]:
        return self._objects if kind in {"objects", "variants"} else self._trees

    def mark(self) -> None:
        """Mark what is in use now. Called again, it looks only at sites that were written meanwhile."""
        for site_key in self._layout.site_keys():
            state = _state(self._layout.site(site_key))
            if self._seen.get(site_key) != state:
                for root in self._roots(site_key):
                    self._walk(root)
                self._seen[site_key] = state

    def former_roots(self) -> list[tuple[str, str]]:
        """(place, name) of the roots that nobody needs. A young one is kept with all that is below it: it is not given up, so nothing of it may be."""
        for root in self._former - self._trees:
            if self.is_young(self._layout.tree(root)):
                self._walk(root)
        return [(self._layout.tree(root), root) for root in sorted(self._former - self._trees)]

    def is_young(self, place: str) -> bool:
        """False for what is not there: another collector was quicker."""
        try:
            return os.lstat(place).st_ctime >= self._young
        except FileNotFoundError:
            return False

    def _roots(self, site_key: str) -> Iterator[str]:
        """A snapshot stood until the next one came. One that came and went since the first look counts too, whatever the clock said."""
        snapshots = [record.snapshot for record in sites.history(self._layout, site_key)]
        self._former.update(one.root_sha256 for one in snapshots)
        first_look = self._serials.setdefault(site_key, snapshots[-1].serial if snapshots else 0)
        yield from (one.root_sha256 for one, after in pairwise(snapshots) if after.at >= self._since or one.serial >= first_look)
        yield from (one.root_sha256 for one in snapshots[-1:])
        yield from (one.root_sha256 for one in pins.pinned(self._layout, site_key))
        standing, current = sites.standing(self._layout, site_key), self._layout.current(site_key)
        yield from (root for root in (standing.snapshot.root_sha256 if standing else None, current) if root)

    def _walk(self, root: str) -> None:
        waiting = [root]
        while waiting:
            digest = waiting.pop()
            if digest in self._trees:
                continue
            self._trees.add(digest)
            try:
                entries = self._layout.read_entries(digest)
            except FileNotFoundError:  # damaged, or given up by hand: the rest is kept all the same
                continue
            for entry in entries.values():
                if entry.kind is Kind.TREE:
                    waiting.append(entry.sha256)
                else:
                    self._objects.add(entry.sha256)


def _state(folder: str) -> State:
    """Changes with each switch of the site and each pin."""
    found = []
    for name in ("history", "pins"):
        try:
            status = os.stat(f"{folder}/{name}")
        except FileNotFoundError:
            found.append((0, 0, 0))
        else:
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def _stored(layout: Layout, kind: str) -> Iterator[tuple[str, str]]:
    """(place, name) of everything of a kind. Names begin with the digest. What somebody else has put between the folders is passed over."""
    top = f"{layout.folder}/{kind}"
    for fan in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        if not os.path.isdir(f"{top}/{fan}"):
            continue
        with os.scandir(f"{top}/{fan}") as listing:
            found = [(one.path, one.name) for one in listing if one.is_dir(follow_symlinks=False) == (kind == "trees")]
        yield from found


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """No writer is at work inside."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    with open_folder(layout.tmp) as folder:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    raise Unavailable("snapshots.store_busy", permanent=False, site_key="*") from None
                time.sleep(0.01)
        yield


def _give_up(layout: Layout, kind: str, place: str, name: str, done: Collected) -> None:
    try:
        if kind == "trees":
            aside = f"{layout.tmp}/{name}.{os.getpid()}"
            os.rename(place, aside)
            shutil.rmtree(aside)
            done.trees += 1
        else:
            status = os.lstat(place)
            os.unlink(place)
            if kind == "objects":
                done.objects += 1
                done.bytes += status.st_size if status.st_nlink == 1 else 0
    except FileNotFoundError:  # another collector was quicker
        return

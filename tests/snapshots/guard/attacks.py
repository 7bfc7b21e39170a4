"""What attackers do to a store, one function each, for tests and for `bench/guard.py`.

An attack takes a `Scene` and gives back how to tell that everything it touched is right again. None needs the guard to be stopped, except those that
say so. All are run with every right that the store's owner has.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

from fangtang.snapshots.store import Layout, records, swapping, trust
from fangtang.snapshots.store.base import Snapshot
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.records import Record

EVIL = b"<h1>Owned</h1>"
IsRight = Callable[[], bool]


@dataclass
class Scene:
    """A store and who watches it. `before` is a copy of each site's folder as it was at an earlier release; `aside` a folder on the same disk."""

    store: Path
    aside: Path
    before: Path
    pages: list[tuple[str, str]]
    """(site key, path) of every page."""
    draw: random.Random = field(default_factory=lambda: random.Random(7))
    watcher: int = 0
    """Process id, for attacks on the watcher itself."""
    round: int = 0
    handles: list[tuple[str, str, int]] = field(default_factory=list)
    """Pages opened for writing before the guard began: site key, path, descriptor."""

    def __post_init__(self) -> None:
        self.layout = Layout(self.store)

    def page(self) -> Page:
        site_key, path = self.draw.choice(self.pages)
        return Page(self, site_key, path)

    def new_name(self) -> Path:
        return self.aside / f"{self.draw.getrandbits(64):x}"


@dataclass
class Page:
    scene: Scene
    site_key: str
    path: str

    def __post_init__(self) -> None:
        layout = self.scene.layout
        folder, _, self.name = self.path.rpartition("/")
        root = layout.current(self.site_key) or ""
        tree = layout.find(root, folder.split("/") if folder else [])
        assert tree
        self.digest = layout.entries(tree.sha256)[self.name].sha256
        self.file = Path(layout.tree(tree.sha256), self.name)
        self.served = Path(layout.site(self.site_key), "current", self.path)
        self.object = Path(layout.object(self.digest))

    def is_right(self) -> bool:
        """As readers meet it."""
        return is_file(self.served, self.digest)

    def on_the_way(self) -> Iterator[Path]:
        """Everything by which readers come to it: `current`, each directory and each link to one, the file."""
        place = self.served.parents[self.path.count("/")]
        for name in ("", *self.path.split("/")):
            place = place / name
            yield place
            if place.is_symlink():
                place = Path(os.path.normpath(place.parent / place.readlink()))
                yield place


def is_file(place: Path, digest: str) -> bool:
    try:
        seen = place.lstat()
        return stat.S_ISREG(seen.st_mode) and stat.S_IMODE(seen.st_mode) == 0o444 and sha256(place.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def edit(scene: Scene) -> IsRight:
    page = scene.page()
    with page.file.open("r+b") as file:
        file.write(EVIL)
    return page.is_right


def append(scene: Scene) -> IsRight:
    page = scene.page()
    with page.file.open("ab") as file:
        file.write(EVIL)
    return page.is_right


def truncate(scene: Scene) -> IsRight:
    page = scene.page()
    os.truncate(page.file, page.file.stat().st_size // 2)
    return page.is_right


def delete(scene: Scene) -> IsRight:
    page = scene.page()
    page.file.unlink()
    return page.is_right


def add_file(scene: Scene) -> IsRight:
    added = scene.page().file.with_name("shell.php")
    added.write_bytes(EVIL)
    return lambda: not os.path.lexists(added)


def rename(scene: Scene) -> IsRight:
    page = scene.page()
    moved = page.file.with_name("moved.html")
    page.file.rename(moved)
    return lambda: page.is_right() and not os.path.lexists(moved)


def swap_two_files(scene: Scene) -> IsRight:
    while True:
        one, other = scene.page(), scene.page()
        if one.digest != other.digest:
            break
    between = scene.new_name()
    one.file.rename(between)
    other.file.rename(one.file)
    between.rename(other.file)
    return lambda: one.is_right() and other.is_right()


def change_permissions(scene: Scene) -> IsRight:
    page = scene.page()
    if scene.round % 3 == 2:
        page.file.parent.chmod(0o777)
        return lambda: stat.S_IMODE(page.file.parent.stat().st_mode) == 0o755
    page.file.chmod((0o666, 0o000)[scene.round % 3])
    return page.is_right


def link_elsewhere(scene: Scene) -> IsRight:
    page, fresh = scene.page(), scene.new_name()
    fresh.symlink_to("/etc/passwd")
    fresh.rename(page.file)
    return page.is_right


def edit_and_keep_the_time(scene: Scene) -> IsRight:
    page = scene.page()
    seen = page.file.stat()
    with page.file.open("r+b") as file:
        file.write(EVIL[: seen.st_size])
    os.utime(page.file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    return page.is_right


def write_through_a_handle(scene: Scene) -> IsRight:
    """Opened before the guard began, while there are such; else just before."""
    if scene.handles:
        site_key, path, handle = scene.handles.pop()
        page = Page(scene, site_key, path)
    else:
        page = scene.page()
        handle = os.open(page.file, os.O_WRONLY)
    os.pwrite(handle, EVIL, 0)
    os.close(handle)
    return page.is_right


def go_back_to_an_old_snapshot(scene: Scene) -> IsRight:
    """`current` alone, with the record of then, or the whole folder of the site as it was."""
    key = scene.draw.choice(scene.pages)[0]
    folder, old = Path(scene.layout.site(key)), scene.before / key
    root, document = scene.layout.current(key), scene.layout.record(key)
    fresh = scene.new_name()
    if scene.round % 3 < 2:
        fresh.symlink_to((old / "current").readlink())
        if scene.round % 3 == 1:
            record = scene.new_name()
            shutil.copy2(old / "record.json", record)
            record.rename(folder / "record.json")
        fresh.rename(folder / "current")
    else:
        shutil.copytree(old, fresh, symlinks=True)
        swapping.put(str(fresh), str(folder))
    return lambda: scene.layout.current(key) == root and scene.layout.record(key) == document


def sign_with_another_key(scene: Scene) -> IsRight:
    """A record of a stranger with a higher serial, the list of a served directory, or a trust that names the stranger."""
    key = scene.draw.choice(scene.pages)[0]
    stranger, now, year = PrivateKey.generate(), datetime.now(UTC), timedelta(days=365)
    standing = records.believed(scene.layout.record(key) or b"").snapshot
    if scene.round % 3 == 1:
        place = Path(scene.layout.manifest(standing.root_sha256))
        content = place.read_bytes()
    elif scene.round % 3 == 2:
        newest = max((Path(scene.layout.trust)).glob("*.json"), key=lambda file: int(file.stem))
        place = newest.with_name(f"{int(newest.stem) + 1}.json")
        document = trust.issue(
            version=int(place.stem), created=now, expires=now + year, roots=[stranger.public], releases=[stranger.public], signers=[stranger]
        )
        place.write_bytes(document)
        return lambda: not place.exists()
    else:
        place = Path(scene.layout.site(key), "record.json")
        content = place.read_bytes()
    old = records.believed((scene.before / key / "record.json").read_bytes()).snapshot
    forged = Snapshot(key, old.root_sha256, standing.root_sha256, standing.serial + 1, now)
    fresh = scene.new_name()
    fresh.write_bytes(records.write(Record(forged, now, now + year), [stranger]))
    fresh.rename(place)
    root = standing.root_sha256
    return lambda: place.exists() and place.read_bytes() == content and scene.layout.current(key) == root


def attack_objects_too(scene: Scene) -> IsRight:
    """The served file and, as another file, the object behind it; or the link to a directory; or a directory as a whole."""
    page = scene.page()
    if scene.round % 3 == 1:
        tree = Path(scene.layout.tree(scene.layout.current(page.site_key) or ""))
        link, fresh = tree / page.path.partition("/")[0], scene.new_name()
        there = link.readlink()
        fresh.symlink_to("/etc")
        fresh.rename(link)
        return lambda: link.is_symlink() and link.readlink() == there
    if scene.round % 3 == 2:
        foreign = scene.new_name()
        foreign.mkdir()
        (foreign / page.name).write_bytes(EVIL)
        swapping.put(str(foreign), str(page.file.parent))
        return page.is_right
    for place in (page.object, page.file):
        fresh = scene.new_name()
        fresh.write_bytes(EVIL)
        fresh.rename(place)
    return lambda: page.is_right() and is_file(page.object, page.digest)


def kill_the_watcher(scene: Scene) -> IsRight:
    """Then edit. Its parent starts it anew."""
    os.kill(scene.watcher, signal.SIGKILL)
    return edit(scene)


def overflow_the_queue(scene: Scene) -> IsRight:
    """While the watcher is stopped; the edit comes when the kernel keeps no more events. The noise is in the page's own directory and leaves everything as
    it is; or it is in every directory of all sites, until all queues are full; or in the folder of a site, where others than the guard write too."""
    page = scene.page()
    os.kill(scene.watcher, signal.SIGSTOP)
    try:
        for place, seen in _noise(scene, page):
            os.utime(place, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        with page.file.open("r+b") as file:
            file.write(EVIL)
    finally:
        os.kill(scene.watcher, signal.SIGCONT)
    return page.is_right


def _noise(scene: Scene, page: Page) -> Iterator[tuple[str, os.stat_result]]:
    """One event each, none like the one before, or the kernel would make them one."""
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) + 10
    if scene.round % 3 == 2:
        folder = scene.layout.site(page.site_key)
        places = [f"{folder}/{name}" for name in ("lock", "history")]
    elif scene.round % 3 == 1:
        folders = {Page(scene, *one).file.parent for one in scene.draw.sample(scene.pages, min(len(scene.pages), 2000))}
        places = [os.fspath(file) for folder in folders for file in sorted(folder.iterdir())[:4] if not file.is_symlink()]
        most *= 20
    else:
        places = [os.fspath(file) for file in sorted(page.file.parent.iterdir())[:3] if not file.is_symlink()]
    seen = [(place, Path(place).stat()) for place in places]
    return islice(cycle(seen), most)


COARSE_CLOCK = 5
"""CLOCK_REALTIME_COARSE, by which the kernel writes change times."""


@dataclass
class Sweep:
    """Whether very many pages are right, one after another.

    Looking at so many takes longer than moving readers off them. But a page that is right now has been so since the greatest change time (ctime, which
    nobody can set) of all that leads to it, or longer; and certainly since it was looked at."""

    pages: list[Page]
    is_so: Callable[[Page], bool]
    places: Callable[[list[Page]], Iterable[Path]]
    right_ns: int | None = None
    """Since when all are right, at the latest, by the clock of change times; None until that was seen."""
    _done: int = 0

    def __call__(self) -> bool:
        while self._done < len(self.pages) and self.is_so(self.pages[self._done]):
            self._done += 1
        if self._done == len(self.pages) and self.right_ns is None:
            self.right_ns = min(now_ns(), max(place.lstat().st_ctime_ns for place in self.places(self.pages)))
        return self.right_ns is not None

    def since_ns(self, moment_ns: int) -> int:
        """From then on."""
        return max(0, (self.right_ns or 0) - moment_ns)


def now_ns() -> int:
    """By the clock from which the kernel takes change times."""
    return time.clock_gettime_ns(COARSE_CLOCK)


def for_readers(pages: list[Page]) -> Iterator[Path]:
    folders = {(page.site_key, page.path.rpartition("/")[0]): page for page in pages}
    for page in folders.values():
        yield from page.on_the_way()
    for page in pages:
        yield page.served


def in_store(pages: list[Page]) -> Iterator[Path]:
    yield from {page.file.parent for page in pages}
    for page in pages:
        yield page.file


class ManyRight:
    """For readers, which is what counts, and in the store itself."""

    def __init__(self, pages: list[Page], began_ns: int) -> None:
        self.pages, self.began_ns, self.ended_ns = pages, began_ns, now_ns()
        self.for_readers = Sweep(pages, Page.is_right, for_readers)
        self.in_store = Sweep(pages, lambda page: is_file(page.file, page.digest), in_store)

    def __call__(self) -> bool:
        return self.for_readers()

    def since_ns(self) -> int:
        """From the end of the attack until readers met the right bytes everywhere."""
        return self.for_readers.since_ns(self.ended_ns)


def change_very_many(scene: Scene, *, many: int = 10_000) -> ManyRight:
    pages = [Page(scene, *one) for one in scene.draw.sample(scene.pages, many)]
    began_ns = now_ns()
    for page in pages:
        descriptor = os.open(page.file, os.O_WRONLY)
        os.pwrite(descriptor, EVIL, 0)
        os.close(descriptor)
    return ManyRight(pages, began_ns)


KINDS: dict[str, Callable[[Scene], IsRight]] = {
    "edit": edit,
    "append": append,
    "truncate": truncate,
    "delete": delete,
    "added file": add_file,
    "rename": rename,
    "swap of two files": swap_two_files,
    "permissions": change_permissions,
    "link elsewhere": link_elsewhere,
    "edit, time kept": edit_and_keep_the_time,
    "open handle": write_through_a_handle,
    "old snapshot": go_back_to_an_old_snapshot,
    "another key": sign_with_another_key,
    "objects too": attack_objects_too,
    "watcher killed": kill_the_watcher,
    "queue overflowed": overflow_the_queue,
    "10,000 changes": change_very_many,
}

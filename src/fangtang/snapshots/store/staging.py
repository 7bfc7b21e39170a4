"""One writer's unfinished work: files and directories are made under `tmp/` and get their final names only when they are whole and durable.

Names come after bytes: `install` is called after the barrier, and only renames. So a file under `objects/`, `manifests/` or `trees/` is complete
even after a power cut, and the next writer may trust its name without reading it.
"""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH101, PTH102, PTH110, PTH114, PTH115, PTH116, PTH123, PTH202, PTH208
from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import swapping
from fangtang.snapshots.store.base import Blob, Content
from fangtang.snapshots.store.files import BLOCK_BYTES, OPEN, PUBLIC, READ_ONLY, THERE_ALREADY, holds, link, open_folder, rename, settle
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.manifests import Entries, Entry, Kind, encode
from fangtang.snapshots.store.trouble import told


@contextmanager
def staging(layout: Layout, *, is_doubting: bool = False) -> Iterator[Staging]:
    """A folder of its own under `tmp/`, gone at the end; what cannot be cleared now is left to `sweep`. `is_doubting`: what the store has already is
    looked at before it is relied on, and made anew where it is not what its name says. Raises Unavailable snapshots.store_full,
    snapshots.store_unwritable."""
    with told(), at_work(layout):
        folder = tempfile.mkdtemp(dir=Path(layout.tmp).absolute())
        try:
            with open_folder(os.fspath(layout.folder)) as store:
                yield Staging(layout, folder, store, is_doubting=is_doubting)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def staging_beside(layout: Layout, folder: str) -> Iterator[Staging]:
    """In a folder of another process that is staging, which adopts what is made here, and clears it away. Raises as `staging`."""
    with told(), open_folder(os.fspath(layout.folder)) as store:
        yield Staging(layout, folder, store, is_doubting=False)


@contextmanager
def at_work(layout: Layout) -> Iterator[None]:
    """While this lasts, nothing is collected or swept. Any number may be at work."""
    with open_folder(layout.tmp) as tmp:
        fcntl.flock(tmp, fcntl.LOCK_SH)
        yield


def sweep(layout: Layout) -> None:
    """Clear what dead writers left in `tmp/`. Does nothing while any writer is at work, nor on a disk that refuses: the next start will."""
    with open_folder(layout.tmp) as tmp:
        try:
            fcntl.flock(tmp, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for name in os.listdir(tmp):
            shutil.rmtree(f"{layout.tmp}/{name}", ignore_errors=True)


@dataclass(slots=True)
class Names:
    """Where what is staged lies, by digest."""

    objects: dict[str, str] = field(default_factory=dict)
    manifests: dict[str, str] = field(default_factory=dict)
    trees: dict[str, str] = field(default_factory=dict)


class Staging:
    """Objects, manifests and trees on their way in."""

    def __init__(self, layout: Layout, folder: str, store: int, *, is_doubting: bool) -> None:
        self._layout = layout
        self._folder = folder
        self._store = store
        """Descriptor of the layout's folder."""
        self._is_doubting = is_doubting
        self._sound: set[str] = set()
        self.names = Names()
        self.records: dict[str, str] = {}
        """The staged record of each site, by key: where it lies."""
        self._written = 0

    @property
    def is_empty(self) -> bool:
        """Whether the store had everything already."""
        return not (self.names.objects or self.names.trees or self.records)

    def folder_beside(self) -> str:
        """A new folder in ours, for a process that makes some of it (`staging_beside`)."""
        folder = self._name()
        os.mkdir(folder)
        return folder

    def adopt(self, names: Names) -> None:
        """Take over what another process made in `folder_beside`. What both have made is the same."""
        self.names.objects |= names.objects
        self.names.manifests |= names.manifests
        self.names.trees |= names.trees

    def has_tree(self, digest: str) -> bool:
        """Whether it is staged or stored."""
        return digest in self.names.trees or os.path.exists(self._layout.tree(digest))

    def put(self, content: Content, entry: Entry | None = None) -> Entry:
        """Stage a file's bytes, unless the store has them. `entry` is what `entry_of` said, when it was asked before.

        Raises Unavailable snapshots.blob_changed for a blob that is not what it says."""
        entry = entry or entry_of(content)
        digest = entry.sha256
        if digest not in self.names.objects and not self._has_object(digest):
            self.names.objects[digest] = self._write(content, digest) if isinstance(content, bytes) else self._copy(content)
        return entry

    def put_tree(self, digest: str, entries: Entries, *, base: str | None = None) -> None:
        """Stage a directory and its manifest, unless the store has it. Its files must be staged or stored. `base` is a stored directory that holds
        most of the same: its links to other directories are linked again, because making a new one costs ten times as much."""
        if digest in self.names.trees or self._has_tree(digest, entries):
            return
        self.names.manifests[digest] = self._write(encode(entries), digest)
        folder = self._name()
        os.mkdir(folder)
        os.chmod(folder, OPEN)
        before = self._layout.entries(base) if base else {}
        with open_folder(folder) as inside:
            for name, entry in entries.items():
                if entry.kind is Kind.FILE:
                    self._link_object(entry.sha256, name, inside)
                elif base is None or before.get(name) != entry or not link(f"trees/{fanned(base)}/{name}", name, store=self._store, folder=inside):
                    os.symlink(f"../../{fanned(entry.sha256)}", name, dir_fd=inside)
        self.names.trees[digest] = folder
        faults.point("store.tree_staged")

    def put_record(self, site_key: str, document: bytes) -> None:
        """Stage the record of a site's next switch, which `sites.switch` puts in place."""
        name = self._name()
        with open(name, "xb") as file:
            file.write(document)
        os.chmod(name, PUBLIC)
        self.records[site_key] = name

    def install(self) -> None:
        """Give everything its final name. Trees come last, because a tree's presence says that all of it is there."""
        for digest, staged in self.names.objects.items():
            rename(staged, self._layout.object(digest))
        faults.point("store.objects_installed")
        for digest, staged in self.names.manifests.items():
            rename(staged, self._layout.manifest(digest))
        faults.point("store.manifests_installed")
        for digest, staged in self.names.trees.items():
            self._rename_tree(staged, self._layout.tree(digest))
            faults.point("store.tree_installed")

    def _rename_tree(self, staged: str, name: str) -> None:
        """Also fine when another writer has put the same tree there meanwhile: ours goes with the staging folder. One that is not what its name says
        makes room."""
        try:
            rename(staged, name)
        except OSError as error:
            if error.errno not in THERE_ALREADY | {errno.ENOTDIR}:
                raise
            if self._is_doubting:
                swapping.put(staged, name)  # readers meet the old or the new; what was there goes with the staging folder

    def _has_object(self, digest: str) -> bool:
        place = self._layout.object(digest)
        if not self._is_doubting or digest in self._sound:
            return _in_use(place)
        if holds(place, digest):
            self._sound.add(digest)
        return digest in self._sound

    def _has_tree(self, digest: str, entries: Entries) -> bool:
        place = self._layout.tree(digest)
        return os.path.exists(place) and (not self._is_doubting or self._is_sound_tree(digest, entries))

    def _is_sound_tree(self, digest: str, entries: Entries) -> bool:
        """Whether a directory and its manifest are what the entries say. Its files were looked at as objects, so the same file is enough."""
        place = self._layout.tree(digest)
        if not holds(self._layout.manifest(digest), digest) or set(os.listdir(place)) != set(entries):
            return False
        for name, entry in entries.items():
            if entry.kind is Kind.TREE:
                is_sound = os.path.islink(f"{place}/{name}") and os.readlink(f"{place}/{name}") == f"../../{fanned(entry.sha256)}"
            else:
                is_sound = not os.path.islink(f"{place}/{name}") and holds(f"{place}/{name}", entry.sha256)
            if not is_sound:
                return False
        return True

    def _name(self) -> str:
        self._written += 1
        return f"{self._folder}/{self._written}"

    def _write(self, content: bytes, digest: str) -> str:
        """A read-only file. Its modification time comes from the digest: nginx makes the ETag of time and size, in whole seconds, and two
        pages of one size written in one second must not share it. The same bytes then also have the same ETag on every server."""
        name = self._name()
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, READ_ONLY)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            settle(file, digest)
        finally:
            os.close(file)
        faults.point("store.file_staged")
        return name

    def _copy(self, blob: Blob) -> str:
        """The same from a file, block by block."""
        name, found = self._name(), hashlib.sha256()
        with open(blob.place, "rb") as source, open(name, "xb") as file:
            while block := source.read(BLOCK_BYTES):
                found.update(block)
                file.write(block)
            file.flush()
            settle(file.fileno(), blob.sha256)
        if found.hexdigest() != blob.sha256:
            raise Unavailable("snapshots.blob_changed", permanent=True, sha256=blob.sha256)
        return name

    def _link_object(self, digest: str, name: str, folder: int) -> None:
        """A file system allows only so many links to one file (65,000 on ext4). Then a fresh copy takes its place and its name."""
        source = self.names.objects.get(digest) or f"objects/{fanned(digest)}"
        if not link(source, name, store=self._store, folder=folder):
            full = self.names.objects.get(digest) or self._layout.object(digest)
            self.names.objects[digest] = self._copy(Blob(full, digest, os.path.getsize(full)))
            link(self.names.objects[digest], name, store=self._store, folder=folder)


def entry_of(content: Content) -> Entry:
    """What a manifest says of a file with this content."""
    if isinstance(content, bytes):
        return Entry(Kind.FILE, sha256(content), len(content))
    return Entry(Kind.FILE, content.sha256, content.size)


def _in_use(place: str) -> bool:
    """Whether the object is there. One that no directory holds is made young again: a build keeps files hours before its directories, and the
    collector takes only what is old."""
    try:
        found = os.stat(place)
    except FileNotFoundError:
        return False
    if found.st_nlink == 1:
        os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))
    return True

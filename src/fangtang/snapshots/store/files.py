"""The files and folders of a store as such: their modes and times, whether one holds what its name says, and how it gets that name."""

# Plain system calls below, not Path: thousands run in one release, and a Path costs more than the call.
# ruff: noqa: PTH101, PTH102, PTH103, PTH104, PTH116, PTH120, PTH123, PTH208
from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

READ_ONLY = 0o444
OPEN = 0o755
"""Of folders: the web server's user reads there."""
PUBLIC = 0o644
BLOCK_BYTES = 1024 * 1024
THERE_ALREADY = frozenset({errno.ENOTEMPTY, errno.EEXIST})
"""What renaming a folder says when another writer has put one there."""


def make_folder(path: str) -> None:
    """A folder that the web server's user may read, whatever our umask is; fine when it exists. A closed one of ours without anything in it was left by
    a process that died just here."""
    try:
        found = os.stat(path)
        is_made = found.st_mode & OPEN == OPEN or found.st_uid != os.geteuid() or bool(os.listdir(path))
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)
        is_made = False
    if not is_made:
        os.chmod(path, OPEN)


@contextmanager
def open_folder(path: str) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def settle(descriptor: int, digest: str) -> None:
    """Give a file the mode and the time of what never changes again."""
    os.fchmod(descriptor, READ_ONLY)
    os.utime(descriptor, (modified_at(digest),) * 2)


def modified_at(digest: str) -> int:
    """The modification time of a file with these bytes, in whole seconds since 1970."""
    return int(digest[:8], 16) >> 2


def link(source: str, name: str, *, store: int | None = None, folder: int | None = None) -> bool:
    """Whether `source` could have one more link. It is a path from the open folder `store`, or a whole one, and so is `name` in `folder`: where there are
    thousands, the kernel need not walk long paths."""
    try:
        os.link(source, name, src_dir_fd=store, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno != errno.EMLINK:
            raise
        return False
    return True


def rename(staged: str, name: str) -> None:
    """Into a folder that is made on the way: elsewhere, and named when it is open, for nobody would open it later."""
    try:
        os.rename(staged, name)
    except FileNotFoundError:
        os.mkdir(f"{staged}.folder")
        os.chmod(f"{staged}.folder", OPEN)
        try:
            os.rename(f"{staged}.folder", os.path.dirname(name))
        except OSError as error:
            if error.errno not in THERE_ALREADY:
                raise
        os.rename(staged, name)


def holds(place: str, digest: str) -> bool:
    """Whether these are the bytes of a plain file. False for a file that is not there."""
    try:
        with open(place, "rb") as file:
            is_plain = stat.S_ISREG(os.lstat(place).st_mode)
            return is_plain and hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False

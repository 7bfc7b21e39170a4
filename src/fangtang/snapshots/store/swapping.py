"""Changing places: renameat2(2) with RENAME_EXCHANGE. A reader meets the old or the new, never a gap, and what was there stays as evidence.

Renaming over a file would do for files, but ext4 then writes the new bytes out at once and frees the old ones: 150 µs instead of 15.

The guard may write where the store's owner may not. So folders are opened with openat2(2), which follows no symbolic link, and things in them are named
by descriptor: whoever puts a link in the place of a folder at the wrong moment does not send the guard elsewhere.
"""

# ruff: noqa: PTH104
from __future__ import annotations

import ctypes
import errno
import os
import struct
from itertools import islice

AT_FDCWD = -100
RENAME_EXCHANGE = 2
SYS_OPENAT2 = 437
RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH = 0x04, 0x08
_UNKNOWN = frozenset({errno.EINVAL, errno.ENOSYS})
"""What file systems without an exchange answer (NFS)."""

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_RENAME = _LIBC.renameat2
_RENAME.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]


def open_inside(store: int, folder: str) -> int:
    """A descriptor of a folder below an open one, for naming things in it (O_PATH). Raises OSError ELOOP when a link is on the way."""
    how = struct.pack("QQQ", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH)
    found = _LIBC.syscall(ctypes.c_long(SYS_OPENAT2), ctypes.c_int(store), os.fsencode(folder or "."), how, ctypes.c_size_t(len(how)))
    if found >= 0:
        return int(found)
    code = ctypes.get_errno()
    if code != errno.ENOSYS:
        raise OSError(code, os.strerror(code), folder)
    return os.open(folder or ".", os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=store)  # Linux before 5.6


OPEN_FOLDERS = "/proc/self/fd/"


def named(folder: int, name: str) -> str:
    """A path to a thing in an open folder, wherever that folder is now."""
    return f"{OPEN_FOLDERS}{folder}/{name}"


def clear(folder: int, most: int) -> bool:
    """Remove up to so many things in each folder at and below an open one; whether it was empty. Raises OSError, RecursionError."""
    with os.scandir(folder) as listing:
        present = list(islice(listing, most))
    for one in present:
        if not one.is_dir(follow_symlinks=False):
            os.unlink(one.name, dir_fd=folder)
            continue
        below = os.open(one.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        try:
            is_empty = clear(below, most)
        finally:
            os.close(below)
        if is_empty:
            os.rmdir(one.name, dir_fd=folder)
    return not present


def put(fresh: str, place: str) -> bool:
    """Let `fresh` lie at `place`; whether something was there, which lies at `fresh` now. Both in one file system. Raises OSError."""
    try:
        _exchange(fresh, place)
    except FileNotFoundError:
        os.rename(fresh, place)
        return False
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
        return _two_renames(fresh, place)
    return True


def _exchange(one: str, other: str) -> None:
    if _RENAME(*_at(one), *_at(other), RENAME_EXCHANGE) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), one, None, other)


def _at(place: str) -> tuple[int, bytes]:
    """The folder's descriptor and the name in it for a path of `named`, which takes the kernel half as long to look up."""
    folder, slash, name = place.removeprefix(OPEN_FOLDERS).partition("/")
    if slash and folder.isdecimal() and "/" not in name:
        return int(folder), os.fsencode(name)
    return AT_FDCWD, os.fsencode(place)


def _two_renames(fresh: str, place: str) -> bool:
    """With a gap of microseconds."""
    aside = f"{fresh}.aside"
    os.rename(place, aside)
    os.rename(fresh, place)
    os.rename(aside, fresh)
    return True

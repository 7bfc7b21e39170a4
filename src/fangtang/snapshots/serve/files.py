"""Reading a store for the public: no byte leaves that the manifest does not name.

Whoever may write below the store's folder could put other bytes there. What is read is compared with its digest; a page's second place is the object
that it is a link to (the same file, unless somebody put another into the tree). Where `current` leads out of the store, there is a third: the guard leads
readers to its own copies while it puts very many files right. Files too large to keep are checked once for each state of the file
on disk: device, inode, size and time of change, which the kernel sets at every write, and which no program can set back.
"""

# Plain system calls below, not Path: this is on the way of requests.
# ruff: noqa: PTH123, SIM115
from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from io import BufferedReader

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Entries, decode

BLOCK_BYTES = 256 * 1024
CHECKED_KEPT = 10_000

logger = logging.getLogger(__name__)

State = tuple[int, int, int, int]


class Foreign(Exception):
    """Neither in the tree nor among the objects are the bytes with this digest."""


class CheckedLayout(Layout):
    """A store whose directory lists are believed only when they have the digest that names them."""

    def read_entries(self, digest: str) -> Entries:
        return decode(_right(digest, [self.manifest(digest)]))


def read_object(layout: Layout, digest: str) -> bytes:
    """An object's bytes. Raises Foreign."""
    return _right(digest, [layout.object(digest)])


def read_file(layout: Layout, site_key: str, place: str, digest: str) -> bytes:
    """The bytes at `place` in a tree, else those of the object, else where the site's `current` leads. Raises Foreign."""
    return _right(digest, _places(layout, site_key, place, digest))


def _places(layout: Layout, site_key: str, place: str, digest: str) -> Iterator[str]:
    yield place
    yield layout.object(digest)
    try:
        link = os.readlink(f"{layout.site(site_key)}/current")  # noqa: PTH115
    except OSError:
        return
    if link.startswith("/"):  # …/ab/<root>, beside which the other directories lie
        yield "/".join((*link.split("/")[:-2], *place.split("/")[-3:]))


def _right(digest: str, places: Iterable[str]) -> bytes:
    for place in places:
        try:
            with open(place, "rb") as file:
                content = file.read()
        except OSError as error:
            _log(place, str(error))
            continue
        if sha256(content) == digest:
            return content
        _log(place, "other bytes")
    raise Foreign(digest)


class LargeFiles:
    """Opens files that are sent in blocks."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._checked: dict[State, str] = {}

    def open(self, site_key: str, place: str, digest: str) -> BufferedReader:
        """The file of `read_file`, open and found right in the state that it has now. Raises Foreign."""
        for one in _places(self._layout, site_key, place, digest):
            try:
                file = open(one, "rb")
            except OSError as error:
                _log(one, str(error))
                continue
            if self._is_right(file, digest):
                return file
            file.close()
            _log(one, "other bytes")
        raise Foreign(digest)

    def _is_right(self, file: BufferedReader, digest: str) -> bool:
        state = _state(file)
        if self._checked.get(state) == digest:
            return True
        if file_digest(file, "sha256").hexdigest() != digest or _state(file) != state:
            return False
        if len(self._checked) >= CHECKED_KEPT:
            self._checked.clear()
        self._checked[state] = digest
        return True


def _state(file: BufferedReader) -> State:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_ctime_ns


def blocks(file: BufferedReader, start: int, stop: int) -> Iterator[bytes]:
    """Bytes `start` up to and without `stop`; the file is closed at the end, or when the reader gives up."""
    with file:
        file.seek(start)
        left = stop - start
        while left and (block := file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block


def _log(place: str, reason: str) -> None:
    logger.error("not served: %s (%s)", place, reason)

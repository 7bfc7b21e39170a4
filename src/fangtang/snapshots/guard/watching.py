"""inotify on the folders that must not change, and which spots its events are about. The kernel tells of directories that are watched, by whatever name
a file in them is written; it does not tell of memory maps, nor of a hard link in a directory that is not watched. The pass behind it finds those."""

from __future__ import annotations

import errno
import os
import select
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from inotify_simple import INotify, flags  # type: ignore[import-untyped]

from fangtang.snapshots.guard import variants
from fangtang.snapshots.guard.spots import FANNED_FOLDERS, Spot, What

_MASK = int(
    flags.MODIFY
    | flags.ATTRIB
    | flags.MOVED_FROM
    | flags.MOVED_TO
    | flags.CREATE
    | flags.DELETE
    | flags.DELETE_SELF
    | flags.MOVE_SELF
    | flags.ONLYDIR
    | flags.DONT_FOLLOW
)
_GONE = int(flags.DELETE_SELF | flags.MOVE_SELF | flags.UNMOUNT | flags.IGNORED | flags.ATTRIB)
MODIFY = int(flags.MODIFY)
READ_BYTES = 1024 * 1024
_EVENT = struct.Struct("iIII")
_DIGITS = frozenset("0123456789abcdef")
_FANNED = {"objects": What.OBJECT, "manifests": What.MANIFEST, "trees": What.TREE}


_OVERFLOW = _EVENT.pack(-1, int(flags.Q_OVERFLOW), 0, 0)
QUEUES = 17
"""One for each first digit of a folder, so that who overflows a queue hides a sixteenth of the store and no more; the last for all other folders."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`spot` may have changed. `was_written`: into the file, by whatever name it was opened."""

    spot: Spot
    was_written: bool = False


@dataclass(frozen=True, slots=True)
class Overflow:
    """The kernel dropped events: anything in these folders may have changed."""

    spots: tuple[Spot, ...]


class Watches:
    """One watch for each folder. `is_exhausted` after the kernel refused one: then only passes see all."""

    def __init__(self) -> None:
        self._poller = select.epoll()
        self._queues = _queues()
        for queue in self._queues:
            self._poller.register(queue.fileno(), select.EPOLLIN)
        self._spots: dict[tuple[int, int], Spot] = {}
        """By descriptor of the queue and number of the watch."""
        self._numbers: dict[Spot, tuple[int, int]] = {}
        self.is_exhausted = False

    def __len__(self) -> int:
        return len(self._spots)

    def fileno(self) -> int:
        """Can be read when there is an event in any queue."""
        return self._poller.fileno()

    def close(self) -> None:
        self._poller.close()
        for queue in self._queues:
            queue.close()

    def add(self, place: str, spot: Spot) -> bool:
        """Watch the folder at `place` as that of `spot`; whether it takes the place of another one. A second call for the same folder changes nothing."""
        queue = self._queues[_digit(spot) % len(self._queues)]
        try:
            number = queue.fileno(), queue.add_watch(place, _MASK)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.ENOMEM}:
                self.is_exhausted = True
            return False  # a folder that is not there, or no folder: looking at it says so
        known = self._numbers.get(spot)
        if known == number:
            return False
        if known is not None:
            self._remove(known)
        other = self._spots.get(number)
        if other is not None:
            self._numbers.pop(other, None)
        self._spots[number], self._numbers[spot] = spot, number
        return known is not None

    def drop(self, spot: Spot) -> None:
        number = self._numbers.pop(spot, None)
        if number is not None:
            self._remove(number)

    def read(self) -> Iterator[Seen | Overflow]:
        """What happened since, each spot once; nothing when nothing did."""
        for queue, _ in self._poller.poll(0):
            events = _read(queue)
            if _OVERFLOW in events:
                yield Overflow(tuple(spot for (held, _), spot in self._spots.items() if held == queue))
            else:
                yield from self._seen(queue, events)

    def _seen(self, queue: int, events: bytes) -> Iterator[Seen]:
        found: dict[tuple[int, bytes], int] = {}
        for number, mask, name in _parsed(events):
            found[number, name] = found.get((number, name), 0) | mask
        for (number, name), mask in found.items():
            folder = self._spots.get((queue, number))
            spot = _about(folder, os.fsdecode(name), mask) if folder else None
            if spot:
                yield Seen(spot, bool(mask & MODIFY))

    def _remove(self, number: tuple[int, int]) -> None:
        self._spots.pop(number, None)
        try:
            next(queue for queue in self._queues if queue.fileno() == number[0]).rm_watch(number[1])
        except OSError as error:
            if error.errno != errno.EINVAL:  # the folder is gone, and its watch with it
                raise


def _queues() -> list[INotify]:
    """As many as the kernel gives this user, one at least. Raises OSError."""
    found = [INotify(nonblocking=True)]
    with suppress(OSError):
        while len(found) < QUEUES:
            found.append(INotify(nonblocking=True))
    return found


def _digit(spot: Spot) -> int:
    """The first of the folder's digest; 16 where there is none."""
    top, _, fan = spot.name.partition("/")
    digits = spot.digest if spot.what is What.TREE else fan if top in FANNED_FOLDERS else ""
    return int(digits[0], 16) if digits[:1] in _DIGITS else QUEUES - 1


def _read(queue: int) -> bytes:
    try:
        return os.read(queue, READ_BYTES)
    except BlockingIOError:
        return b""


def _parsed(events: bytes) -> Iterator[tuple[int, int, bytes]]:
    """struct inotify_event of inotify(7), without the cookie. The library makes an object of each, which costs as much as looking at the file."""
    at = 0
    while at < len(events):
        number, mask, _, length = _EVENT.unpack_from(events, at)
        at += _EVENT.size + length
        yield number, mask, events[at - length : at].rstrip(b"\0")


def _about(folder: Spot, name: str, mask: int) -> Spot | None:
    """The spot of a thing in a watched folder; of the folder itself without a name."""
    if not name:
        return folder if mask & _GONE else None
    if folder.what is What.TREE:
        return Spot(What.ENTRY, folder.digest, name)
    if folder.what is What.SITE:
        return folder
    return _in_store(folder.name, name)


def _in_store(folder: str, name: str) -> Spot | None:
    top, _, fan = folder.partition("/")
    if fan and top == "variants":
        return Spot(What.VARIANT, name[:64], name) if variants.is_name(name) else None
    if fan:
        return Spot(_FANNED[top], name)
    if top == "sites":
        return Spot(What.SITE, name=name)
    if top == "trust":
        return Spot(What.TRUST, name=name.removesuffix(".json")) if name.endswith(".json") else None
    if not top:
        return Spot(What.FOLDER, name=name) if name in {*FANNED_FOLDERS, "sites", "trust"} else None
    return Spot(What.FOLDER, name=f"{top}/{name}")

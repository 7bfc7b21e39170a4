"""inotify on the folders that must not change, and which spots its events are about. The kernel tells of directories that are watched, by whatever name
a file in them is written; it does not tell of memory maps, nor of a hard link in a directory that is not watched. The pass behind it finds those."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
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
MODIFY, Q_OVERFLOW = int(flags.MODIFY), int(flags.Q_OVERFLOW)
READ_BYTES = 1024 * 1024
_EVENT = struct.Struct("iIII")
_FANNED = {"objects": What.OBJECT, "manifests": What.MANIFEST, "trees": What.TREE}


@dataclass(frozen=True, slots=True)
class Seen:
    """`spot` may have changed; None after an overflow, when anything may have. `was_written`: into the file, by whatever name it was opened."""

    spot: Spot | None
    was_written: bool = False


class Watches:
    """One watch for each folder. `is_exhausted` after the kernel refused one: then only passes see all."""

    def __init__(self) -> None:
        self._inotify = INotify(nonblocking=True)
        self._spots: dict[int, Spot] = {}
        self._numbers: dict[Spot, int] = {}
        self.is_exhausted = False

    def __len__(self) -> int:
        return len(self._spots)

    def fileno(self) -> int:
        return int(self._inotify.fileno())

    def close(self) -> None:
        self._inotify.close()

    def add(self, place: str, spot: Spot) -> bool:
        """Watch the folder at `place` as that of `spot`; whether it takes the place of another one. A second call for the same folder changes nothing."""
        try:
            number = self._inotify.add_watch(place, _MASK)
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

    def read(self) -> Iterator[Seen]:
        """What happened since, each spot once; nothing when nothing did."""
        found: dict[tuple[int, bytes], int] = {}
        for number, mask, name in self._raw():
            found[number, name] = found.get((number, name), 0) | mask
        for (number, name), mask in found.items():
            if mask & Q_OVERFLOW:
                yield Seen(None)
            elif number in self._spots:
                spot = _about(self._spots[number], os.fsdecode(name), mask)
                if spot:
                    yield Seen(spot, bool(mask & MODIFY))

    def _raw(self) -> Iterator[tuple[int, int, bytes]]:
        """struct inotify_event of inotify(7), without the cookie. The library makes an object of each, which costs as much as looking at the file."""
        try:
            events = os.read(self.fileno(), READ_BYTES)
        except BlockingIOError:
            return
        at = 0
        while at < len(events):
            number, mask, _, length = _EVENT.unpack_from(events, at)
            at += _EVENT.size + length
            yield number, mask, events[at - length : at].rstrip(b"\0")

    def _remove(self, number: int) -> None:
        self._spots.pop(number, None)
        try:
            self._inotify.rm_watch(number)
        except OSError as error:
            if error.errno != errno.EINVAL:  # the folder is gone, and its watch with it
                raise


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

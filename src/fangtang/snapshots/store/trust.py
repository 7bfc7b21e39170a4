"""Whom to believe: a chain of signed documents that say which keys sign records, and which keys may change that.

Version 1 is handed to a reader over a channel of its own. Each later version is signed by the root keys of the one before it and by its own, so a
reader who has any version can walk to the newest; a key that a newer version does not name signs nothing any more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fangtang.snapshots.store import durability
from fangtang.snapshots.store.files import make_folder
from fangtang.snapshots.store.keys import PUBLIC_BYTES, PrivateKey, key_id, untrusted
from fangtang.snapshots.store.signing import moment, require, seal, unsealed, written

KIND = "trust 1"
_NAME = re.compile(r"[0-9]{1,9}\.json")


@dataclass(frozen=True, slots=True)
class Trust:
    """`keys` are public halves by id. `root_keys` change this document, `release_keys` sign records: so many of each must agree (threshold)."""

    version: int
    created: datetime
    expires: datetime
    keys: Mapping[str, bytes]
    root_keys: frozenset[str]
    release_keys: frozenset[str]
    root_threshold: int = 1
    release_threshold: int = 1

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires


def first(document: bytes) -> Trust:
    """Read a document that was handed over: it must be signed by its own root keys. Raises Invalid snapshots.untrusted."""
    trust = _read(document)
    require(KIND, document, trust.keys, trust.root_keys, threshold=trust.root_threshold)
    return trust


def successor(known: Trust, document: bytes) -> Trust:
    """The next version: signed by the root keys of `known` and by its own. Raises Invalid snapshots.untrusted (form, signature, version)."""
    trust = _read(document)
    require(KIND, document, known.keys, known.root_keys, threshold=known.root_threshold)
    require(KIND, document, trust.keys, trust.root_keys, threshold=trust.root_threshold)
    if trust.version != known.version + 1:
        raise untrusted("version", seen=trust.version, expected=known.version + 1)
    return trust


def issue(
    *,
    version: int,
    created: datetime,
    expires: datetime,
    roots: Iterable[bytes],
    releases: Iterable[bytes],
    signers: Collection[PrivateKey],
    root_threshold: int = 1,
) -> bytes:
    """Write a version. `roots` and `releases` are public halves; `signers` those root keys, old and new, that sign it."""
    root_keys, release_keys = ({key_id(public): public.hex() for public in some} for some in (roots, releases))
    signed = {
        "version": version,
        "created": written(created),
        "expires": written(expires),
        "root": {"keys": root_keys, "threshold": root_threshold},
        "release": {"keys": release_keys, "threshold": 1},
    }
    return seal(KIND, signed, signers)


def stored(folder: str | Path) -> Trust | None:
    """The newest version in a store's `trust` folder, walked to from the oldest there; None for none. Raises Invalid snapshots.untrusted."""
    found: Trust | None = None
    for document in chain(folder):
        found = successor(found, document) if found else first(document)
    return found


def chain(folder: str | Path) -> list[bytes]:
    """Every version in a folder, the oldest first."""
    try:
        names = [name for name in os.listdir(folder) if _NAME.fullmatch(name)]  # noqa: PTH208
    except FileNotFoundError:
        return []
    return [_content(Path(folder, name)) for name in sorted(names, key=lambda name: int(name[:-5]))]


def keep(folder: str | Path, document: bytes) -> None:
    """Write a version under its number, durably. Raises FileExistsError when that number is there with other bytes."""
    place = Path(folder, f"{_read(document).version}.json")
    if place.exists() and _content(place) == document:
        return
    make_folder(os.fspath(place.parent))
    fresh = place.with_suffix(".new")
    fresh.unlink(missing_ok=True)  # left by a writer that died after the link: the same file as the version
    with fresh.open("xb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o644)
    try:
        os.link(fresh, place)
    finally:
        fresh.unlink()
    durability.names(place.parent)


def _content(place: Path) -> bytes:
    """Empty, which no version is, for a folder of that name."""
    try:
        return place.read_bytes()
    except IsADirectoryError:
        return b""


def _read(document: bytes) -> Trust:
    signed = unsealed(document)
    try:
        roots, releases = (_keys(signed[role]) for role in ("root", "release"))
        trust = Trust(
            version=_count(signed["version"]),
            created=moment(signed["created"]),
            expires=moment(signed["expires"]),
            keys=roots | releases,
            root_keys=frozenset(roots),
            release_keys=frozenset(releases),
            root_threshold=_count(signed["root"]["threshold"]),
            release_threshold=_count(signed["release"]["threshold"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise untrusted("form") from None
    return trust


def _keys(role: Mapping[str, Any]) -> dict[str, bytes]:
    """Each id must be that of its key: one key under two names would count twice towards a threshold."""
    keys = {name: bytes.fromhex(public) for name, public in role["keys"].items()}
    if any(len(public) != PUBLIC_BYTES or key_id(public) != name for name, public in keys.items()):
        raise ValueError
    return keys


def _count(value: object) -> int:
    """A whole number from 1 on. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(value)
    return value

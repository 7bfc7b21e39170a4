"""A plain folder against a signed record: for players of screens and for sites that are served elsewhere. Needs no store, no database, no Django."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import records, trust
from fangtang.snapshots.store.base import Damage
from fangtang.snapshots.store.layout import fanned
from fangtang.snapshots.store.manifests import Entries, Entry, Kind, decode, encode
from fangtang.snapshots.store.records import Record
from fangtang.snapshots.store.trust import Trust

LOG = logging.getLogger("fangtang.guard")


class Unlisted(Exception):
    """A folder holds what no snapshot can: a symbolic link, a device, an empty folder, a name that is no UTF-8. The argument is its path."""


def verify(folder: Path, document: bytes, *, trust: Trust, site_key: str | None = None, now: datetime, manifests: Path | None = None) -> Damage | None:
    """Whether a folder holds exactly what the record says; None when it does. `site_key` defaults to the one in the record: give it where another site's
    folder must not pass. The damage's path is the first wrong one in the order of names with `manifests`, else "".

    Raises Invalid snapshots.untrusted: form, signature, site; expired when `now` is past the record's end."""
    record = records.read(document, trust=trust, site_key=site_key or records.believed(document).snapshot.site_key)
    if record.is_expired(now):
        raise Invalid("snapshots.untrusted", reason="expired", expired=record.expires.isoformat())
    try:
        found = tree(folder)
    except Unlisted as unlisted:
        return Damage(str(unlisted), "unexpected")
    return None if found.digest == record.snapshot.root_sha256 else found.first_damage(record.snapshot.root_sha256, manifests)


class Tree:
    """A folder as a manifest would list it; `below` are the folders in it, by name."""

    def __init__(self, entries: Entries, below: dict[str, Tree]) -> None:
        self.entries, self.below = entries, below
        self.digest = sha256(encode(entries))
        self.size = sum(entry.size for entry in entries.values())

    def first_damage(self, expected: str, manifests: Path | None, *, at: str = "") -> Damage:
        """Where this differs from the tree of that digest, as far as the manifests are at hand and right."""
        listed = _listed(expected, manifests) if manifests else None
        if listed is None:
            return Damage(at.rstrip("/"), "changed")
        for name in sorted(listed.keys() | self.entries.keys()):
            wanted, found = listed.get(name), self.entries.get(name)
            if wanted == found:
                continue
            if wanted is None or found is None:
                return Damage(f"{at}{name}", "missing" if found is None else "unexpected")
            if wanted.kind is found.kind is Kind.TREE:
                return self.below[name].first_damage(wanted.sha256, manifests, at=f"{at}{name}/")
            return Damage(f"{at}{name}", "changed")
        return Damage(at.rstrip("/"), "changed")


def tree(folder: Path, *, at: str = "") -> Tree:
    """Read a folder, all of it. Raises Unlisted, OSError."""
    entries: dict[str, Entry] = {}
    below: dict[str, Tree] = {}
    with os.scandir(folder) as listing:
        present = sorted(listing, key=lambda one: one.name)
    for one in present:
        path = f"{at}{one.name}"
        if not _is_text(one.name):
            raise Unlisted(ascii(path))
        if one.is_dir(follow_symlinks=False):
            below[one.name] = tree(Path(one.path), at=f"{path}/")
            entries[one.name] = Entry(Kind.TREE, below[one.name].digest, below[one.name].size)
        elif one.is_file(follow_symlinks=False):
            with Path(one.path).open("rb") as file:
                entries[one.name] = Entry(Kind.FILE, file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size)
        else:
            raise Unlisted(path)
    if at and not entries:
        raise Unlisted(at.rstrip("/"))
    return Tree(entries, below)


def main(folder: Path, *, record: Path, trust: Path, site_key: str | None, manifests: Path | None) -> int:
    """The program: 0 and one line, or 1 and what is wrong."""
    try:
        document = record.read_bytes()
        damage = verify(folder, document, trust=_trust(trust), site_key=site_key, now=datetime.now(UTC), manifests=manifests)
    except (OSError, Invalid) as error:
        reason = f"{error.code}: {error.data.get('reason')}" if isinstance(error, Invalid) else str(error)
        LOG.error("%s", reason)
        return 1
    if damage is None:
        LOG.info("%s", _sentence(records.believed(document)))
        return 0
    LOG.error("%s: %s", damage.path or folder, damage.reason)
    return 1


def _trust(place: Path) -> Trust:
    """The newest of a folder of versions, or the one in a file."""
    found = trust.stored(place) if place.is_dir() else trust.first(place.read_bytes())
    if found is None:
        raise FileNotFoundError(place)
    return found


def _sentence(record: Record) -> str:
    snapshot = record.snapshot
    return f"{snapshot.site_key}: serial {snapshot.serial}, {snapshot.root_sha256}, as signed; until {record.expires:%Y-%m-%d %H:%M} UTC"


def _listed(digest: str, manifests: Path) -> Entries | None:
    try:
        content = (manifests / fanned(digest)).read_bytes()
    except OSError:
        return None
    return decode(content) if sha256(content) == digest else None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\n" not in name and not any(ord(letter) < 32 or ord(letter) == 127 for letter in name)

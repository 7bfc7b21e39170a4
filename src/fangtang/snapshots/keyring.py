"""The keys of this instance and the trust that names them: made on the first signature, changed by `fangtang keys` (see `rotation`).

FANGTANG_KEYS/release.pem         signs records; only the processes that build read it
FANGTANG_KEYS/release.next.pem    its successor while the keys are rotated: both sign then
FANGTANG_KEYS/root.pem            signs the trust; belongs on a medium in a safe once the first trust is made
FANGTANG_KEYS/retired/            keys that were replaced
FANGTANG_KEYS/retired/trust*/     copies of a trust whose keys were all lost
FANGTANG_KEYS/trust/<n>.json      a copy of the trust, should the snapshots be lost
snapshots/trust/<n>.json          the trust, for every reader
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots.store import durability, records, trust
from fangtang.snapshots.store.keys import PrivateKey, Signer
from fangtang.snapshots.store.signing import signed_by
from fangtang.snapshots.store.trouble import damaged, told
from fangtang.snapshots.store.trust import Trust

TRUST_LASTS = timedelta(days=5 * 365)

Identity = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """Where the keys of one instance lie (`folder`), and the trust for every reader (`trusted`)."""

    folder: Path
    trusted: Path

    @property
    def release(self) -> Path:
        return self.folder / "release.pem"

    @property
    def next_release(self) -> Path:
        return self.folder / "release.next.pem"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def next_root(self) -> Path:
        return self.folder / "root.next.pem"

    @property
    def retired(self) -> Path:
        return self.folder / "retired"

    @property
    def copies(self) -> Path:
        return self.folder / "trust"

    def known(self) -> Trust | None:
        """The newest trust; None before the first signature. Raises Unavailable snapshots.papers_damaged."""
        return _stored(self.trusted)

    def keep(self, document: bytes) -> None:
        """Publish a version of the trust. The copy beside the keys comes first: it says what is meant."""
        trust.keep(self.copies, document)
        trust.keep(self.trusted, document)

    def level(self) -> None:
        """Publish what the copy has and readers do not see: the snapshots were lost, or somebody died in `keep`. Without any copy, make it. Raises
        Unavailable snapshots.trust_differs when the two contradict each other."""
        copied = trust.chain(self.copies)
        try:
            for document in copied or trust.chain(self.trusted):
                trust.keep(self.trusted if copied else self.copies, document)
        except FileExistsError as error:
            raise Unavailable("snapshots.trust_differs", permanent=True, folder=str(self.trusted), copies=str(self.copies)) from error

    def is_genuine(self) -> bool:
        """Whether readers see the trust that lies beside the keys; True where nobody can look there."""
        try:
            copied = trust.chain(self.copies)
        except PermissionError:
            return True
        return not copied or copied == trust.chain(self.trusted)

    def identity(self) -> Identity:
        """Changes whenever keys or trust do."""
        return tuple(_identity(place) for place in (self.release, self.next_release, self.copies, self.trusted))

    def ever(self) -> list[Trust]:
        """Every version of the trust by our own word, the newest first, then those of a trust in whose place it was begun. Nothing in the snapshots counts.
        Raises Unavailable snapshots.papers_damaged, snapshots.key_unreadable."""
        try:
            former = sorted(self.retired.glob("trust*"), reverse=True)
            return [version for folder in (self.copies, *former) for version in reversed(_walked(folder))]
        except OSError as error:
            raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(self.folder), reason=error.strerror or "") from error

    def meant(self) -> Trust | None:
        """The newest trust by our own word: whoever writes into the snapshots cannot keep us from signing."""
        return _stored(self.copies) or _stored(self.trusted)


class Signers(Collection[Signer]):
    """Those who sign a record now: the release key, and its successor while the keys are rotated. Asked anew for each commit, which costs four looks
    at the disk; so a worker that runs for months signs with the new key at once. The keys are made with the first trust when there is none."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._seen: Identity | None = None
        self._keys: tuple[PrivateKey, ...] = ()

    def __iter__(self) -> Iterator[Signer]:
        while (seen := self._ring.identity()) != self._seen:
            try:
                keys = _usable(self._ring)
            except Unavailable:
                if seen == self._ring.identity():
                    raise
                continue  # a rotation went on while we looked
            if seen == self._ring.identity():
                self._keys, self._seen = keys, seen
        return iter(self._keys)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, signer: object) -> bool:
        return signer in list(iter(self))


class Ours:
    """Whether a document is a record that was signed by us, today or under any trust that was ever ours. What lies beside the keys is read again only
    when no version that is known says yes: versions are added and never change."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._ever: list[Trust] = []

    def __call__(self, document: bytes) -> bool:
        """Raises Unavailable snapshots.papers_damaged, snapshots.key_unreadable where nobody can tell."""
        if any(records.is_signed(document, version) for version in self._ever):
            return True
        self._ever = self._ring.ever()
        if not self._ever:  # the copies were lost: what our own keys signed is ours still
            held = {key.key_id: key.public for place in (self._ring.release, self._ring.next_release) if (key := _loaded(place))}
            return bool(signed_by(records.KIND, document, held))
        return any(records.is_signed(document, version) for version in self._ever)


def _stored(folder: Path) -> Trust | None:
    found = _walked(folder)
    return found[-1] if found else None


def _walked(folder: Path) -> list[Trust]:
    """Every version of the trust in a folder, the oldest first, each signed as it must be by the one before it."""
    found: list[Trust] = []
    try:
        for document in trust.chain(folder):
            found.append(trust.successor(found[-1], document) if found else trust.first(document))
        return found
    except Invalid as error:
        raise damaged(folder, f"a version of the trust is not signed as it must be: {error.data['reason']}") from error


def ring() -> Ring:
    """Of this instance."""
    return Ring(Path(settings.KEYS), Path(settings.SNAPSHOT_ROOT) / "trust")


def signers() -> Collection[Signer]:
    """Who signs the records of this instance."""
    return Signers(ring())


def is_ours() -> Callable[[bytes], bool]:
    """Who tells the records of this instance from those of others."""
    return Ours(ring())


def known() -> Trust | None:
    """The newest trust; None before the first signature."""
    return ring().known()


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Be the only one who makes or changes keys here. Raises Unavailable snapshots.key_unreadable when the folder cannot be used,
    snapshots.store_full, snapshots.store_unwritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(folder), reason=error.strerror or "") from error
    with lock, told():
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made(file: Path) -> PrivateKey:
    """The key in `file`; a new one when there is none. It appears there whole, and durable before anybody is told of it."""
    if file.exists():
        return PrivateKey.load(file)
    key, fresh = PrivateKey.generate(), file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    key.save(fresh)
    fresh.rename(file)
    durability.names(file.parent)
    return key


def _usable(ring: Ring) -> tuple[PrivateKey, ...]:
    if not trust.chain(ring.trusted):
        with changing(ring.folder):
            ring.level()
            if not trust.chain(ring.trusted):
                _first(ring)
    known = ring.meant()
    keys = tuple(key for place in (ring.release, ring.next_release) if (key := _loaded(place)))
    if not keys:
        PrivateKey.load(ring.release)  # says why not
    if known is None or not any(key.key_id in known.release_keys for key in keys):
        raise Unavailable("snapshots.key_not_trusted", permanent=True, file=str(ring.release))
    return keys


def _loaded(place: Path) -> PrivateKey | None:
    """None for a key that is not there: it may just have taken the other's place."""
    return PrivateKey.load(place) if os.path.lexists(place) else None


def _first(ring: Ring) -> None:
    """The first keys and the first trust. What an earlier call left that died is used. Raises Unavailable snapshots.trust_lost when there was one."""
    from django.utils import timezone

    if ring.release.exists() and not ring.root.exists():
        raise Unavailable("snapshots.trust_lost", permanent=True, folder=str(ring.trusted), file=str(ring.root))
    root, release = made(ring.root), made(ring.release)
    now: datetime = timezone.now()
    ring.keep(trust.issue(version=1, created=now, expires=now + TRUST_LASTS, roots=[root.public], releases=[release.public], signers=[root]))


def _identity(place: Path) -> tuple[int, int, int] | None:
    try:
        found = place.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(place), reason=error.strerror or "") from error
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns

"""The keys of this instance and the trust that names them: made on the first signature, changed by `fangtang keys`.

FANGTANG_KEYS/release.pem    signs records; only the process that builds reads it
FANGTANG_KEYS/root.pem       signs the trust; belongs on a medium in a safe once the first trust is made
snapshots/trust/<n>.json     the trust, for every reader
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import trust
from fangtang.snapshots.store.keys import PrivateKey, Signer
from fangtang.snapshots.store.trust import Trust

TRUST_LASTS = timedelta(days=5 * 365)


class ReleaseKey:
    """The key that signs records, read when it first signs; made with the first trust when neither is there."""

    def __init__(self, folder: Path, trust_folder: Path) -> None:
        self._folder = folder
        self._trust_folder = trust_folder

    @property
    def key_id(self) -> str:
        return self._key.key_id

    def sign(self, payload: bytes) -> bytes:
        return self._key.sign(payload)

    @cached_property
    def _key(self) -> PrivateKey:
        with changing(self._folder):
            if trust.stored(self._trust_folder) is None:
                _first(self._folder, self._trust_folder)
            key, known = PrivateKey.load(release_file(self._folder)), trust.stored(self._trust_folder)
        if known is None or key.key_id not in known.release_keys:
            raise Unavailable("snapshots.key_not_trusted", permanent=True, file=str(release_file(self._folder)))
        return key


def release_file(folder: Path) -> Path:
    return folder / "release.pem"


def root_file(folder: Path) -> Path:
    return folder / "root.pem"


def trust_folder() -> Path:
    return Path(settings.SNAPSHOT_ROOT) / "trust"


def signer() -> Signer:
    """Who signs the records of this instance."""
    return ReleaseKey(Path(settings.KEYS), trust_folder())


def known() -> Trust | None:
    """The newest trust; None before the first signature."""
    return trust.stored(trust_folder())


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Be the only one who makes or changes keys here. Raises Unavailable snapshots.key_unreadable when the folder cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise Unavailable("snapshots.key_unreadable", permanent=True, file=str(folder), reason=error.strerror or "") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _first(folder: Path, place: Path) -> None:
    """The first keys and the first trust. What an earlier call left that died is used."""
    from django.utils import timezone

    root, release = (_loaded_or_made(file) for file in (root_file(folder), release_file(folder)))
    now: datetime = timezone.now()
    trust.keep(place, trust.issue(version=1, created=now, expires=now + TRUST_LASTS, roots=[root.public], releases=[release.public], signers=[root]))


def _loaded_or_made(file: Path) -> PrivateKey:
    if file.exists():
        return PrivateKey.load(file)
    key = PrivateKey.generate()
    key.save(file)
    return key

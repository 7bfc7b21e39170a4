"""Whom a mirror believes: the trust that it was given by hand, and what that trust has become since. Never forgotten: it lies in the mirror's store."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from fangtang.snapshots.mirror.asking import Origin
from fangtang.snapshots.store import trust
from fangtang.snapshots.store.keys import untrusted
from fangtang.snapshots.store.trust import Trust

MOST_STEPS = 1000
"""Versions taken in one walk; the next walk goes on."""


class Believer:
    """The chain of trust below `folder`. Safe for threads; one process at a time."""

    def __init__(self, folder: Path, given: bytes) -> None:
        """`given` is the document that was handed over: it is the beginning of the chain when there is none, and part of it otherwise. Raises Invalid
        snapshots.untrusted (form, signature; other_trust: the chain here has another document in its place)."""
        self._folder = folder
        self._lock = threading.Lock()
        first = trust.first(given)
        place = folder / f"{first.version}.json"
        if place.exists() and place.read_bytes() != given:
            raise untrusted("other_trust", version=first.version)
        known = trust.stored(folder)
        if known is None:
            self._keep(given)
        self._known = known or first

    @property
    def version(self) -> int:
        return self._known.version

    def newest(self, origin: Origin) -> Trust:
        """Walk on from what is known to the newest that the origin shows. Raises Invalid snapshots.untrusted (form, signature, version): then what was
        known stays, and the walk was not completed."""
        with self._lock:
            for _ in range(MOST_STEPS):
                document = origin.trust(self._known.version + 1)
                if document is None:
                    break
                fresh = trust.successor(self._known, document)
                self._keep(document)
                self._known = fresh
            return self._known

    def _keep(self, document: bytes) -> None:
        """A power cut must not bring an older trust back."""
        trust.keep(self._folder, document)
        for folder in (self._folder, self._folder.parent):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

"""Incidents: what the guard tells the desk, one JSON file each in `incidents/`. The desk takes a file up and removes it; the guard never waits for it.

    {"format": 1, "id", "at", "kind", "noticed", "count", "restored", "sites", "places": […], "about": {…}}

`kind` is the one reason of all places (changed, missing, unexpected, attributes, untrusted), `several`, or a word of the guard's own (see `Kind`).
`noticed` says by what (watch, scan, start). `count` counts all places, `restored` those that are right again; `places` are the first hundred:

    {"place", "site", "path", "sites", "reason", "expected", "restored", "source", "error", "found": [{"below", "mode", "size", "owner", "modified",
     "changed", "leads_to", "seen", "evidence"}]}

`place` is below the store's folder; `site` and `path` name one address there, `sites` counts the sites that serve it. `expected` and `seen` are SHA-256;
`source` is spare, object (the store's own) or the folder of a mirror, None for what was taken away; `evidence` a file below the guard's own folder.
"""

# ruff: noqa: PTH208
from __future__ import annotations

import os
import signal
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from fangtang.snapshots.guard.home import LOG, Home

PLACES_MOST = 100
SITES_MOST = 50
SPOOL_MOST = 1000
"""With so many files unread, what happens next is told in one that is written when the desk has read on."""
BURST = 200
PER_SECOND = 10
"""Files a second, after a burst; the rest is told together."""


class Kind(StrEnum):
    """Incidents that are not about what lies somewhere."""

    WATCHER_DIED = "watcher_died"
    """Or a child of it, in the middle of very many changes: some of them may be right again and told nowhere. about: signal or status"""
    WATCHES_EXHAUSTED = "watches_exhausted"
    """about: watched, needed. From here on only passes find changes."""
    REPEATED = "repeated"
    """The same places again and again; about: places → times, seconds"""
    STUCK = "stuck"
    """Places that cannot be put right: immutable, read-only, no bytes anywhere; tried again all the time."""


@dataclass(slots=True)
class Place:
    """One spot of an incident, as above."""

    place: str
    site: str | None
    path: str | None
    sites: int
    reason: str
    expected: str | None = None
    restored: bool = False
    source: str | None = None
    error: str | None = None
    found: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Incident:
    noticed: str
    id: str = field(default_factory=lambda: _new_id())
    places: list[Place] = field(default_factory=list)
    sites: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    count: int = 0
    restored: int = 0

    @property
    def has_room(self) -> bool:
        """Whether one more place will be told in full."""
        return len(self.places) < PLACES_MOST

    def add(self, place: Place, sites: set[str]) -> None:
        self.count += 1
        self.restored += place.restored
        self.reasons.add(place.reason if place.restored else Kind.STUCK)
        self.sites |= sites
        if self.has_room:
            self.places.append(place)

    def document(self) -> dict[str, Any]:
        kind = next(iter(self.reasons)) if len(self.reasons) == 1 else "several"
        return _document(self.id, kind, noticed=self.noticed, count=self.count, restored=self.restored) | {
            "sites": sorted(self.sites)[:SITES_MOST],
            "places": [asdict(place) for place in self.places],
        }


class Spool:
    """Writes incidents, no faster than people and disks can bear."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._tokens, self._counted_at = float(BURST), time.monotonic()
        self._unread, self._unread_at = 0, float("-inf")
        self.written = 0

    def has_room(self) -> bool:
        """Whether an incident may be written now; call once for each."""
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._counted_at) * PER_SECOND)
        self._counted_at = now
        if now - self._unread_at > 1:
            self._unread, self._unread_at = len(os.listdir(f"{self._home.folder}/incidents")), now
        if self._tokens < 1 or self._unread >= SPOOL_MOST:
            return False
        self._tokens -= 1
        self._unread += 1
        return True

    def write(self, document: dict[str, Any]) -> bool:
        """Whether it could be written."""
        is_written = self._home.write_json(f"incidents/{document['id']}.json", document)
        self.written += is_written
        LOG.warning("%s %s: %d places, %d right again, sites %s", document["id"], document["kind"], document["count"], document["restored"], document["sites"])
        return is_written

    def tell(self, kind: Kind, **about: Any) -> bool:
        """Write an incident without places; whether it could be written."""
        return self.write(_document(_new_id(), kind, noticed="guard", count=0, restored=0) | {"sites": [], "places": [], "about": about})

    def tell_death(self, status: int) -> bool:
        """Of the watcher or a child of it; `status` as from wait(2)."""
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        about = {"signal": signal.Signals(number).name} if number else {"status": os.waitstatus_to_exitcode(status)}
        return self.tell(Kind.WATCHER_DIED, **about)


def _document(incident: str, kind: str, *, noticed: str, count: int, restored: int) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {"format": 1, "id": incident, "at": at, "kind": kind, "noticed": noticed, "count": count, "restored": restored, "about": {}}


_numbers = iter(range(10**12))


def _new_id() -> str:
    """Sorts by time; once in this process."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}-{next(_numbers)}"

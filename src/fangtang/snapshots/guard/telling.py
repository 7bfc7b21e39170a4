"""From what was put right to what people read: evidence, incidents, and requests to build a site anew."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from fangtang.snapshots.guard.batches import Batch, Outcome
from fangtang.snapshots.guard.calm import Calm
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.home import Home
from fangtang.snapshots.guard.incidents import Incident, Kind, Place, Spool
from fangtang.snapshots.guard.quarantine import Case, Quarantine, about
from fangtang.snapshots.guard.spots import Spot, What

TOGETHER_SECONDS = 0.5
"""What is put right without a pause is one incident, but nobody waits longer for it."""
REPEATED_SECONDS = 30.0
REPEATED_MOST = 20


@dataclass(slots=True)
class Teller:
    home: Home
    expected: Expected
    spool: Spool
    quarantine: Quarantine
    calm: Calm
    stuck: set[Spot] = field(default_factory=set)
    """Told already, and not put right yet."""
    _incident: Incident | None = None
    _case: Case | None = None
    _since: float = 0.0
    _repeated: Counter[str] = field(default_factory=Counter)
    _repeated_at: float = float("-inf")

    def note(self, batch: Batch, *, noticed: str, now: float) -> None:
        """Add a batch to the open incident."""
        for outcome in batch.outcomes:
            spot = outcome.finding.spot
            if outcome.error and spot in self.stuck:
                continue
            (self.stuck.add if outcome.error else self.stuck.discard)(spot)
            if self.calm.is_contended(spot):
                self._repeated[spot.path] += 1
                continue
            if self._incident is None or self._case is None:
                self._incident, self._since = Incident(noticed), now
                self._case = self.quarantine.case(self._incident.id)
            sites = self._sites(spot)
            self._incident.add(self._place(outcome, sites, self._case), sites)
            if outcome.error == "no_source":
                self._ask_for(sites, outcome)

    def flush(self, now: float, *, is_quiet: bool) -> None:
        """Write what is due. `is_quiet`: nothing more of the same is under way."""
        if self._repeated and now - self._repeated_at >= REPEATED_SECONDS and self.spool.has_room():
            self._tell_repeated(now)
        if self._incident is None or self._case is None:
            return
        if (is_quiet or now - self._since >= TOGETHER_SECONDS) and self.spool.has_room():
            document = self._incident.document()
            if self._case.files:
                self._case.write("incident.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
            if self.spool.write(document):
                self._incident = self._case = None

    def _place(self, outcome: Outcome, sites: set[str], case: Case) -> Place:
        finding = outcome.finding
        place = Place(finding.spot.path, None, None, len(sites), finding.reason, finding.expected, not outcome.error, outcome.source, outcome.error or None)
        if self._incident and self._incident.has_room:
            place.site, place.path = self._address(finding.spot)
            place.found = list(self._found(outcome, case))
        return place

    def _found(self, outcome: Outcome, case: Case) -> list[dict[str, Any]]:
        """As it was seen first, for looking at it and taking it away has changed its times; with its bytes as they are now."""
        seen = outcome.finding.seen
        first = about(seen) if seen else {}
        if not outcome.foreign:
            return [first] if first else []
        found = list(case.describe(outcome.foreign))
        if len(found) == 1 and not found[0]["below"]:
            return [found[0] | {key: first[key] for key in ("modified", "changed") if key in first}]
        return found

    def _sites(self, spot: Spot) -> set[str]:
        if spot.what in {What.RECORD, What.CURRENT}:
            return {spot.name}
        tree = self._tree(spot)
        return self.expected.sites(tree) if tree in self.expected.trees else set()

    def _address(self, spot: Spot) -> tuple[str | None, str | None]:
        if spot.what in {What.RECORD, What.CURRENT}:
            return spot.name, None
        if spot.what in {What.OBJECT, What.VARIANT}:
            tree, name = min(self.expected.places.get(spot.digest, {("", "")}))
        else:
            tree, name = spot.digest, spot.name if spot.what is What.ENTRY else ""
        return self.expected.served(tree, name) if tree in self.expected.trees else (None, None)

    def _tree(self, spot: Spot) -> str:
        if spot.what in {What.OBJECT, What.VARIANT}:
            return min(self.expected.places.get(spot.digest, {("", "")}))[0]
        return spot.digest

    def _ask_for(self, sites: set[str], outcome: Outcome) -> None:
        for site_key in sites:
            self.home.write(f"rebuild/{site_key}", f"{outcome.finding.expected}\n".encode())

    def _tell_repeated(self, now: float) -> None:
        times = dict(self._repeated.most_common(REPEATED_MOST))
        if self.spool.tell(Kind.REPEATED, places=times, times=self._repeated.total(), seconds=REPEATED_SECONDS):
            self._repeated.clear()
            self._repeated_at = now

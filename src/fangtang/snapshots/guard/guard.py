"""The guard of one store: events first, then whatever else there is to do, in steps of milliseconds, one thread.

    events → spots to look at → findings → put right → 30 ms later: the other places of the same bytes, evidence, one incident

Behind the events runs a pass over everything, on start, after an overflow and every `pass_seconds`.
"""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fangtang.snapshots.guard.afterwards import Afterwards
from fangtang.snapshots.guard.authority import Authority
from fangtang.snapshots.guard.batches import Batch
from fangtang.snapshots.guard.blanks import Blanks
from fangtang.snapshots.guard.calm import Calm
from fangtang.snapshots.guard.crowds import MANY, Crowd, is_for_crowds
from fangtang.snapshots.guard.delays import Delays
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.heartbeats import Heart, description
from fangtang.snapshots.guard.home import LOG, Home
from fangtang.snapshots.guard.incidents import Kind, Spool
from fangtang.snapshots.guard.inspecting import Finding, Inspector
from fangtang.snapshots.guard.options import Options
from fangtang.snapshots.guard.passes import Passes, Steps
from fangtang.snapshots.guard.quarantine import Quarantine
from fangtang.snapshots.guard.restoring import Restorer
from fangtang.snapshots.guard.schedule import Schedule
from fangtang.snapshots.guard.shield import Shield
from fangtang.snapshots.guard.spare import Source, Spare
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.guard.standing import GRACE_SECONDS, Standing
from fangtang.snapshots.guard.telling import Teller
from fangtang.snapshots.guard.watching import Overflow, Watches
from fangtang.snapshots.store.layout import Layout

BATCH = 256
"""Spots that are looked at and put right before events are read again."""
STEP_SECONDS = 0.01
OVERDUE_SECONDS = 10.0
"""While places that readers see have to be put right, everything else waits, but no longer than this."""
ARRIVAL_SECONDS = 0.5
"""What a release brought is watched at once, but looked at and copied only after so long: not while the release is on its way to the other sites."""
GATHER_SECONDS = 0.003
"""From the first event to the reading of all: a release has a thousand, and waking up for each costs more than what it says."""
RETRY_SECONDS = 5.0
QUIET_SECONDS = 1.0
PATIENT_SECONDS = 600.0
"""A pass in its turn goes on when nothing has happened for so long, for releases need the processor more than it does; but it waits no longer than this."""
PASS_SHARE = 0.02
"""Of the time, spent on passes in their turn: of a million files one takes twenty seconds."""
BEAT_SECONDS = 10.0
KEEP_SOUND_SECONDS = 300.0
BLIND_PASS_SECONDS = 5.0
"""From pass to pass when the kernel has no watches left."""
_ABOVE = frozenset({"ENOENT", "ELOOP", "ENOTDIR"})
"""Outcomes that say that a folder above is gone, which the pass puts right first."""


class Guard:
    """Watches the store in the folder `store`, with `home` as its own. `sources` are other places with the right bytes, the nearest first."""

    def __init__(self, store: Path, *, home: Home, sources: Sequence[Source] = (), options: Options | None = None) -> None:
        self._options = options or Options()
        self._home, self._layout = home, Layout(store)
        self.watches = Watches()
        inspector = Inspector(self._layout, Expected(), home.sound())
        authority = Authority(home, self._layout, pinned=self._options.pinned)
        spare = Spare(home.folder / "spare")
        self._shield = Shield(home, self._layout, inspector.expected, spare, self._options.shield)
        self._standing = Standing(self._layout, authority, inspector, spare, sources, self.watches, self._shield)
        self._inspector = inspector
        self._blanks = Blanks(self._layout.folder)
        self._restorer = Restorer(self._layout, inspector, spare, sources, self._standing.documents, self.watches.add, self._blanks)
        self._calm = Calm()
        self._spool = Spool(home)
        self._teller = Teller(home, inspector.expected, self._spool, Quarantine(home.folder / "quarantine", self._options.limits), self._calm)
        self._passes = Passes(self._standing, self._options.scrub_seconds)
        self._afterwards = Afterwards(self._restorer, self._teller)
        self._crowd = Crowd(self._standing, self._restorer, self._spool.tell_death)
        self._urgent: dict[Spot, bool] = {}
        self._again: dict[Spot, bool] = {}
        """What was put right a moment ago: most of its events are our own, so they are looked at when nothing else waits."""
        self._doubtful: dict[Spot, None] = {}
        """Directories of a queue that overflowed."""
        self._delays = Delays()
        self._schedule = Schedule()
        self._heart = Heart(self._standing, self._schedule)
        self._pass: Steps | None = None
        self._scrub: Steps | None = None
        self._arrivals: deque[tuple[float, Steps]] = deque()
        """What else there is to look at, each with the moment from which on."""
        self._stepped = self._moved = 0.0
        self._beaten = self._kept = float("-inf")
        self._told_blind = False

    def run(self, *, stop: int, on_ready: Callable[[], None] = lambda: None) -> None:
        """Until the descriptor `stop` can be read. `on_ready` is called at the end of the first pass."""
        poller = select.poll()
        poller.register(stop, select.POLLIN)
        poller.register(self.watches.fileno(), select.POLLIN)
        was_ready = False
        while True:
            timeout = self._timeout()
            ready = {number for number, _ in poller.poll(timeout * 1000)}
            if stop in ready:
                break
            if timeout and ready:
                time.sleep(GATHER_SECONDS)
            self.step()
            if not was_ready and self._schedule.made:
                was_ready = True
                on_ready()
        self.close()

    def close(self) -> None:
        """Finish what was begun, and remember what is sound."""
        self._afterwards.close()
        self._teller.flush(time.monotonic(), is_quiet=True)
        self._home.keep_sound(self._inspector.sound)
        self._blanks.close()
        self.watches.close()

    def describe(self) -> str:
        """What is watched, for the log."""
        return description(self._standing, self._schedule)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is known that has to be done now."""
        is_pass_due = self._pass is not None or min(self._schedule.due, self._shield.pass_due) <= time.monotonic()
        return not (is_pass_due or not self._is_at_rest or self._afterwards.litter or self._standing.arrived)

    def step(self) -> None:
        """Read what happened, and do some milliseconds of work."""
        now = time.monotonic()
        self._read(now)
        self._urgent |= {spot: False for spot in self._delays.wake(now) if spot not in self._urgent}
        if len(self._urgent) >= MANY:
            self._right_many(now)
        if self._urgent:
            self._look(self._urgent, now)
        if self._doubtful:
            self._hurry(now)
        is_pressed, due = bool(self._urgent or self._doubtful), self._afterwards.due
        if due is not None and due + (OVERDUE_SECONDS if is_pressed else 0) <= now:
            self._afterwards.go_on(now + STEP_SECONDS)
        elif due is None and not is_pressed:
            self._look(self._again, now)
            if self._to_lay(now) is not self._blanks:
                self._afterwards.clear(now + STEP_SECONDS)
        if not is_pressed or now - self._stepped > OVERDUE_SECONDS:
            self._work(now)
        while time.monotonic() - now < STEP_SECONDS and (ready := self._to_lay(now)):
            ready.lay(now=now)
        self._teller.flush(now, is_quiet=not is_pressed and self._afterwards.due is None)
        self._beat(now)

    def _read(self, now: float) -> None:
        """What was put right a moment ago has events of our own; but we write into nothing that stands."""
        for seen in self.watches.read():
            self._moved = now
            if isinstance(seen, Overflow):
                self._overflow(seen.spots, now)
            else:
                queue = self._again if seen.spot in self._afterwards and not seen.was_written else self._urgent
                queue[seen.spot] = queue.get(seen.spot, False) or seen.was_written

    def _overflow(self, spots: Sequence[Spot], now: float) -> None:
        """Look at once at what readers see in these folders, as long as passes out of turn are allowed; then at everything."""
        self._schedule.want(now)
        self._urgent |= {spot: False for spot in spots if spot.what is What.SITE}
        if self._schedule.has_credit:
            self._doubtful |= {spot: None for spot in spots if spot.what is What.TREE}

    def _hurry(self, now: float) -> None:
        """Some milliseconds of looking at doubtful directories."""
        before = sum(os.times()[:4])
        while self._doubtful and time.monotonic() - now < STEP_SECONDS:
            for spot, findings in self._crowd.doubt(self._doubtful, len(self._doubtful)):
                del self._doubtful[spot]
                self._right(findings, "scan", now)
        self._schedule.spend(sum(os.times()[:4]) - before)

    def _look(self, queue: dict[Spot, bool], now: float) -> None:
        """At some of the spots of the latest events."""
        findings: list[Finding] = []
        for _ in range(min(BATCH, len(queue))):
            spot = next(iter(queue))
            was_written = queue.pop(spot)
            if spot not in self._delays:
                found = list(self._findings(spot, was_written=was_written, now=now))
                if not found:
                    self._teller.stuck.discard(spot)
                findings += found
        self._arrive()
        self._right(findings, "watch", now)

    def _findings(self, spot: Spot, *, was_written: bool, now: float) -> Iterator[Finding]:
        match spot.what:
            case What.SITE | What.RECORD | What.CURRENT:
                yield from self._check_site(spot.name, now)
            case What.TRUST:
                yield from self._standing.check_trust()
                for site_key in self._standing.site_keys():
                    yield from self._check_site(site_key, now)
            case What.FOLDER:
                yield from self._check_folder(spot, now)
            case What.TREE if self._inspector.is_standing(spot):
                self._standing.watch_tree(spot.digest)
                yield from self._inspector.look(spot)
            case _:
                yield from self._inspector.look(spot, was_written=was_written)

    def _check_folder(self, spot: Spot, now: float) -> Iterator[Finding]:
        """A folder that came is watched from now on; another one in the place of one that was, or none, and everything is looked at."""
        was_known = self._standing.is_known(spot.name)
        is_other = self._standing.watch_folder(spot.name)
        if "/" not in spot.name or (was_known and (is_other or not os.path.isdir(self._inspector.place(spot)))):  # noqa: PTH112
            self._schedule.want(now)
        elif was_known:
            yield from self._inspector.look(spot)

    def _check_site(self, site_key: str, now: float) -> Iterator[Finding]:
        yield from self._standing.check(site_key, now=now)
        if self._standing.is_unsettled(site_key):
            self._delays.add(Spot(What.CURRENT, name=site_key), now + GRACE_SECONDS)

    def _right(self, findings: list[Finding], noticed: str, now: float) -> None:
        """Put right what no newer record explains."""
        if findings:
            self._shield.doubt()
        wanted = [finding for finding in self._unexplained(findings, now) if not self._has_to_wait(finding.spot, now)] if findings else []
        if not wanted:
            return
        try:
            batch = self._restorer.open(len(wanted))
        except OSError as error:
            LOG.warning("%s", error)
            for finding in wanted:
                self._delays.add(finding.spot, now + RETRY_SECONDS)
            return
        for finding in sorted(wanted, key=_size):
            self._restorer.put_right(batch, finding)
        self._account(batch, noticed, now)

    def _account(self, batch: Batch, noticed: str, now: float) -> None:
        """What is to be done about the outcomes."""
        batch.release()
        for outcome in batch.outcomes:
            spot = outcome.finding.spot
            if outcome.error in _ABOVE or spot.what is What.FOLDER:
                self._schedule.want(now)
            elif outcome.error:
                self._delays.add(spot, now + RETRY_SECONDS)
            elif spot.what is What.TREE:
                self._urgent.setdefault(spot, False)
        batch.outcomes = [outcome for outcome in batch.outcomes if outcome.error not in _ABOVE]
        self._afterwards.add(batch, noticed, now)

    def _right_many(self, now: float) -> None:
        """At very many spots, with all processors."""
        self._right(self._news(now), "watch", now)
        chosen = [spot for spot in self._urgent if is_for_crowds(spot) and spot not in self._delays and not self._calm.is_contended(spot)]
        if len(chosen) >= MANY:
            lifted = self._shield.lift(self._standing.authority.accepted, now=now)
            self._right([finding for site_key in lifted for finding in self._check_site(site_key, now)], "watch", now)
        for batch, looked_at in self._crowd.put_right(self._urgent, chosen):
            for spot in looked_at:
                del self._urgent[spot]
            for outcome in batch.outcomes:
                self._calm.hit(outcome.finding.spot, now)
            self._account(batch, "watch", now)

    def _unexplained(self, findings: list[Finding], now: float) -> list[Finding]:
        """Findings that are still ones by the newest records: what is seen to be gone may have been released away just before."""
        news = self._news(now)
        known = {finding.spot for finding in findings}
        return [finding for finding in findings if self._is_still(finding)] + [finding for finding in news if finding.spot not in known]

    def _news(self, now: float) -> list[Finding]:
        """What comes of records that were not read yet."""
        unread = [site_key for site_key in self._standing.site_keys() if self._standing.authority.is_unread(site_key)]
        findings = [finding for site_key in unread for finding in self._check_site(site_key, now)]
        self._arrive()
        return findings

    def _is_still(self, finding: Finding) -> bool:
        spot = finding.spot
        if spot.what is What.ENTRY and self._inspector.is_standing(spot):
            entry = self._inspector.expected.entry(spot.digest, spot.name)
            return (entry.sha256 if entry else None) == finding.expected
        return spot.what in {What.FOLDER, What.TRUST, What.RECORD, What.CURRENT} or self._inspector.is_standing(spot)

    def _has_to_wait(self, spot: Spot, now: float) -> bool:
        self._calm.hit(spot, now)
        wait = self._calm.wait_seconds(spot)
        if wait and spot not in self._delays:
            self._delays.add(spot, now + wait)
            return False
        return bool(wait)

    def _arrive(self) -> None:
        if self._standing.arrived:
            self._arrivals.append((time.monotonic() + ARRIVAL_SECONDS, self._passes.arrivals(tuple(self._standing.arrived))))
            self._standing.arrived.clear()

    def _work(self, now: float) -> None:
        """Some milliseconds of arrivals or of a pass."""
        self._stepped = now
        if self._is_at_rest and self._shield.wants_pass(now):
            self._schedule.want(now)
        if self._pass is None and now >= self._schedule.due:
            self._schedule.begin(now)
            self._shield.begin_pass()
            self._pass = self._passes.everything()
        noticed = "scan" if self._schedule.made else "start"
        while time.monotonic() - now < STEP_SECONDS and (steps := self._next_steps(now)):
            findings = self._next(steps)
            if findings:
                self._arrive()
                self._right(findings, noticed, now)
                return
            if findings is None:
                self._end(steps, now)
            self._arrive()

    def _next_steps(self, now: float) -> Steps | None:
        if self._schedule.made and self._arrivals and self._arrivals[0][0] <= now:
            return self._arrivals[0][1]
        return (self._pass or self._scrub) if self._background_due <= now else None

    def _next(self, steps: Steps) -> list[Finding] | None:
        if steps is not self._pass:
            return next(steps, None)
        with self._schedule.working():
            return next(steps, None)

    def _end(self, steps: Steps, now: float) -> None:
        if steps is self._pass:
            self._end_pass(now)
        elif steps is self._scrub:
            self._scrub = None
        else:
            self._arrivals.popleft()

    @property
    def _is_at_rest(self) -> bool:
        """Whether there is nothing to look at or to tell; perhaps something to clear up."""
        is_busy = self._urgent or self._doubtful or self._again or self._arrivals or self._pass or self._scrub
        return not is_busy and self._afterwards.due is None

    def _to_lay(self, now: float) -> Blanks | Shield | None:
        """What is to be prepared now. Blanks come before clearing up, which makes them slower, the shield after it."""
        if not self._is_at_rest:
            return None
        if self._blanks.is_lacking(len(self._inspector.expected.places), now=now):
            return self._blanks
        return self._shield if self._shield.replicas.due <= now and not self._afterwards.litter else None

    def _end_pass(self, now: float) -> None:
        if self.watches.is_exhausted:
            self._schedule.end(now, again_seconds=min(BLIND_PASS_SECONDS, self._options.pass_seconds), share=1.0)
        else:
            self._schedule.end(now, again_seconds=self._options.pass_seconds, share=PASS_SHARE)
        self._shield.end_pass(now, took_seconds=self._schedule.took_seconds)
        self._pass = None
        self._calm.forget(now)
        self._scrub = self._passes.scrub(now)
        if now - self._kept > KEEP_SOUND_SECONDS:
            self._kept = now
            self._inspector.prune()
            self._home.keep_sound(self._inspector.sound)
        if self.watches.is_exhausted and not self._told_blind:
            self._told_blind = self._spool.tell(Kind.WATCHES_EXHAUSTED, watched=len(self.watches), needed=len(self._inspector.expected.trees))

    @property
    def _background_due(self) -> float:
        """The moment from which on the pass goes on that was begun, or the reading anew after it."""
        if not (self._pass or self._scrub):
            return float("inf")
        is_patient = (not self._pass or self._schedule.is_in_turn) and not self._shield.raised and not self.watches.is_exhausted
        return min(self._moved + QUIET_SECONDS, self._schedule.began + PATIENT_SECONDS) if is_patient else float("-inf")

    def _timeout(self) -> float:
        """Seconds until there is something to do."""
        is_pressed = self._urgent or self._doubtful or self._background_due <= time.monotonic()
        after = self._afterwards.due
        if is_pressed or (after is None and (self._again or self._afterwards.litter)) or self._to_lay(time.monotonic()):
            return 0
        dues = [self._background_due, self._schedule.due, self._beaten + BEAT_SECONDS, self._delays.due]
        dues += [self._shield.due] if self._is_at_rest else []
        dues += [moment for moment in (after, self._arrivals[0][0] if self._arrivals else None) if moment is not None]
        return max(0.0, min(dues) - time.monotonic()) + 0.001

    def _beat(self, now: float) -> None:
        if now - self._beaten < BEAT_SECONDS:
            return
        self._beaten = now
        self._home.write_json("heartbeat", self._heart.beat(stuck=len(self._teller.stuck), incidents=self._spool.written))


def _size(finding: Finding) -> int:
    """Small files first: a large one keeps others waiting."""
    return finding.seen.st_size if finding.seen else 0

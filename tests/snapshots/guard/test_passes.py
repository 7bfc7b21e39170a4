"""When everything is looked at, and when every byte is read anew."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.guard import guard as guards
from fangtang.snapshots.guard.guard import PASS_SHARE
from fangtang.snapshots.guard.passes import Passes
from fangtang.snapshots.guard.schedule import Schedule
from tests.snapshots.guard.conftest import AT, PAGES, Place

DAY = 86400.0


def passed(schedule: Schedule, *, spent: float, at: float) -> None:
    schedule.begin(at)
    schedule._spent = spent
    schedule.end(at, again_seconds=120.0, share=PASS_SHARE)


@pytest.mark.parametrize(("spent", "pause"), [(0.2, 120.0), (2.4, 120.0), (20.0, 1000.0)])
def test_long_passes_are_made_less_often(spent: float, pause: float) -> None:
    schedule = Schedule()
    passed(schedule, spent=spent, at=5000.0)
    assert schedule.due == pytest.approx(5000.0 + pause)
    assert schedule.processor_seconds == spent


def test_a_pass_that_is_asked_for_is_not_in_its_turn() -> None:
    schedule = Schedule()
    schedule.begin(0.0)
    assert not schedule.is_in_turn, "the first one"
    passed(schedule, spent=1.0, at=10.0)
    schedule.begin(130.0)
    assert schedule.is_in_turn
    schedule.want(131.0)
    assert not schedule.is_in_turn, "the one that was asked for waits for it"


def steps(guard: guards.Guard, *, seconds: float) -> Iterator[bool]:
    """Whether a pass is going on, after each step."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        guard.step()
        yield guard._pass is not None


def begun(place: Place) -> guards.Guard:
    """A guard whose second pass is due."""
    guard = place.watch(pass_seconds=0.2)
    assert guard._schedule.made == 1
    guard._schedule.due = time.monotonic()
    return guard


def test_a_pass_waits_while_something_happens(place: Place) -> None:
    guard = begun(place)
    for number in range(30):
        place.store.commit("portal", {PAGES[0]: b"%d" % number}, at=AT + timedelta(days=number + 1))
        assert all(steps(guard, seconds=0.05)) or number == 0
    assert guard._schedule.made == 1
    place.settle(seconds=guards.QUIET_SECONDS)
    assert guard._schedule.made == 2


def test_it_does_not_wait_for_ever(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "PATIENT_SECONDS", 0.3)
    guard = begun(place)
    for number in range(30):
        place.store.commit("portal", {PAGES[0]: b"%d" % number}, at=AT + timedelta(days=number + 1))
        list(steps(guard, seconds=0.05))
    assert guard._schedule.made >= 2


def test_it_does_not_wait_when_somebody_asks(place: Place) -> None:
    guard = begun(place)
    place.store.commit("portal", {PAGES[0]: b"fresh"}, at=AT + timedelta(days=1))
    assert any(steps(guard, seconds=0.05))
    guard._schedule.want(time.monotonic())
    began = time.monotonic()
    while guard._schedule.made < 3:
        guard.step()
    assert time.monotonic() - began < guards.QUIET_SECONDS


def test_a_waiting_guard_sleeps(place: Place) -> None:
    guard = begun(place)
    place.store.commit("portal", {PAGES[0]: b"fresh"}, at=AT + timedelta(days=1))
    list(steps(guard, seconds=0.2))
    guard._arrivals.clear()
    assert guard._background_due > time.monotonic()
    assert guard._pass is not None
    assert guard._timeout() > 0.1


class Everything:
    """What `scrub` asks of a store that has these digests."""

    def __init__(self, digests: list[str]) -> None:
        self.places, self.trees = dict.fromkeys(digests, ()), dict[str, object]()


def read_anew(pauses: list[float], digests: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests that were read in scrubs so far apart."""
    found: list[str] = []
    expected = Everything(digests)
    monkeypatch.setattr(Passes, "_expected", property(lambda self: expected))
    monkeypatch.setattr(Passes, "_forget", lambda self, spot: None)
    monkeypatch.setattr(Passes, "_look", lambda self, spot: iter(()))
    monkeypatch.setattr(Passes, "_prove", lambda self, digest: found.append(digest))

    class Standing:
        class spare:  # noqa: N801
            @staticmethod
            def tidy(*arguments: object, **options: object) -> Iterator[None]:
                return iter(())

    every, now = Passes(Standing(), DAY, _scrubbed=0.0), 0.0  # type: ignore[arg-type]
    for pause in pauses:
        now += pause
        list(every.scrub(now))
    return found


@pytest.mark.parametrize("pause", [5.0, 120.0, 1000.0, 30_000.0, 2 * DAY])
def test_every_byte_is_read_anew_within_a_day(pause: float, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [sha256(b"%d" % number) for number in range(300)]
    count = max(1, int(DAY / pause) + 1)
    assert set(read_anew([pause] * count, digests, monkeypatch)) == set(digests)


def test_nothing_is_read_more_often_than_it_need_be(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, digests = random.Random(5), [sha256(b"%d" % number) for number in range(300)]
    pauses = [chance.uniform(1, 500) for _ in range(2 * int(DAY / 250))]
    rounds = sum(pauses) / DAY
    assert len(read_anew(pauses, digests, monkeypatch)) <= (rounds + 0.1) * len(digests)

"""A publisher that is killed at any system call that writes, and at any instant, while readers never pause: none of them sees a mixture, none misses a
page, and the next publisher goes on without help. `FANGTANG_SOAK=1` strikes every call and reads 100,000 times; otherwise a sample."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.snapshots.store.kills.conftest import City
from tests.snapshots.store.kills.strace import counted, environment, strikes, struck

SOAK = os.environ.get("FANGTANG_SOAK") == "1"
STRIDE = 1 if SOAK else 40
INSTANTS = 200 if SOAK else 6
READS = 100_000 if SOAK else 5_000
LONGEST = 0.4
"""Seconds after which an endless publisher is killed, at most."""
CHANCE = random.Random(20261121)

pytestmark = pytest.mark.slow


def kill_at_every_call(city: City, strace: str) -> int:
    """How many publishers were killed: at each call of each kind, as long as a publisher comes that far."""
    kills = 0
    every = counted(strace, city.publisher(), city.store_folder, city.folder / "strace.log")
    city.generation += 1
    for calls, numbers in strikes(every, stride=STRIDE, start=CHANCE.randrange(STRIDE)):
        for number in numbers:
            run = struck(strace, city.publisher(), calls.kind, number, "signal=SIGKILL", city.folder / "strace.log")
            assert run.status in {0, -signal.SIGKILL}, run.said
            city.assert_good_after_death()
            if run.status == 0 and number >= calls.last:
                break
            kills += run.status != 0
    return kills


def kill_at_an_instant(city: City) -> None:
    with subprocess.Popen(city.publisher("endless"), env=environment(), cwd=Path(__file__).parents[4], stdout=subprocess.PIPE) as publisher:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == b"ready\n"
        time.sleep(CHANCE.uniform(0, LONGEST))
        assert publisher.poll() is None
        publisher.kill()
    city.assert_good_after_death()


def test_readers_see_one_snapshot_whenever_a_publisher_is_killed(city: City, strace: str) -> None:
    started = time.monotonic()
    with city.readers():
        kills = kill_at_every_call(city, strace)
        at_calls = time.monotonic() - started
        instants = 0
        while instants < INSTANTS or city.reads_so_far() < READS:
            kill_at_an_instant(city)
            instants += 1
    seconds = time.monotonic() - started
    print(f"\n{kills} kills at calls in {at_calls:.0f} s, {instants} at instants, {seconds:.0f} s in all; {len(city.ports)} servers; {dict(city.found)}")

    assert (city.found["mixed"], city.found["missing"]) == (0, 0), city.told
    assert kills >= (200 if SOAK else 3)
    assert city.found["reads"] >= READS
    assert city.found["fewest_generations"] >= INSTANTS, "the readers did meet the publishers"


def test_the_first_publisher_is_killed(strace: str, tmp_path: Path) -> None:
    """On an empty disk, where no site stands yet: the next one makes what is missing, under a strict umask too."""
    before = os.umask(0o077)
    try:
        (tmp_path / "count").mkdir()
        city = City(tmp_path / "count")
        city.make_key()
        kills = 0
        every = counted(strace, city.publisher(), city.store_folder, tmp_path / "strace.log")
        for calls, numbers in strikes(every, stride=STRIDE, start=CHANCE.randrange(STRIDE)):
            for number in numbers:
                city = City(tmp_path / f"{calls.kind}{number}")
                city.folder.mkdir()
                city.make_key()
                run = struck(strace, city.publisher(), calls.kind, number, "signal=SIGKILL", tmp_path / "strace.log")
                assert run.status in {0, -signal.SIGKILL}, run.said
                city.publish_next()
                city.assert_stands(city.store())
                assert list((city.store_folder / "tmp").iterdir()) == []
                closed = [path for path in city.store_folder.rglob("*") if path.is_dir() and path.stat().st_mode & 0o755 != 0o755]
                assert closed == [], (calls.kind, number)
                if run.status == 0:
                    break
                kills += 1
    finally:
        os.umask(before)
    print(f"\n{kills} kills")
    assert kills >= (200 if SOAK else 3)

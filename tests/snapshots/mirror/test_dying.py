"""A mirror killed at every named point and at any instant: whoever reads the folder sees one whole snapshot, and the next run completes."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import fangtang.snapshots.mirror
from fangtang.snapshots.store import trust
from tests.snapshots.mirror import commanding
from tests.snapshots.mirror.conftest import Line

PATHS = tuple(f"{folder}{name}.html" for folder in ("", "news/", "news/2026/", "files/") for name in "abcdef")
DEATHS = [
    "mirror.manifests_read:1",
    "mirror.batch_kept:1",
    "mirror.files_kept:1",
    "store.file_staged:1",
    "store.file_staged:9",
    "store.before_barrier:1",
    "store.after_barrier:1",
    "store.objects_installed:1",
    "store.tree_staged:1",
    "store.before_barrier:2",
    "store.after_barrier:2",
    "store.objects_installed:2",
    "store.manifests_installed:2",
    "store.tree_installed:1",
    "store.tree_installed:3",
    "store.before_record:1",
    "store.before_switch:1",
    "store.after_switch:1",
]

QUICK = {"mirror.files_kept:1", "store.before_switch:1"}
"""Tried on every run; the others take their seconds where there is time."""


def generation(number: int) -> dict[str, bytes | None]:
    return {path: f"{number} {path}".encode() for path in PATHS}


@pytest.fixture
def line(line: Line) -> Line:
    """The city shows generation 1 alone, and so does the mirror."""
    line.city.at = datetime.now(UTC)
    line.city.store.replace("portal", [(path, content or b"") for path, content in generation(1).items()], at=line.city.at)
    assert commanding.run(line).returncode == 0
    return line


def seen(folder: Path) -> set[bytes]:
    """The generations in what a web server's reader sees: `current` resolved once, then every file."""
    root = os.path.realpath(folder / "sites/portal/current")
    return {Path(root, path).read_bytes().split()[0] for path in PATHS}


def sound(line: Line) -> set[bytes]:
    """After a restart."""
    store = line.store
    assert store.verify("portal", trust=trust.stored(line.folder / "trust")) is None
    return seen(line.folder)


@pytest.mark.parametrize("fault", [fault if fault in QUICK else pytest.param(fault, marks=pytest.mark.slow) for fault in DEATHS])
def test_death_leaves_one_whole_snapshot(line: Line, fault: str) -> None:
    line.city.store.commit("portal", generation(2), at=line.city.at)
    assert commanding.run(line, fault=fault).returncode == -signal.SIGKILL
    assert seen(line.folder) == ({b"2"} if fault == "store.after_switch:1" else {b"1"}), "as a web server finds it, before anybody clears up"
    assert sound(line) in [{b"1"}, {b"2"}]
    assert commanding.run(line).returncode == 0
    assert sound(line) == {b"2"}
    assert line.store.layout.record("portal") == line.city.record()
    line.city.store.commit("portal", generation(3), at=line.city.at)
    assert commanding.run(line).returncode == 0
    assert [snapshot.serial for snapshot in line.store.log("portal")] == [2, 3, 4]
    assert [list((line.folder / name).iterdir()) for name in ("tmp", "incoming")] == [[], []]


def test_every_point_of_the_mirror_has_its_death() -> None:
    (package,) = fangtang.snapshots.mirror.__path__
    points = {point for module in Path(package).glob("*.py") for point in re.findall(r'faults\.point\("([^"]+)"\)', module.read_text())}
    assert points == {fault.partition(":")[0] for fault in DEATHS if fault.startswith("mirror.")}


@pytest.mark.slow
def test_killed_at_any_instant(line: Line) -> None:
    """Generations come and go at the city, the mirror is killed again and again, and a reader never stops."""
    line.city.store.commit("portal", generation(0), at=line.city.at)
    stop, mixtures, reads, began = threading.Event(), [], 0, time.monotonic()
    assert commanding.run(line).returncode == 0
    one_run = time.monotonic() - began
    draw = random.Random(20261121)

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            found = seen(line.folder)
            reads += 1
            if len(found) != 1:
                mixtures.append(found)
            time.sleep(0.001)

    reader = threading.Thread(target=read)
    reader.start()
    switches = set()
    try:
        for number in range(2, 42):
            line.city.store.commit("portal", generation(number), at=line.city.at)
            process = subprocess.Popen(commanding.words(line, "--every", "0.1", once=False), env=commanding.environment(), stdout=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.4, 2.0) * one_run)
            process.kill()
            process.wait()
            switches |= sound(line)
    finally:
        stop.set()
        reader.join()
    assert mixtures == []
    assert reads > 500
    assert len(switches) > 2, "some pulls were completed between the deaths"
    assert commanding.run(line).returncode == 0
    assert sound(line) == {b"41"}


def test_a_mirror_that_wrote_where_it_serves_would_be_seen(line: Line) -> None:
    page = line.folder / "sites/portal/current" / PATHS[0]
    page.unlink()
    page.write_bytes(b"2 written in place")
    assert len(seen(line.folder)) == 2


def test_what_was_kept_before_the_death_is_not_fetched_again(line: Line) -> None:
    line.city.store.commit("portal", generation(2), at=line.city.at)
    assert commanding.run(line, fault="mirror.files_kept:1").returncode == -signal.SIGKILL
    line.middle.seen.clear()
    assert commanding.run(line).returncode == 0
    assert [path for path in line.middle.seen if path.startswith("files/")] == []


def test_a_death_does_not_let_an_old_word_in(line: Line) -> None:
    """The memory of a mirror is its record: it is durable before anything is served from it."""
    from tests.snapshots.mirror.attacks import RECORD, on

    old = line.city.record()
    line.city.store.commit("portal", generation(2), at=line.city.at)
    assert commanding.run(line, fault="store.before_switch:1").returncode == -signal.SIGKILL
    line.middle.tampering = on(RECORD, lambda _, reply: reply.said(old))
    assert commanding.run(line).returncode == 3
    assert sound(line) == {b"2"}, "the switch that died was completed"

"""The guard as a process: killed, flooded, doubled, ended."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fangtang.snapshots.guard.program import main
from tests.snapshots.guard import attacks
from tests.snapshots.guard.attacks import EVIL, Page
from tests.snapshots.guard.conftest import PAGES, Place

pytestmark = pytest.mark.slow
Start = Callable[..., subprocess.Popen[str]]


def until(is_so: Callable[[], object], *, seconds: float = 20.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def watcher(process: subprocess.Popen[str]) -> int:
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


@pytest.fixture
def start(place: Place) -> Iterator[Start]:
    begun: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "fangtang.snapshots.guard", "--store", str(place.folder / "store"), "--home", str(place.home.folder), *arguments]
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        return begun[-1]

    yield run
    for process in begun:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def line(process: subprocess.Popen[str]) -> str:
    """The next one that says what is watched; empty at the end."""
    assert process.stdout
    return next((line for line in process.stdout if line.startswith("Watching")), "")


def test_it_says_what_it_watches_and_ends_when_asked(place: Place, start: Start) -> None:
    place.fill()
    process = start("--shield")
    assert f"Watching {place.folder / 'store'}: 2 sites, 25 files in 11 directories" in line(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert place.incidents() == []


def test_a_killed_watcher_is_back_with_a_look_at_everything(place: Place, start: Start) -> None:
    place.fill()
    process = start()
    line(process)
    scene = place.scene()
    scene.watcher = watcher(process)
    is_right = attacks.kill_the_watcher(scene)
    until(is_right)
    line(process)
    until(lambda: len(list((place.home.folder / "incidents").glob("*.json"))) >= 2)
    kinds = {incident["kind"]: incident for incident in place.incidents()}
    assert kinds["watcher_died"]["about"] == {"signal": "SIGKILL"}
    assert kinds["changed"]["noticed"] in {"start", "watch"}
    assert watcher(process) != scene.watcher


def test_a_log_that_nobody_reads_holds_nothing_up(place: Place, start: Start) -> None:
    place.fill()
    process = start()
    line(process)
    assert process.stdout
    most = fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    for number in range(most // 60):
        page = Page(place.scene(), "portal", PAGES[1 + number % 10])
        page.file.write_bytes(EVIL)
        until(page.is_right)
        until(place.incidents)


@pytest.mark.parametrize(("number", "noticed"), [(0, "scan"), (1, "scan"), (2, "watch")], ids=["the page's queue", "every queue", "another queue"])
def test_an_overflowing_queue_hides_nothing(place: Place, start: Start, number: int, noticed: str) -> None:
    place.fill()
    process = start()
    line(process)
    scene = place.scene()
    scene.watcher, scene.round = watcher(process), number
    until(attacks.overflow_the_queue(scene))
    until(lambda: {incident["noticed"] for incident in place.incidents()} == {noticed})


def test_a_killed_parent_takes_the_watcher_along_and_the_next_one_waits_for_it(place: Place, start: Start) -> None:
    place.fill()
    first = start()
    line(first)
    second = start()
    orphan = watcher(first)
    first.kill()
    until(lambda: not Path(f"/proc/{orphan}").exists() or Path(f"/proc/{orphan}/stat").read_text().split()[2] == "Z")
    assert line(second)
    page = Page(place.scene(), "portal", PAGES[1])
    page.file.write_bytes(EVIL)
    until(page.is_right)


def test_it_falls_back_to_passes_when_the_kernel_has_no_watches_left(place: Place, start: Start) -> None:
    """In a user namespace of its own, with a limit of its own."""
    place.fill()
    limit = "echo 40 > /proc/sys/user/max_inotify_watches && exec "
    command = [sys.executable, "-m", "fangtang.snapshots.guard", "--store", place.folder / "store", "--home", place.home.folder, "--pass-seconds", "0.2"]
    wrapped = ["unshare", "--user", "--map-root-user", "sh", "-c", limit + '"$@"', "sh", *map(str, command)]
    process = subprocess.Popen(wrapped, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        if not line(process):
            pytest.skip("no user namespaces here")
        page = Page(place.scene(), "portal", PAGES[1])
        page.file.write_bytes(EVIL)
        until(page.is_right)
        until(lambda: "watches_exhausted" in {incident["kind"] for incident in place.incidents()})
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()


def test_neither_django_nor_a_database_is_loaded(place: Place) -> None:
    code = "import sys, fangtang.snapshots.guard; print([name for name in sys.modules if name.partition('.')[0] in {'django', 'wagtail', 'sqlite3'}])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ).stdout.strip() == "[]"


def test_wrong_arguments_are_refused(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--store", str(tmp_path)], ["--check", str(tmp_path)], ["--store", "a", "--home", "b", "--trust", str(tmp_path / "none")]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2

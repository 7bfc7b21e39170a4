"""A task that is left wakes a waiting worker at once; a lost ring costs a moment and nothing else."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from fangtang.config.queue import LOOK_SECONDS, BelledStorage
from fangtang.notices import tasks as notices
from fangtang.snapshots import tasks as snapshots


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "queue.sqlite3")


def taken(storage: BelledStorage) -> tuple[bytes | None, float]:
    """The next task, and after how many seconds it came."""
    began = time.perf_counter()
    while (task := storage.dequeue()) is None and time.perf_counter() - began < 5:
        pass
    return task, time.perf_counter() - began


def later(seconds: float, *steps) -> threading.Thread:
    def run() -> None:
        time.sleep(seconds)
        for step in steps:
            step()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def median_wait(file: str, *, rounds: int = 9) -> float:
    """From a task that is left by another storage on the same file, as another process has one, until it is taken."""
    workers, others = BelledStorage("q", filename=file), BelledStorage("q", filename=file)
    waits = []
    for number in range(rounds):
        left: list[float] = []
        thread = later(0.02 + number / 100, lambda left=left: left.append(time.perf_counter()), lambda: others.enqueue(b"task"))
        task, _ = taken(workers)
        waits.append(time.perf_counter() - left[0])
        thread.join()
        assert task == b"task"
    return sorted(waits)[rounds // 2]


def test_a_task_is_taken_at_once(file: str):
    assert median_wait(file) < LOOK_SECONDS / 5


def test_a_bell_that_is_not_rung_would_be_noticed(file: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fangtang.config.queue.os.write", lambda descriptor, content: len(content))
    assert median_wait(file) > LOOK_SECONDS / 5


def test_a_task_left_while_nobody_listens_is_taken_without_waiting(file: str):
    BelledStorage("q", filename=file).enqueue(b"early")
    task, seconds = taken(BelledStorage("q", filename=file))
    assert (task, seconds < LOOK_SECONDS) == (b"early", True)


def test_without_a_task_the_worker_is_let_go_soon_so_that_it_can_be_stopped(file: str):
    began = time.perf_counter()
    assert BelledStorage("q", filename=file).dequeue() is None
    assert LOOK_SECONDS * 0.9 < time.perf_counter() - began < LOOK_SECONDS * 4


def test_two_tasks_and_two_workers(file: str):
    storage, found = BelledStorage("q", filename=file), []
    threads = [threading.Thread(target=lambda: found.append(taken(storage))) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    for task in (b"one", b"two"):
        BelledStorage("q", filename=file).enqueue(task)
    for thread in threads:
        thread.join()
    assert sorted(task for task, _ in found) == [b"one", b"two"]


def test_a_release_goes_before_mails_and_mails_before_the_rest(file: str):
    storage = BelledStorage("q", filename=file)
    storage.enqueue(b"rest")
    for task in (notices.send, snapshots.build):
        storage.enqueue(task.name.encode(), task.priority)
    assert [taken(storage)[0] for _ in range(3)] == [b"build", b"send", b"rest"]


def test_where_no_pipe_can_be_made_tasks_are_looked_for(file: str, monkeypatch: pytest.MonkeyPatch):
    def refused(place: str, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", place)

    monkeypatch.setattr("fangtang.config.queue.os.mkfifo", refused)
    monkeypatch.setattr("fangtang.config.queue.os.open", lambda place, flags: refused(place, flags))
    assert median_wait(file, rounds=3) < 2 * LOOK_SECONDS


def test_a_full_pipe_and_a_lost_pipe_lose_nothing(file: str, tmp_path: Path):
    storage = BelledStorage("q", filename=file)
    storage.dequeue()  # makes the pipe, and listens from now on
    for _ in range(70_000):
        storage._ring()
    storage.enqueue(b"full")
    assert taken(storage)[0] == b"full"
    (tmp_path / "queue.sqlite3.bell").unlink()
    storage.enqueue(b"lost")
    assert taken(storage)[0] == b"lost"

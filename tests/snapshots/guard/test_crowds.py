"""Very many changes at once: shared out among processes, with files that lie ready; whatever goes wrong with those, everything is put right."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fangtang.snapshots.guard import blanks, crews, crowds, restoring
from fangtang.snapshots.guard import guard as guards
from fangtang.snapshots.guard.blanks import Blanks
from fangtang.snapshots.guard.restoring import Restorer
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.guard.watching import Overflow, Watches
from tests.snapshots.guard import attacks
from tests.snapshots.guard.attacks import EVIL, Page
from tests.snapshots.guard.conftest import AT, PAGES, Place, body


@pytest.fixture
def crowded(watched: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Four changes are a crowd, and the files for it lie ready."""
    for module in (guards, crowds):
        monkeypatch.setattr(module, "MANY", 4)
    monkeypatch.setattr(restoring, "MANY", 1)
    monkeypatch.setattr(blanks, "EACH", 10)
    monkeypatch.setattr(crews, "size", lambda: 2)
    watched.settle(seconds=0.1)
    assert list((watched.folder / "store/guard").iterdir())
    return watched


def assert_undone(place: Place, *, many: int = 16) -> list[dict[str, Any]]:
    is_right = partial(attacks.change_very_many, many=many)(place.scene())
    place.settle(seconds=0.1)
    assert is_right()
    assert place.is_whole()
    told = place.incidents()
    found = [incident for incident in told if incident["kind"] != "watcher_died"]
    assert sum(incident["count"] for incident in found) == sum(incident["restored"] for incident in found) == 2 * many
    assert {one["source"] for incident in found for one in incident["places"]} <= {"spare", "object"}
    assert all(one["found"][0]["seen"] for incident in found for one in incident["places"] if one["place"].startswith("trees"))
    return [incident for incident in told if incident not in found]


def test_a_crowd_is_undone_and_told_like_any_other(crowded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    lives: list[int] = []
    monkeypatch.setattr(crews.os, "fork", partial(counted, os.fork, lives))
    assert_undone(crowded)
    assert lives


def counted(call: object, calls: list[int]) -> int:
    assert callable(call)
    calls.append(1)
    return int(call())


def test_a_crowd_is_undone_when_no_child_can_be_made(crowded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(crews.os, "fork", refuse)
    assert_undone(crowded)


def test_a_crowd_is_undone_when_children_die(crowded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, put = os.getpid(), Restorer.put_right

    def die_in_a_child(restorer: Restorer, *arguments: object) -> object:
        if os.getpid() != ours:
            os._exit(9)
        return put(restorer, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Restorer, "put_right", die_in_a_child)
    deaths = assert_undone(crowded)
    assert deaths[0]["about"] == {"status": 9}


def test_a_release_in_the_middle_of_a_crowd_is_no_attack(crowded: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is looked at before anything is put right, in every process: what has been released away is not brought back."""
    old = Page(crowded.scene(), "portal", PAGES[4]).file.parent
    for path in PAGES[4:]:
        Page(crowded.scene(), "portal", path).file.write_bytes(EVIL)
    share = crews.share

    def release_first(*arguments: Any, **keywords: Any) -> Any:
        monkeypatch.setattr(crews, "share", share)
        crowded.store.commit("portal", {PAGES[4]: body("portal", PAGES[4], 7)}, at=AT + timedelta(days=60))
        for file in old.iterdir():
            file.unlink()
        return share(*arguments, **keywords)

    monkeypatch.setattr(crews, "share", release_first)
    crowded.settle(seconds=0.2)
    assert crowded.is_whole()
    assert not list(old.iterdir())
    assert not [place for place in crowded.places() if old.name in place["place"]]


def test_files_that_lie_ready_are_used_only_as_we_left_them(crowded: Place) -> None:
    for folder in (crowded.folder / "store/guard").iterdir():
        for number, file in enumerate(sorted(folder.iterdir())):
            if number % 3 == 0:
                file.write_bytes(b"longer than any page" * 1000)
            elif number % 3 == 1:
                os.link(file, crowded.folder / f"aside/{folder.name}{file.name}")
    assert_undone(crowded)


def test_the_folder_of_ready_files_is_ours_alone(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "guard").symlink_to(tmp_path / "elsewhere")
    ready = Blanks(tmp_path)
    lay_all(ready)
    assert not (tmp_path / "guard").is_symlink()
    assert (tmp_path / "guard").stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / "elsewhere").iterdir())
    (tmp_path / "guard/.half").mkdir()
    (tmp_path / "guard/.half/blank-1").touch()
    ready.close()
    again = Blanks(tmp_path)
    lay_all(again)
    assert len(list((tmp_path / "guard").iterdir())) == 2
    tmp = os.open(tmp_path / "tmp", os.O_RDONLY)
    assert [again.take(tmp, name) for name in ("one", "two", "three")] == [blanks.EACH, blanks.EACH, 0]
    assert len(list((tmp_path / "tmp/one").iterdir())) == blanks.EACH
    os.close(tmp)
    again.close()


def lay_all(ready: Blanks) -> None:
    while ready.is_lacking(2 * blanks.EACH + 5, now=1.0):
        ready.lay(now=1.0)


def test_a_disk_without_room_for_ready_files_is_left_alone_for_a_while(tmp_path: Path) -> None:
    ready = Blanks(tmp_path / "none")
    for _ in range(2):
        ready.lay(now=1.0)
    assert not ready.is_lacking(10_000, now=1.0)
    assert ready.is_lacking(10_000, now=1.0 + blanks.RETRY_SECONDS)


def test_an_answer_that_is_cut_off_is_none() -> None:
    deaths: list[int] = []
    assert crews.share(partial(answer, os.getpid()), [1, 2, 3], on_death=deaths.append) == [1, None, 9]
    assert deaths == [9]


def answer(ours: int, number: int) -> object:
    if number == 2:
        assert os.getpid() != ours
        os.kill(os.getpid(), 9)
    return number * number


def test_a_queue_holds_a_sixteenth_of_the_directories(tmp_path: Path) -> None:
    watches = Watches()
    for number in range(256):
        (tmp_path / f"{number:02x}").mkdir()
        watches.add(os.fspath(tmp_path / f"{number:02x}"), Spot(What.TREE, f"{number:02x}" * 32))
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for number in range(most + 10):
        os.utime(tmp_path / f"a{number % 2}", (number, number))
    (tmp_path / "b0/page").touch()
    found = list(watches.read())
    (overflow,) = [one for one in found if isinstance(one, Overflow)]
    assert {spot.digest[0] for spot in overflow.spots} == {"a"}
    assert len(overflow.spots) == 16
    assert Spot(What.ENTRY, "b0" * 32, "page") in {one.spot for one in found if not isinstance(one, Overflow)}
    watches.close()


def test_a_user_with_few_queues_left_watches_with_one(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.stop()
    monkeypatch.setattr("fangtang.snapshots.guard.watching.QUEUES", 1)
    watched.watch()
    page = Page(watched.scene(), "portal", PAGES[1])
    page.file.write_bytes(b"x")
    watched.settle()
    assert page.is_right()

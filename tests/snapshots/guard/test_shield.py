"""Very many foreign files at once: readers are led to the guard's own copies before the first is put right, and back when all are."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.guard import Home, crews, crowds, replicas, restoring, shield, spare
from fangtang.snapshots.guard import guard as guards
from fangtang.snapshots.guard.inspecting import TICK_NS
from fangtang.snapshots.guard.replicas import Replicas
from fangtang.snapshots.guard.restoring import Restorer
from fangtang.snapshots.guard.shield import Shield
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.store import sites
from fangtang.snapshots.store.files import modified_at
from fangtang.snapshots.store.layout import fanned
from tests.snapshots.guard import attacks
from tests.snapshots.guard.attacks import EVIL, Page
from tests.snapshots.guard.conftest import AT, PAGES, SITES, Place

ALL = [(key, path) for key in SITES for path in PAGES[1:]]


class Killed(Exception):
    """In the middle of a step, as by kill -9."""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Where others may pass through; four changes are very many; one process, so that every step is seen here."""
    for module in (guards, crowds):
        monkeypatch.setattr(module, "MANY", 4)
    monkeypatch.setattr(guards, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(restoring, "MANY", 10_000)
    monkeypatch.setattr(crews, "size", lambda: 1)
    monkeypatch.setattr(replicas, "CALM_SECONDS", 0.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        found = Place(folder)
        found.fill()
        time.sleep(2 * TICK_NS / 1e9)
        yield found
        with suppress(OSError):
            found.stop()


@pytest.fixture
def ready(place: Place) -> Place:
    place.watch()
    lay_all(place)
    assert place.incidents() == []
    return place


def lay_all(place: Place) -> None:
    until = time.monotonic() + 10
    while part(place).replicas.due <= time.monotonic() + 1:
        place.settle(seconds=0.01)
        assert time.monotonic() < until


def part(place: Place) -> Shield:
    assert place.guard
    return place.guard._shield


def link(place: Place, key: str = "portal") -> str:
    return os.fspath(Path(place.store.layout.site(key), "current").readlink())


def shielding(place: Place, key: str = "portal") -> str:
    return f"{place.home.folder}/shield/trees/{fanned(place.store.root(key) or '')}"


def is_led_there(place: Place, key: str = "portal") -> bool:
    return link(place, key) == shielding(place, key)


def attack(place: Place) -> attacks.ManyRight:
    return attacks.change_very_many(place.scene(), many=16)


def at_the_first_repair(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[bool]:
    """Do something when the first page is about to be put right, and every other one is still foreign. What it gives is kept."""
    done: list[Any] = []
    put_right = Restorer.put_right

    def acting(restorer: Restorer, *arguments: Any) -> Any:
        if not done:
            done.append(None)
            done[0] = act()
        return put_right(restorer, *arguments)

    monkeypatch.setattr(Restorer, "put_right", acting)
    return done


def stay_raised(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is right again, and the shield is still up: where the guard is between its last repair and its next pass."""
    with monkeypatch.context() as patched:
        patched.setattr(Shield, "end_pass", lambda *arguments, **keywords: None)
        attack(place)
        place.settle(seconds=0.1)
    assert all(is_led_there(place, key) for key in SITES)
    place.incidents()


def assert_lowered(place: Place) -> None:
    for _ in range(100):
        if not part(place).raised:
            break
        place.settle(seconds=0.05)
    for key in SITES:
        assert link(place, key) == f"../../trees/{fanned(place.store.root(key) or '')}"
    assert not any(place.store.verify(key, trust=place.trust) for key in SITES)
    assert json.loads(place.home.read("raised") or b"{}") == {}


def test_readers_meet_right_bytes_before_the_first_is_put_right_and_ever_after(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[tuple[bool, bool]] = []
    put_right = Restorer.put_right

    def looking(restorer: Restorer, *arguments: Any) -> Any:
        met.append((all(page.is_right() for page in is_right.pages), is_right.in_store()))
        return put_right(restorer, *arguments)

    monkeypatch.setattr(Restorer, "put_right", looking)
    is_right = attack(ready)
    assert not is_right()
    ready.settle(seconds=0.1)
    assert met[:16] == [(True, False)] * 16
    assert all(for_readers for for_readers, _ in met)
    assert is_right()
    assert_lowered(ready)
    places = ready.places()
    assert len(places) == 32
    assert not [one for one in places if one["place"].startswith("sites")]


def test_few_changes_and_a_large_release_do_not_raise_it(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[object] = []
    monkeypatch.setattr(Shield, "lift", lambda *arguments, **keywords: raised.append(arguments) or [])
    for path in PAGES[1:4]:
        Page(ready.scene(), "portal", path).file.write_bytes(EVIL)
    ready.settle()
    ready.store.commit_all({key: {f"more/{number}.html": b"%d" % number for number in range(50)} for key in SITES}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.6)
    assert not raised
    attack(ready)
    ready.settle()
    assert raised


def test_it_stays_up_as_long_as_anything_is_wrong(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shield, "PASSES_APART", 1.0)
    page = Page(ready.scene(), "portal", PAGES[1])
    put_right = Restorer._put_right

    def refusing(restorer: Restorer, batch: Any, outcome: Any) -> None:
        if outcome.finding.spot.name == page.name:
            raise OSError(errno.EPERM, "immutable")
        put_right(restorer, batch, outcome)

    with monkeypatch.context() as patched:
        patched.setattr(Restorer, "_put_right", refusing)
        page.file.write_bytes(EVIL)
        attack(ready)
        ready.settle(seconds=0.3)
        assert is_led_there(ready)
        assert page.file.read_bytes() == EVIL
        assert page.is_right()
    ready.settle(seconds=0.2)
    assert_lowered(ready)


def die(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attacked, and killed when the shield was up and nothing was right."""

    def kill() -> None:
        raise Killed

    with monkeypatch.context() as patched:
        at_the_first_repair(patched, kill)
        with pytest.raises(Killed):
            place.settle(seconds=0.1)
    assert place.guard
    place.guard.watches.close()


def test_a_guard_that_was_killed_knows_its_own_work_and_ends_it(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    is_right = attack(ready)
    die(ready, monkeypatch)
    assert is_right()
    assert not is_right.in_store()
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(ready) and all(page.is_right() for page in is_right.pages))
    ready.watch()
    assert met == [True]
    assert_lowered(ready)
    assert not [one for one in ready.places() if one["place"].startswith("sites")]


def test_a_next_life_that_is_told_not_to_use_it_ends_it_too(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    attack(ready)
    die(ready, monkeypatch)
    ready.watch(shield=False)
    assert_lowered(ready)
    attack(ready)
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(ready))
    ready.settle()
    assert met == [False]


def test_after_the_machine_was_off_it_is_lowered_without_a_sound_and_laid_anew(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stay_raised(ready, monkeypatch)
    ready.stop()
    (ready.home.folder / "shield/boot").write_bytes(b"another\n")
    before = Path(shielding(ready)).stat().st_ino
    ready.watch()
    assert_lowered(ready)
    assert ready.incidents() == []
    lay_all(ready)
    assert Path(shielding(ready)).stat().st_ino != before
    assert part(ready).replicas.lacking == 0


def test_a_release_while_it_is_up_is_a_release(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stay_raised(ready, monkeypatch)
    ready.store.commit("portal", {PAGES[2]: b"new"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.6)
    assert link(ready) == f"../../trees/{fanned(ready.store.root('portal') or '')}"
    assert Path(ready.store.layout.site("portal"), "current", PAGES[2]).read_bytes() == b"new"
    assert list(part(ready).raised) == ["water"]
    assert is_led_there(ready, "water")
    assert ready.incidents() == []
    lay_all(ready)
    stay_raised(ready, monkeypatch)


def test_a_release_in_the_middle_of_the_attack_is_no_attack(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    attack(ready)
    at_the_first_repair(monkeypatch, lambda: ready.store.commit("portal", {PAGES[2]: b"new"}, at=AT + timedelta(days=1)))
    ready.settle(seconds=0.7)
    assert ready.store.read("portal", PAGES[2]) == b"new"
    assert_lowered(ready)
    assert not [one for one in ready.places() if one["place"].startswith("sites")]


def test_a_writer_that_dies_while_it_is_up_is_completed(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stay_raised(ready, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(sites, "point", lambda layout, site_key, root: None)
        ready.store.commit("portal", {PAGES[2]: b"new"}, at=AT + timedelta(days=1))
    ready.settle(seconds=1.2)
    assert ready.store.read("portal", PAGES[2]) == b"new"
    assert Path(ready.store.layout.site("portal"), "current", PAGES[2]).read_bytes() == b"new"
    assert ready.incidents() == []


def test_whoever_points_to_the_right_root_does_no_harm(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stay_raised(ready, monkeypatch)
    sites.point(ready.store.layout, "portal", ready.store.root("portal") or "")
    ready.settle()
    assert is_led_there(ready)
    assert ready.incidents() == []


def elsewhere(place: Place, where: str) -> str | None:
    old = place.store.log("portal")[0].root_sha256
    found = {
        "an old root in the shield": f"{place.home.folder}/shield/trees/{fanned(old)}",
        "another site in the shield": shielding(place, "water"),
        "an old root": f"../../trees/{fanned(old)}",
        "the right root elsewhere": f"{place.folder}/aside/{fanned(place.store.root('portal') or '')}",
        "nothing": None,
    }
    return found[where]


@pytest.mark.parametrize("where", ["an old root in the shield", "another site in the shield", "an old root", "the right root elsewhere", "nothing"])
@pytest.mark.parametrize("is_up", [True, False], ids=["up", "down"])
def test_any_other_place_is_foreign(ready: Place, monkeypatch: pytest.MonkeyPatch, where: str, is_up: bool) -> None:
    if is_up:
        stay_raised(ready, monkeypatch)
    before, leads_to = link(ready), elsewhere(ready, where)
    current = Path(ready.store.layout.site("portal"), "current")
    current.unlink()
    if leads_to:
        current.symlink_to(leads_to)
    ready.settle(seconds=0.05)
    assert link(ready) == before
    assert ready.guard
    assert ready.guard._standing.documents(Spot(What.CURRENT, name="portal")) == before.encode()
    assert [one["place"] for one in ready.places()] == ["sites/portal/current"]


def test_a_foreign_current_in_the_midst_of_all_leads_to_the_shield_and_is_told(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shield, "end_pass", lambda *arguments, **keywords: None)
    attack(ready)
    current = Path(ready.store.layout.site("portal"), "current")
    current.unlink()
    current.symlink_to("/etc")
    met = at_the_first_repair(monkeypatch, lambda: (link(ready), is_led_there(ready, "water")))
    ready.settle(seconds=0.1)
    assert met == [("/etc", True)], "what lies there is evidence, and is the first to be put right"
    assert is_led_there(ready)
    assert [one["place"] for one in ready.places() if one["place"].startswith("sites")] == ["sites/portal/current"]


def test_a_guard_whose_passes_have_used_up_their_credit_waits_without_spinning(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready.guard
    ready.guard._schedule.spend(600)
    attack(ready)
    ready.settle(seconds=0.1)
    assert is_led_there(ready)
    assert ready.guard._timeout() > 1


def test_the_shield_itself_is_foreign_while_it_is_not_raised(ready: Place) -> None:
    current, there = Path(ready.store.layout.site("portal"), "current"), shielding(ready)
    current.unlink()
    current.symlink_to(there)
    ready.settle(seconds=0.05)
    assert not is_led_there(ready)
    assert [one["place"] for one in ready.places()] == ["sites/portal/current"]


def test_a_root_from_before_is_foreign_however_it_is_spelt(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a writer is on its way `current` may still say what it said, and not lead to a place of the same name."""
    planted = elsewhere(ready, "the right root elsewhere") or ""

    def point_elsewhere(layout: Any, site_key: str, root: str) -> None:
        current = Path(layout.site(site_key), "current")
        current.unlink()
        current.symlink_to(planted)

    with monkeypatch.context() as patched:
        patched.setattr(sites, "point", point_elsewhere)
        ready.store.commit("portal", {PAGES[2]: b"new"}, at=AT + timedelta(days=1))
    ready.settle()
    assert [one["place"] for one in ready.places()] == ["sites/portal/current"]


def test_a_site_that_does_not_lie_ready_is_put_right_as_ever(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "CALM_SECONDS", 3600.0)
    ready.store.commit("portal", {PAGES[0]: b"young"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.6)
    met = at_the_first_repair(monkeypatch, lambda: (is_led_there(ready), is_led_there(ready, "water")))
    is_right = attack(ready)
    ready.settle(seconds=0.1)
    assert met == [(False, True)]
    assert is_right()
    assert_lowered(ready)


def test_half_of_a_site_is_not_shown(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its top folder lies ready, those below do not."""
    monkeypatch.setattr(replicas, "CALM_SECONDS", 3600.0)
    ready.store.commit("portal", {PAGES[0]: b"young"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.6)
    laid = part(ready).replicas
    while (ready.store.root("portal") or "") not in laid:
        laid.lay(now=time.monotonic())
    assert laid.lacking
    met = at_the_first_repair(monkeypatch, lambda: (is_led_there(ready), is_led_there(ready, "water")))
    attack(ready)
    ready.settle(seconds=0.1)
    assert met == [(False, True)]
    assert_lowered(ready)


@pytest.mark.parametrize(("wish", "is_used"), [(None, False), (True, True), (False, False)])
def test_on_another_mount_it_is_used_only_when_somebody_says_so(place: Place, monkeypatch: pytest.MonkeyPatch, wish: bool | None, is_used: bool) -> None:
    monkeypatch.setattr(replicas, "mount", lambda folder: len(str(folder)))
    place.watch(shield=wish)
    place.settle(seconds=0.2)
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(place))
    is_right = attack(place)
    place.settle(seconds=0.1)
    assert met == [is_used]
    assert is_right()
    assert_lowered(place)


@pytest.mark.parametrize("wish", [None, True])
def test_it_is_not_used_where_others_may_not_pass(place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wish: bool | None) -> None:
    place.home.folder.chmod(0o750)
    caplog.set_level("INFO")
    place.watch(shield=wish)
    place.settle(seconds=0.2)
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(place))
    is_right = attack(place)
    place.settle(seconds=0.1)
    assert met == [False]
    assert is_right()
    assert [line for line in caplog.messages if "closed to others" in line] == [f"No shield: {place.home.folder} is closed to others"]


@pytest.mark.parametrize("wish", [None, True])
def test_where_the_store_is_closed_too_its_readers_are_ours(place: Place, monkeypatch: pytest.MonkeyPatch, wish: bool | None) -> None:
    """As in a home that is nobody else's, where the embedded server runs as the same user."""
    place.home.folder.chmod(0o700)
    place.folder.chmod(0o700)
    place.watch(shield=wish)
    place.settle(seconds=0.2)
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(place))
    attack(place)
    place.settle(seconds=0.1)
    assert met == [True]


def test_a_folder_that_was_closed_meanwhile_is_not_used(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ready.home.folder.chmod(0o750)
    met = at_the_first_repair(monkeypatch, lambda: is_led_there(ready))
    attack(ready)
    ready.settle()
    assert met == [False]


def test_both_folders_here_lie_on_one_mount(place: Place) -> None:
    assert replicas.mount(place.folder) == replicas.mount(place.home.folder) != replicas.mount(Path("/proc"))
    assert "No such file" in replicas.obstacle(place.folder / "none", place.folder, wish=True)


def test_only_what_is_shown_can_be_read_by_others(tmp_path: Path) -> None:
    for mask in (0o000, 0o077):
        before = os.umask(mask)
        try:
            home = Home(tmp_path / f"home{mask}")
            home.write("sound", b"[]")
            assert home.lock()
        finally:
            os.umask(before)
        modes = {file.name: file.stat().st_mode & 0o777 for file in home.folder.iterdir()}
        assert home.folder.stat().st_mode & 0o777 == 0o751
        assert modes.pop("shield") == 0o711
        assert {modes.pop("incidents"), modes.pop("rebuild")} == {0o770}
        assert {modes.pop("sound"), modes.pop("lock")} == {0o640}
        assert set(modes.values()) == {0o750}


def test_what_is_shown_are_the_spares_own_files(place: Place) -> None:
    before = os.umask(0o077)
    try:
        place.watch()
        lay_all(place)
    finally:
        os.umask(before)
    page = Page(place.scene(), "portal", PAGES[1])
    shown = Path(shielding(place), PAGES[1])
    copy = place.home.folder / "spare/objects" / fanned(page.digest)
    assert shown.samefile(copy)
    assert not shown.samefile(page.file)
    assert (shown.stat().st_mode, shown.stat().st_mtime_ns) == (page.file.stat().st_mode, page.file.stat().st_mtime_ns)
    trees = place.home.folder / "shield/trees"
    assert {folder.stat().st_mode & 0o777 for folder in (trees, *trees.glob("*"), *trees.glob("*/*"))} == {0o755}
    assert {folder.name for folder in trees.glob("*/*")} == {folder.name for folder in Path(place.store.layout.folder, "trees").glob("*/*")} - former(place)


def former(place: Place) -> set[str]:
    assert place.guard
    return {folder.name for folder in Path(place.store.layout.folder, "trees").glob("*/*")} - set(place.guard._standing.inspector.expected.trees)


def test_a_file_that_can_have_no_more_links_is_copied(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "link", lambda source, name: False)
    place.watch()
    lay_all(place)
    page = Page(place.scene(), "portal", PAGES[1])
    shown = Path(shielding(place), PAGES[1])
    assert attacks.is_file(shown, page.digest)
    assert shown.stat().st_nlink == 1
    stay_raised(place, monkeypatch)


def test_a_disk_that_refuses_holds_nothing_up_and_is_asked_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, name: str) -> bool:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(replicas, "RETRY_SECONDS", 0.3)
    with monkeypatch.context() as patched:
        patched.setattr(spare, "link", refuse)
        place.watch()
        place.settle(seconds=0.1)
        is_right = attack(place)
        place.settle(seconds=0.1)
        assert is_right()
        assert part(place).replicas.lacking > 0
    place.settle(seconds=0.4)
    lay_all(place)
    assert part(place).replicas.lacking == 0
    stay_raised(place, monkeypatch)


def test_nothing_has_its_name_before_it_is_complete(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any step of laying, and laid by the next life."""
    lay, steps = Replicas.lay, list[int]()
    monkeypatch.setattr(replicas, "STEP_FILES", 1)

    def kill_later(self: Replicas, *, now: float) -> None:
        if not steps:
            raise Killed
        steps.pop()
        lay(self, now=now)

    for life in (0, 1, 2, 5, 9, 14, 20, 27):
        steps[:] = range(life)
        with monkeypatch.context() as patched:
            patched.setattr(Replicas, "lay", kill_later)
            with suppress(Killed):
                place.watch()
                lay_all(place)
            place.stop()
        for folder in sorted((place.home.folder / "shield/trees").glob("*/*")):
            assert {file.name for file in folder.iterdir()} == set(place.store.layout.read_entries(folder.name))
    place.watch()
    lay_all(place)
    assert part(place).replicas.lacking == 0
    assert not list((place.home.folder / "shield/new").iterdir())
    assert not list((place.home.folder / "shield/gone").iterdir())


def test_what_stands_no_more_goes_after_a_while_but_not_while_readers_are_there(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Path(shielding(ready))
    monkeypatch.setattr(replicas, "KEEP_SECONDS", 0.2)
    stay_raised(ready, monkeypatch)
    ready.store.commit("portal", {PAGES[0]: b"young"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.8)
    assert old.exists()
    assert Path(shielding(ready)).exists()
    ready.watch()
    assert_lowered(ready)
    ready.settle(seconds=0.4)
    lay_all(ready)
    assert not old.exists()
    assert part(ready).replicas.due == float("inf"), "then nothing is left to do"


def test_what_a_release_took_goes_in_the_same_life(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Path(shielding(ready))
    monkeypatch.setattr(replicas, "KEEP_SECONDS", 0.1)
    ready.store.commit("portal", {PAGES[0]: b"young"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.9)
    lay_all(ready)
    assert not old.exists()
    assert Path(shielding(ready)).exists()


def test_a_copy_that_rots_is_laid_anew(place: Place) -> None:
    place.watch(scrub_seconds=0.1, pass_seconds=0.1)
    lay_all(place)
    page = Page(place.scene(), "portal", PAGES[1])
    (place.home.folder / "spare/objects" / fanned(page.digest)).write_bytes(EVIL)
    assert Path(shielding(place), PAGES[1]).read_bytes() == EVIL
    for _ in range(100):
        place.settle(seconds=0.05)
        if attacks.is_file(Path(shielding(place), PAGES[1]), page.digest):
            break
    lay_all(place)
    assert attacks.is_file(Path(shielding(place), PAGES[1]), page.digest)


def test_a_copy_that_has_rotted_is_not_lent(tmp_path: Path) -> None:
    ours, source = spare.Spare(tmp_path / "spare"), tmp_path / "source"
    source.write_bytes(b"right")
    digest = sha256(b"right")
    with source.open("rb") as file:
        assert ours.take("objects", digest, file.fileno())
    assert ours.lend(digest, str(tmp_path / "one"))
    (tmp_path / "one").write_bytes(EVIL)
    assert not ours.lend(digest, str(tmp_path / "two"))
    assert not ours.lend(digest, str(tmp_path / "three"))
    assert ours.discarded == [digest]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one", "source", "spare"]


def test_a_copy_from_before_or_that_was_given_up_is_lent_as_what_it_is_a_copy_of(tmp_path: Path) -> None:
    ours, source = spare.Spare(tmp_path / "spare"), tmp_path / "source"
    source.write_bytes(b"right")
    digest = sha256(b"right")
    with source.open("rb") as file:
        assert ours.take("objects", digest, file.fileno())
    ours.give_up("objects", [digest])
    (tmp_path / "spare/objects" / fanned(digest)).chmod(0o600)
    assert ours.lend(digest, str(tmp_path / "one"))
    seen = (tmp_path / "one").stat()
    assert (seen.st_mode & 0o777, seen.st_mtime) == (0o444, modified_at(digest))


def test_a_copy_of_what_went_while_nobody_looked_is_kept_for_a_while_too(tmp_path: Path) -> None:
    ours, source = spare.Spare(tmp_path / "spare"), tmp_path / "source"
    source.write_bytes(b"right")
    digest = sha256(b"right")
    with source.open("rb") as file:
        assert ours.take("objects", digest, file.fileno())
    for _ in range(2):
        list(ours.tidy("objects", [], keep_seconds=60))
        assert ours.has("objects", digest)


def test_a_release_is_not_disturbed(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "CALM_SECONDS", 0.8)
    ready.store.commit("portal", {PAGES[0]: b"young"}, at=AT + timedelta(days=1))
    ready.settle(seconds=0.6)
    assert not Path(shielding(ready)).exists()
    ready.settle(seconds=0.5)
    assert Path(shielding(ready)).exists()


def test_the_heartbeat_says_where_readers_are(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "BEAT_SECONDS", 0.0)
    stay_raised(ready, monkeypatch)
    heartbeat = json.loads(ready.home.read("heartbeat") or b"")
    assert (heartbeat["shielded"], heartbeat["shield_lacking"]) == (sorted(SITES), 0)


def test_what_the_measurement_says_is_never_too_short(ready: Place) -> None:
    is_right = attacks.change_very_many(ready.scene(), many=2)
    time.sleep(0.1)
    began = attacks.now_ns()
    ready.settle(seconds=0.1)
    time.sleep(0.1)
    assert is_right()
    assert is_right.in_store()
    taken = is_right.since_ns()
    assert began - is_right.ended_ns <= taken <= is_right.in_store.since_ns(is_right.ended_ns) < attacks.now_ns() - is_right.ended_ns - 90_000_000

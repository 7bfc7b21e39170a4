"""Whatever is done to what stands is undone, told, and kept as evidence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from fangtang.snapshots.guard import calm, schedule
from fangtang.snapshots.guard import guard as guards
from fangtang.snapshots.guard.inspecting import Finding, Inspector
from fangtang.snapshots.guard.quarantine import Limits
from fangtang.snapshots.guard.spots import Spot
from tests.snapshots.guard import attacks
from tests.snapshots.guard.attacks import EVIL, KINDS, Page
from tests.snapshots.guard.conftest import PAGES, Place, body

PROGRAM = {"watcher killed", "queue overflowed"}
"""Need a process of their own: test_program."""
FORMS = [
    (kind, number)
    for kind in KINDS
    if kind not in PROGRAM
    for number in range(3 if kind in {"old snapshot", "another key", "objects too", "permissions"} else 1)
]


@pytest.mark.parametrize(("kind", "number"), FORMS)
def test_every_attack_is_undone_and_told(watched: Place, kind: str, number: int) -> None:
    scene = watched.scene()
    scene.round = number
    attack = partial(attacks.change_very_many, many=20) if kind == "10,000 changes" else KINDS[kind]
    is_right = attack(scene)
    watched.settle()
    assert is_right()
    assert watched.is_whole()
    (incident,) = watched.incidents()
    assert incident["restored"] == incident["count"] >= 1
    assert incident["noticed"] == "watch"


@pytest.mark.parametrize(("kind", "number"), [form for form in FORMS if form[0] != "open handle"])
def test_what_happened_while_the_guard_was_off_is_found_on_start(watched: Place, kind: str, number: int) -> None:
    watched.stop()
    scene = watched.scene()
    scene.round = number
    attack = partial(attacks.change_very_many, many=20) if kind == "10,000 changes" else KINDS[kind]
    is_right = attack(scene)
    watched.watch()
    assert is_right()
    assert watched.is_whole()
    found = watched.incidents()
    assert found
    assert all(incident["restored"] == incident["count"] for incident in found)
    assert watched.watch()
    assert watched.incidents() == []


def test_an_incident_says_what_where_and_keeps_the_bytes(watched: Place) -> None:
    page = Page(watched.scene(), "portal", PAGES[1])
    page.file.write_bytes(EVIL)
    watched.settle()
    served, behind = watched.places()
    assert (served["site"], served["path"], served["sites"]) == ("portal", PAGES[1], 1)
    assert (served["reason"], served["expected"], served["source"], served["error"]) == ("changed", page.digest, "spare", None)
    assert behind["place"] == f"objects/{page.digest[:2]}/{page.digest}"
    (found,) = served["found"]
    assert (found["mode"], found["size"], found["seen"]) == ("100444", len(EVIL), attacks.sha256(EVIL).hexdigest())
    assert (watched.home.folder / found["evidence"]).read_bytes() == EVIL
    assert {"owner", "modified", "changed"} <= found.keys()


def test_a_page_that_several_sites_share_is_put_right_for_all(watched: Place) -> None:
    page = Page(watched.scene(), "portal", "assets/a.css")
    page.file.write_bytes(EVIL)
    watched.settle()
    places = watched.places()
    assert places[0]["sites"] == 2
    assert watched.is_whole()


def fifo(page: Page) -> None:
    page.file.unlink()
    os.mkfifo(page.file)


def folder(page: Page) -> None:
    page.file.unlink()
    page.file.mkdir()
    (page.file / "index.html").write_bytes(EVIL)


def hard_link_of_a_secret(page: Page) -> None:
    secret = page.scene.aside / "secret"
    secret.write_bytes(b"shadow")
    os.link(secret, page.file.with_name("shadow.txt"))


def folder_beside(page: Page) -> None:
    (page.file.parent / "shop/deep").mkdir(parents=True)
    (page.file.parent / "shop/deep/index.html").write_bytes(EVIL)


def link_for_a_directory(page: Page) -> None:
    foreign = page.scene.new_name()
    page.file.parent.rename(foreign)
    page.file.parent.symlink_to(foreign)


def all_trees_gone(page: Page) -> None:
    (page.scene.store / "trees").rename(page.scene.new_name())


def half_of_the_store_gone(page: Page) -> None:
    for name in ("objects", "manifests", "sites", "trust", "tmp"):
        (page.scene.store / name).rename(page.scene.new_name())


def site_folder_is_a_link(page: Page) -> None:
    place, foreign = Path(page.scene.layout.site(page.site_key)), page.scene.new_name()
    place.rename(foreign)
    place.symlink_to(foreign)


def current_is_a_folder(page: Page) -> None:
    current = Path(page.scene.layout.site(page.site_key), "current")
    current.unlink()
    (current / "news").mkdir(parents=True)


def record_gone(page: Page) -> None:
    Path(page.scene.layout.site(page.site_key), "record.json").unlink()


def trust_gone(page: Page) -> None:
    Path(page.scene.layout.trust, "1.json").unlink()


def access_list(page: Page) -> None:
    os.setxattr(page.file, "user.note", b"mine")


def touch(page: Page) -> None:
    os.utime(page.file, (1, 1))


def other_owner(page: Page) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    os.chown(page.file, 65534, 65534)


OTHERS = [
    fifo,
    folder,
    hard_link_of_a_secret,
    folder_beside,
    link_for_a_directory,
    all_trees_gone,
    half_of_the_store_gone,
    site_folder_is_a_link,
    current_is_a_folder,
    record_gone,
    trust_gone,
    access_list,
    touch,
    other_owner,
]


@pytest.mark.parametrize("attack", OTHERS, ids=lambda attack: attack.__name__)
def test_other_ideas_are_undone_and_told(watched: Place, attack: object) -> None:
    assert callable(attack)
    page = Page(watched.scene(), "portal", PAGES[5])
    attack(page)
    watched.settle(seconds=0.05)
    assert page.is_right()
    assert watched.is_whole()
    for _ in range(100):  # told a moment after it was put right
        if found := watched.incidents():
            break
        watched.settle(seconds=0.05)
    assert found
    assert all(incident["restored"] == incident["count"] for incident in found)
    assert not os.path.lexists(page.file.with_name("shadow.txt"))
    assert not os.path.lexists(page.file.with_name("shop"))


def test_a_write_that_no_watch_sees_is_found_by_the_next_pass(place: Place) -> None:
    """Through a hard link in a directory that stands no more."""
    place.fill()
    old = Path(place.store.layout.tree(place.store.log("portal")[0].root_sha256))
    unwatched = (old / "news").resolve() / "2026" / "1.html"
    place.watch(pass_seconds=0.1)
    standing = Page(place.scene(), "portal", "news/2026/1.html")
    assert unwatched.stat().st_ino == standing.file.stat().st_ino
    with unwatched.open("r+b") as file:
        file.write(EVIL)
    place.settle(seconds=0.2)
    assert standing.is_right()
    assert {incident["noticed"] for incident in place.incidents()} == {"scan"}


def test_an_attacker_in_a_loop_neither_burns_the_processor_nor_fills_the_disk(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calm, "TIMES", 5)
    page = Page(watched.scene(), "portal", PAGES[1])
    for number in range(25):
        page.served.unlink()
        page.served.write_bytes(EVIL * number)
        watched.settle(seconds=0.01)
    watched.settle(seconds=0.3)
    assert page.is_right()
    found = watched.incidents()
    assert sum(incident["count"] for incident in found) <= 15
    (repeated,) = [incident for incident in found if incident["kind"] == "repeated"]
    assert page.file.name in next(iter(repeated["about"]["places"]))
    assert sum(1 for file in (watched.home.folder / "quarantine").rglob("[0-9]*") if file.is_file()) <= 15


def test_evidence_is_kept_within_limits(place: Place) -> None:
    place.fill()
    place.watch(limits=Limits(files=3, bytes_each=100, bytes_all=250))
    attacks.change_very_many(place.scene(), many=20)
    Page(place.scene(), "portal", PAGES[2]).file.with_name("large.bin").write_bytes(b"x" * 101)
    place.settle()
    kept = [file for file in (place.home.folder / "quarantine").rglob("*") if file.is_file() and file.name != "incident.json"]
    assert sum(file.stat().st_size for file in kept) <= 250
    assert place.is_whole()


def test_what_cannot_be_put_right_is_told_once_and_tried_again(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "RETRY_SECONDS", 0.05)
    page = Page(watched.scene(), "portal", PAGES[1])
    page.file.write_bytes(EVIL)
    if subprocess.run(["chattr", "+i", page.file], check=False, capture_output=True).returncode != 0:
        pytest.skip("no immutable files here")
    try:
        watched.settle(seconds=0.4)
        (incident,) = watched.incidents()
        assert incident["kind"] == "stuck"
        assert {place["error"] for place in incident["places"]} == {"EPERM"}
    finally:
        subprocess.run(["chattr", "-i", page.file], check=True)
    watched.settle(seconds=0.1)
    assert page.is_right()
    assert watched.is_whole()


def rot(watched: Place, digest: str) -> None:
    spare = watched.home.folder / "spare/objects" / digest[:2] / digest
    spare.write_bytes(EVIL)


def test_a_rotten_spare_is_never_used(watched: Place, tmp_path: Path) -> None:
    page = Page(watched.scene(), "portal", PAGES[1])
    mirror = tmp_path / "mirror/objects" / page.digest[:2] / page.digest
    mirror.parent.mkdir(parents=True)
    mirror.write_bytes(page.file.read_bytes())
    watched.stop()
    watched.watch(second=tmp_path / "mirror")
    rot(watched, page.digest)
    page.file.write_bytes(EVIL)
    watched.settle()
    assert page.is_right()
    assert watched.places()[0]["source"] == str(tmp_path / "mirror")


def test_without_any_source_foreign_bytes_go_and_a_rebuild_is_asked_for(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "RETRY_SECONDS", 0.05)
    page = Page(watched.scene(), "portal", PAGES[1])
    rot(watched, page.digest)
    page.file.write_bytes(EVIL)
    watched.settle(seconds=0.2)
    assert not page.file.exists()
    assert not page.object.exists()
    assert (watched.home.folder / "rebuild/portal").exists()
    (incident,) = watched.incidents()
    assert (incident["kind"], incident["restored"]) == ("stuck", 0)
    files = [(path, body("portal", path, 1 if path == PAGES[0] else 0)) for path in PAGES]
    watched.store.replace("portal", [*files, ("assets/a.css", b"body{}")], at=attacks.datetime(2026, 5, 1, tzinfo=attacks.UTC))
    watched.settle(seconds=0.2)
    assert page.is_right()
    assert watched.is_whole()


def test_the_guard_is_not_led_elsewhere_by_a_link_in_the_place_of_a_folder(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may write where the attacker may not: nothing of that is touched, at whatever moment the link appears."""
    page = Page(watched.scene(), "portal", PAGES[1])
    elsewhere = watched.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "passwd").write_bytes(b"root")
    (elsewhere / page.name).write_bytes(b"not yours")
    (page.file.parent / "passwd").write_bytes(EVIL)
    page.file.unlink()
    looked = Inspector.look

    def look_and_be_fooled(inspector: Inspector, spot: Spot, *, was_written: bool = False) -> Iterator[Finding]:
        found = list(looked(inspector, spot, was_written=was_written))
        if found and not page.file.parent.is_symlink():
            page.file.parent.rename(page.scene.new_name())
            page.file.parent.symlink_to(elsewhere)
            monkeypatch.undo()
        return iter(found)

    monkeypatch.setattr(Inspector, "look", look_and_be_fooled)
    watched.settle(seconds=0.1)
    assert {file.name: file.read_bytes() for file in elsewhere.iterdir()} == {"passwd": b"root", page.name: b"not yours"}
    assert page.is_right()
    assert watched.is_whole()


def test_a_store_that_is_gone_altogether_is_made_again(watched: Place) -> None:
    shutil.rmtree(watched.folder / "store")
    watched.settle(seconds=0.1)
    assert watched.is_whole()
    assert [watched.serial(key) for key in ("portal", "water")] == [2, 2]


def test_whoever_changes_folders_in_a_loop_keeps_the_guard_no_busier_than_agreed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "CREDIT_SECONDS", 0.0)
    monkeypatch.setattr(guards, "BEAT_SECONDS", 0.0)
    place.fill()
    place.watch()
    first = json.loads((place.home.folder / "heartbeat").read_bytes())["passes_processor_seconds"]
    folder, until = place.folder / "store/objects", time.monotonic() + 1
    while time.monotonic() < until:
        folder.chmod(0o777)
        place.settle()
    heartbeat = json.loads((place.home.folder / "heartbeat").read_bytes())
    assert heartbeat["passes"] >= 2
    assert heartbeat["passes_processor_seconds"] - first < 0.6, "a quarter of a processor, with room for a slow machine"

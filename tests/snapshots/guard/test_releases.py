"""An authorised release never raises an alarm, however many there are and whatever else the store's owner does."""

from __future__ import annotations

import gzip
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
import zstandard

from fangtang.snapshots.store import TreesStore, records, sites, trust
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Kind
from tests.snapshots.guard.attacks import EVIL, Page
from tests.snapshots.guard.conftest import AT, FOREVER, PAGES, RELEASE, Place, body, trusting

MANY = [f"site{number:02}" for number in range(50)]


def reached(layout: Layout) -> tuple[set[str], set[str]]:
    """Directories and files of what stands."""
    trees, objects = set[str](), set[str]()
    todo = [root for key in layout.site_keys() if (root := layout.current(key))]
    while todo:
        digest = todo.pop()
        if digest not in trees:
            trees.add(digest)
            for entry in layout.entries(digest).values():
                if entry.kind is Kind.TREE:
                    todo.append(entry.sha256)
                else:
                    objects.add(entry.sha256)
    return trees, objects


def collect(layout: Layout) -> None:
    """Remove what does not stand, at once, as no real collection does."""
    trees, objects = reached(layout)
    for shelf, standing in (("trees", trees), ("manifests", trees), ("objects", objects)):
        for place in list((layout.folder / shelf).glob("*/*")):
            if place.name not in standing:
                shutil.rmtree(place) if shelf == "trees" else place.unlink()
    for fan in (*layout.folder.glob("objects/*"), *layout.folder.glob("trees/*")):
        with suppress(OSError):
            fan.rmdir()


def publish(store: TreesStore, site_keys: list[str], rounds: int) -> None:
    """Releases to more and more sites, rollbacks, renewals, new sites and collections, as quick as they come."""
    for number in range(1, rounds + 1):
        at = AT + timedelta(minutes=number)
        keys = site_keys[: max(8, len(site_keys) * number // rounds)]
        store.commit_all({key: {f"news/2026/{number}.html": body(key, "", number), PAGES[0]: body(key, PAGES[0], number)} for key in keys}, at=at)
        if number % 2 == 0:
            store.rollback(keys[0], at=at)
            store.commit(keys[1], {f"news/2026/{number}.html": None}, at=at)
            for key in keys[2:5]:
                store.renew(key, at=at)
        if number % 3 == 0:
            collect(store.layout)


def beside(place: Place, work: Callable[[], None]) -> None:
    """Do something in a thread while the guard works here."""
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        while not working.done():
            place.settle(seconds=0.02)
    place.settle(seconds=0.6)
    working.result()


@pytest.mark.parametrize(("sites", "rounds"), [(10, 4), pytest.param(50, 8, marks=pytest.mark.slow)])
def test_a_stream_of_releases_raises_nothing_and_is_followed(watched: Place, sites: int, rounds: int) -> None:
    beside(watched, lambda: publish(watched.store, MANY[:sites], rounds))
    assert watched.incidents() == []
    trees, objects = reached(watched.store.layout)
    spare = watched.home.folder / "spare"
    assert objects <= {file.name for file in (spare / "objects").glob("*/*")}
    assert trees <= {file.name for file in (spare / "manifests").glob("*/*")}
    page = Page(watched.scene(), "site07", PAGES[0])
    page.file.write_bytes(EVIL)
    watched.settle()
    assert page.is_right()
    assert [incident["sites"] for incident in watched.incidents()] == [["site07"]]


def test_a_writer_that_switches_before_its_record_would_be_noticed(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above is worth something: the rule that the record comes first is what keeps releases silent."""

    def switch_first(layout: Layout, site_key: str, document: bytes, *, staged: str, root: str) -> None:
        sites.point(layout, site_key, root)
        watched_now.set()
        looked.wait(timeout=5)
        Path(staged).rename(f"{layout.site(site_key)}/record.json")
        sites.point(layout, site_key, root)

    watched_now, looked = threading.Event(), threading.Event()
    monkeypatch.setattr(sites, "switch", switch_first)
    thread = threading.Thread(target=lambda: watched.store.commit("portal", {PAGES[0]: b"new"}, at=AT + timedelta(days=1)))
    thread.start()
    assert watched_now.wait(timeout=5)
    watched.settle()
    looked.set()
    thread.join()
    assert [place["place"] for place in watched.places()] == ["sites/portal/current"]


def test_an_empty_store_is_watched_from_its_first_day(place: Place) -> None:
    shutil.rmtree(place.folder / "store")
    place.watch(pass_seconds=0.05)
    place.store = TreesStore(place.folder / "store", signers=[RELEASE], record_lasts=FOREVER, barrier=lambda descriptor: None)
    place.settle(seconds=0.15)
    place.fill()
    place.settle(seconds=0.6)
    assert place.incidents() == []
    page = Page(place.scene(), "portal", PAGES[1])
    page.file.write_bytes(EVIL)
    place.settle()
    assert page.is_right()


def test_records_wait_for_the_trust(place: Place) -> None:
    place.watch()
    place.store.commit("portal", {"a.html": b"1"}, at=AT)
    place.settle()
    trust.keep(place.store.layout.trust, trusting())
    place.settle()
    assert place.incidents() == []
    page = Page(place.scene(), "portal", "a.html")
    page.file.unlink()
    place.settle()
    assert page.is_right()


def test_keys_rotate_without_a_sound_and_the_old_one_signs_nothing_more(watched: Place) -> None:
    fresh = PrivateKey.generate()
    trust.keep(watched.store.layout.trust, trusting(2, release=fresh))
    watched.settle()
    renewed = TreesStore(watched.folder / "store", signers=[fresh], record_lasts=FOREVER, barrier=lambda descriptor: None)
    renewed.commit("portal", {PAGES[0]: b"signed anew"}, at=AT + timedelta(days=1))
    watched.settle(seconds=0.6)
    assert watched.incidents() == []
    document = watched.store.layout.record("portal")
    watched.store.commit("portal", {PAGES[0]: b"signed by the old key"}, at=AT + timedelta(days=2))
    watched.settle()
    assert watched.store.layout.record("portal") == document
    assert renewed.root("portal") == records.believed(document or b"").snapshot.root_sha256
    assert "untrusted" in {place["reason"] for place in watched.places()}


def test_a_switch_that_a_dead_writer_left_is_completed_silently(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = watched.store.root("portal")
    monkeypatch.setattr(sites, "point", lambda layout, site_key, root: None)
    watched.store.commit("portal", {PAGES[0]: b"half switched"}, at=AT + timedelta(days=1))
    monkeypatch.undo()
    assert watched.store.root("portal") == before
    watched.settle(seconds=1.2)
    assert watched.incidents() == []
    assert watched.store.read("portal", PAGES[0]) == b"half switched"


def test_a_file_with_too_many_links_gets_a_second_copy_silently(watched: Place) -> None:
    """As the store does at 65,000 links on ext4: the same bytes in another file, under the object's name."""
    page = Page(watched.scene(), "portal", "assets/a.css")
    seen, twin = page.object.stat(), page.scene.new_name()
    shutil.copy2(page.object, twin)
    twin.rename(page.object)
    assert page.object.stat().st_ino != seen.st_ino
    watched.settle()
    assert watched.incidents() == []


def test_an_object_that_was_foreign_before_its_release_is_noticed_at_it(watched: Place) -> None:
    """A writer trusts an object's name without reading it."""
    content = b"tomorrow's news"
    planted = Path(watched.store.layout.object(sha256(content).hexdigest()))
    planted.parent.mkdir(exist_ok=True)
    planted.write_bytes(EVIL)
    watched.settle()
    assert watched.incidents() == []
    watched.store.commit("portal", {"news/2026/t.html": content}, at=AT + timedelta(days=1))
    watched.settle(seconds=0.1)
    assert {place["error"] for place in watched.places()} == {"no_source"}
    assert not planted.exists()
    assert watched.store.read("water", PAGES[0])


@pytest.fixture
def variants(watched: Place) -> tuple[Place, Path, bytes]:
    page = Page(watched.scene(), "portal", PAGES[1])
    folder = watched.folder / "store/variants" / page.digest[:2]
    folder.mkdir(parents=True)
    watched.settle()
    return watched, folder / page.digest, page.object.read_bytes()


def install(content: bytes, place: Path) -> None:
    fresh = place.with_name(".fresh")
    fresh.write_bytes(content)
    fresh.chmod(0o444)
    fresh.rename(place)


def test_compressed_copies_stay_while_they_are_right(variants: tuple[Place, Path, bytes]) -> None:
    place, base, content = variants
    install(gzip.compress(content), base.with_suffix(".gz"))
    install(brotli.compress(content), base.with_suffix(".br"))
    install(zstandard.compress(content), base.with_suffix(".zst"))
    install(b"", base.with_name(f"{'0' * 64}.gz"))
    place.settle()
    assert place.incidents() == []
    assert len(list(base.parent.iterdir())) == 4
    install(b"", base.with_suffix(".gz"))
    place.settle()
    assert place.incidents() == [], "an empty one says that it is not worth it"
    for ending, packed in {".gz": gzip.compress(EVIL), ".br": brotli.compress(content + b"!"), ".zst": zstandard.compress(b"x" * 10_000_000)}.items():
        install(packed, base.with_suffix(ending))
        place.settle()
        assert not base.with_suffix(ending).exists()
        assert [one["reason"] for one in place.places()] == ["changed"]


def test_links_and_objects_count_no_matter_how_often_they_are_linked(watched: Place) -> None:
    page = Page(watched.scene(), "portal", PAGES[1])
    for number in range(5):
        os.link(page.object, watched.folder / "aside" / str(number))
    os.link(Path(watched.store.layout.tree(watched.store.root("portal") or ""), "news"), watched.folder / "aside/link", follow_symlinks=False)
    watched.settle()
    assert watched.incidents() == []

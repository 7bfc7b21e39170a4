"""Disks that are full, closed or broken, two publishers at once, a clock that goes back: what stands is served byte for byte, the refusal has a code,
and the next run clears up and completes. Real disks: tmpfs mounted for a moment, errors from strace. `FANGTANG_SOAK=1` strikes every call."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count, islice
from pathlib import Path

import pytest

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import TreesStore, records, sites, trust
from fangtang.snapshots.store.keys import PrivateKey
from tests.snapshots.store.kills.conftest import City, assert_gapless, unserved  # noqa: F401  fixture
from tests.snapshots.store.kills.content import AT, SITES, changes, changes_of_all
from tests.snapshots.store.kills.publisher import REFUSED, UNREADABLE
from tests.snapshots.store.kills.strace import counted, strace, strikes, struck  # noqa: F401  fixture

SOAK = os.environ.get("FANGTANG_SOAK") == "1"
STRIDE = 1 if SOAK else 40
STEP = 1 if SOAK else 5
PAGE = 4096
CHANCE = random.Random(3)
TIDYING = frozenset({"openat", "rmdir", "unlink", "unlinkat"})
"""Calls that also clear up, where an error does not undo what was published."""


def mount(*arguments: object) -> None:
    done = subprocess.run(["mount", *map(str, arguments)], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no mount here: {done.stderr.strip() or 'not permitted'}")


@contextmanager
def disk(folder: Path, options: str) -> Iterator[City]:
    """A city whose store is a small disk of its own."""
    city = City(folder)
    city.store_folder.mkdir()
    mount("-t", "tmpfs", "-o", options, "tmpfs", city.store_folder)
    try:
        city.make()
        yield city
    finally:
        subprocess.run(["umount", "-l", city.store_folder], check=True)


def code_of(store: TreesStore, wanted: dict[str, dict[str, bytes | None]]) -> str:
    """Publish; the code of the refusal, "" for none."""
    try:
        store.commit_all(wanted, at=AT)
    except Unavailable as refused:
        return "permanent" if refused.permanent or not refused.data["reason"] else refused.code
    return ""


def room(folder: Path, kind: str, left: int) -> None:
    """Leave so many pages ("size") or names ("nr_inodes"), beyond what is used."""
    found = os.statvfs(folder)
    used = (found.f_blocks - found.f_bfree) * found.f_frsize if kind == "size" else found.f_files - found.f_ffree
    mount("-o", f"remount,{kind}={used + left * (PAGE if kind == 'size' else 1)}", folder)


@pytest.mark.parametrize("kind", ["size", "nr_inodes"])
def test_a_disk_that_fills_up_at_any_moment(tmp_path: Path, kind: str) -> None:
    """A little more room each time, until a generation fits."""
    with disk(tmp_path, "size=64m,nr_inodes=100000") as city:
        refusals, left, code = 0, 0, "snapshots.store_full"
        while code:
            store = city.store()
            wanted = changes_of_all(store, city.generation + 1)
            room(city.store_folder, kind, left)
            code = code_of(store, wanted)
            assert code in {"", "snapshots.store_full"}
            city.assert_served()
            room(city.store_folder, kind, 1000)
            city.assert_good_after_death()
            refusals, left = refusals + bool(code), left + STEP
    print(f"\n{refusals} refusals")
    assert refusals > 20 // STEP


def test_a_disk_that_became_read_only(tmp_path: Path) -> None:
    """Nothing can be cleared up there either; what stands can be read, checked and served."""
    with disk(tmp_path, "size=4m") as city:
        (city.store_folder / "tmp/left-by-the-dead").mkdir()
        mount("-o", "remount,ro", city.store_folder)
        store = city.store()

        assert code_of(store, changes_of_all(store, 2)) == "snapshots.store_unwritable"
        with pytest.raises(Unavailable) as refused:
            store.renew("portal", at=AT)
        assert (refused.value.code, refused.value.data) == ("snapshots.store_unwritable", {"reason": "Read-only file system"})
        city.assert_served()
        city.assert_stands(store)

        mount("-o", "remount,rw", city.store_folder)
        city.assert_good_after_death()


def test_a_folder_in_which_no_store_can_be_made(tmp_path: Path) -> None:
    mount("-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", tmp_path)
    try:
        with pytest.raises(Unavailable) as refused:
            TreesStore(tmp_path / "store")
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)
    assert refused.value.code == "snapshots.store_unwritable"


def limit_leaving(spare: int) -> int:
    """The limit of open files that leaves so many numbers free, whatever this process holds open and however many holes lie between."""
    listed = list(Path("/proc/self/fd").iterdir())
    taken = {int(path.name) for path in listed if path.exists()}  # the listing itself is closed again
    return next(islice((number for number in count() if number not in taken), spare, None))


def test_a_process_without_descriptors(unserved: City) -> None:  # noqa: F811
    before, codes = resource.getrlimit(resource.RLIMIT_NOFILE), []
    for spare in range(20):
        store = unserved.store()
        wanted = changes_of_all(store, unserved.generation + 1)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit_leaving(spare), before[1]))
        try:
            codes.append(code_of(store, wanted))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        unserved.assert_good_after_death()

    assert set(codes) == {"", "snapshots.store_unwritable"}
    assert codes[0]
    assert not codes[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("error", "code"), [("EIO", "snapshots.store_unwritable"), ("ENOSPC", "snapshots.store_full")])
def test_an_error_at_any_call_that_writes(unserved: City, strace: str, error: str, code: str) -> None:  # noqa: F811
    log, hits = unserved.folder / "strace.log", 0
    every = counted(strace, unserved.publisher(), unserved.store_folder, log)
    unserved.generation += 1
    for calls, numbers in strikes(every, stride=STRIDE, start=CHANCE.randrange(STRIDE)):
        for number in numbers:
            run = struck(strace, unserved.publisher(), calls.kind, number, f"error={error}", log)
            expected = {REFUSED[code]} if calls.kind not in TIDYING else {0, REFUSED[code], UNREADABLE}
            assert run.status in (expected if run.was_hit else {0}), (calls.kind, number, run)
            hits += run.was_hit
            unserved.assert_good_after_death()
            if not run.was_hit and number >= calls.last:
                break
    print(f"\n{hits} calls that failed with {error}")
    assert hits >= (200 if SOAK else 3)


def add(folder: Path, key: Path, worker: int, count: int) -> None:
    """Commit files of one's own to both sites, one release each."""
    store = TreesStore(folder, signers=[PrivateKey.load(key)])
    for number in range(count):
        fresh: dict[str, bytes | None] = {f"of-all/{worker}-{number}.html": b"%d" % number}
        store.commit_all(dict.fromkeys(SITES, fresh), at=AT, releases={site_key: [worker * 1000 + number] for site_key in SITES})


@pytest.mark.slow
def test_two_publishers_at_once(unserved: City) -> None:  # noqa: F811
    count, workers = 25, (1, 2)
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(add, unserved.store_folder, unserved.key, worker, count) for worker in workers]:
            done.result(timeout=100)

    store = unserved.store()
    for site_key in SITES:
        assert_gapless(store, site_key)
        assert store.verify(site_key) is None
        releases = [snapshot.releases for snapshot in store.log(site_key)[1:]]
        assert sorted(releases) == [(worker * 1000 + number,) for worker in workers for number in range(count)]
        assert sum(path.startswith("of-all/") for path in store.paths(site_key)) == count * len(workers)


def test_a_clock_that_goes_back_by_a_year(unserved: City) -> None:  # noqa: F811
    known, seen = trust.first((unserved.folder / "trust.json").read_bytes()), None
    moments = [AT, AT + timedelta(days=1), AT - timedelta(days=365), AT - timedelta(days=364), AT + timedelta(days=2)]
    for number, at in enumerate(moments, start=2):
        store = unserved.store()
        store.commit("portal", changes(store, "portal", number), at=at)
        store.renew("portal", at=at)
        record = records.read(store.layout.record("portal") or b"", trust=known, site_key="portal")
        assert records.following(seen, record) is record
        assert not record.is_expired(at)
        assert record.given >= record.snapshot.at
        seen = record

    log = unserved.store().log("portal")
    assert [snapshot.serial for snapshot in log] == [1, 2, 3, 4, 5, 6]
    assert [snapshot.at - AT for snapshot in log] == [timedelta(days=days) for days in (0, 0, 1, 1, 1, 2)]
    assert_gapless(unserved.store(), "portal")


def test_what_the_dead_leave_beside_a_site_is_cleared_by_the_next_writer(unserved: City) -> None:  # noqa: F811
    folder = unserved.store_folder / "sites/portal"
    (folder / "current.4711").symlink_to("../../trees/00/nothing")
    (folder / "record.json.4711").write_bytes(b"{")
    unserved.assert_good_after_death()

    assert sorted(path.name for path in folder.iterdir()) == ["current", "history", "lock", "record.json"]


def test_a_folder_that_its_maker_did_not_live_to_open_is_opened(unserved: City) -> None:  # noqa: F811
    folder = unserved.store_folder / "sites/fresh"
    folder.mkdir(mode=0o700)
    unserved.store().commit("fresh", {"index.html": b"fresh"}, at=AT)

    assert folder.stat().st_mode & 0o777 == 0o755


def test_whoever_points_while_a_writer_tidies_up_points_again(unserved: City) -> None:  # noqa: F811
    layout, stop = unserved.store().layout, threading.Event()

    def tidy() -> None:
        while not stop.is_set():
            for place in (unserved.store_folder / "sites/portal").glob("current.*"):
                with suppress(FileNotFoundError):
                    place.unlink()

    root = layout.current("portal") or ""
    with ThreadPoolExecutor() as pool:
        tidying = pool.submit(tidy)
        try:
            for _ in range(300):
                sites.point(layout, "portal", root)
        finally:
            stop.set()
        tidying.result()
    assert unserved.store().verify("portal") is None

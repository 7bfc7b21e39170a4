"""Death at every named point, a full disk, a lost line: what stands is one whole snapshot, and the next writer goes on from it."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import fangtang.snapshots.store
from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import Store, TreesStore
from tests.snapshots.store.generations import AT, PATHS, SITES, files

DEATHS = [
    "store.file_staged:1",
    "store.file_staged:4",
    "store.tree_staged:1",
    "store.tree_staged:4",
    "store.before_barrier:1",
    "store.after_barrier:1",
    "store.objects_installed:1",
    "store.manifests_installed:1",
    "store.tree_installed:1",
    "store.tree_installed:3",
    "store.before_record:1",
    "store.before_switch:1",
    "store.after_switch:1",
    "store.before_record:2",
    "store.before_switch:2",
    "store.after_switch:2",
]
WRITER = Path(__file__).with_name("generations.py")


def write(folder: Path, *numbers: int, fault: str = "") -> int:
    """Run the writer; its exit status, negative for a signal."""
    command = [sys.executable, WRITER, folder, *map(str, numbers)]
    return subprocess.run(command, env=os.environ | {"FANGTANG_FAULT": fault}, check=False).returncode


def generation(store: Store, site_key: str) -> int:
    """The one number that all files of the site say."""
    assert store.verify(site_key) is None
    (number,) = {int((store.read(site_key, path) or b"-1").split()[0]) for path in store.paths(site_key)}
    assert sorted(store.paths(site_key)) == sorted(PATHS)
    return number


def assert_true_history(store: Store, site_key: str) -> None:
    log = store.log(site_key)
    assert [snapshot.serial for snapshot in log] == list(range(1, len(log) + 1))
    assert [snapshot.previous for snapshot in log] == [None, *[snapshot.root_sha256 for snapshot in log[:-1]]]
    assert log[-1].root_sha256 == store.root(site_key)
    assert {snapshot.at for snapshot in log} == {AT}


@pytest.mark.parametrize("fault", DEATHS)
def test_death_leaves_one_whole_snapshot(tmp_path: Path, fault: str) -> None:
    assert write(tmp_path, 1, 1) == 0
    assert write(tmp_path, 2, 2, fault=fault) == -signal.SIGKILL

    seen = [generation(TreesStore(tmp_path), site_key) for site_key in SITES]
    assert seen in [[1, 1], [2, 1], [2, 2]]  # the sites switch in order, each whole
    assert list((tmp_path / "tmp").iterdir()) == []

    store = TreesStore(tmp_path)
    store.commit_all({site_key: files(2) for site_key in SITES}, at=AT)
    for site_key in SITES:
        assert generation(store, site_key) == 2
        assert_true_history(store, site_key)
        store.rollback(site_key, at=AT)
        assert generation(store, site_key) == 1


@pytest.mark.parametrize("fault", ["store.before_record:1", "store.before_switch:1", "store.after_switch:1"])
def test_death_in_a_sites_first_commit(tmp_path: Path, fault: str) -> None:
    assert write(tmp_path, 1, 1, fault=fault) == -signal.SIGKILL
    assert write(tmp_path, 1, 1) == 0

    for site_key in SITES:
        assert generation(TreesStore(tmp_path), site_key) == 1
        assert_true_history(TreesStore(tmp_path), site_key)


def test_every_point_of_the_store_has_its_death() -> None:
    (package,) = fangtang.snapshots.store.__path__
    points = {point for module in Path(package).glob("*.py") for point in re.findall(r'faults\.point\("([^"]+)"\)', module.read_text())}

    assert points - {"store.batch_collected"} == {fault.partition(":")[0] for fault in DEATHS}, "the collector's is in test_collecting"


def test_a_torn_line_of_the_history_is_written_anew(tmp_path: Path) -> None:
    """As a power cut can leave it: the switch is there, half of its line is."""
    assert write(tmp_path, 1, 2) == 0
    history = tmp_path / "sites/portal/history"
    history.write_bytes(history.read_bytes()[:-20])

    assert write(tmp_path, 3, 3) == 0
    assert_true_history(TreesStore(tmp_path), "portal")
    assert len(TreesStore(tmp_path).log("portal")) == 3


def test_bytes_are_durable_before_they_have_names_and_the_switch_before_the_answer(tmp_path: Path) -> None:
    TreesStore(tmp_path).commit("portal", files(1), at=AT)
    names, switched = set((tmp_path / "objects").glob("*/*")), (tmp_path / "sites/portal/current").readlink()
    seen: list[tuple[bool, bool]] = []

    def barrier(descriptor: int) -> None:
        assert os.fstat(descriptor).st_dev == tmp_path.stat().st_dev
        seen.append((set((tmp_path / "objects").glob("*/*")) != names, (tmp_path / "sites/portal/current").readlink() != switched))

    TreesStore(tmp_path, barrier=barrier).commit("portal", files(2), at=AT)
    assert seen == [(False, False), (True, True)]


def test_a_release_to_many_sites_waits_for_the_disk_twice(tmp_path: Path) -> None:
    waits: list[int] = []
    store = TreesStore(tmp_path, barrier=waits.append)

    store.commit_all({f"site{number}": files(number) for number in range(20)}, at=AT)
    assert len(waits) == 2
    store.commit_all({f"site{number}": files(number) for number in range(20)}, at=AT)
    assert len(waits) == 2  # nothing changed, nothing to wait for


def test_a_full_disk_leaves_the_old_snapshot(trees: TreesStore, tmp_path: Path) -> None:
    trees.commit("portal", files(1), at=AT)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(Unavailable) as refused:
            trees.commit("portal", files(2, padding=100_000), at=AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert (refused.value.code, refused.value.permanent) == ("snapshots.store_full", False)
    assert generation(trees, "portal") == 1
    assert list((tmp_path / "store/tmp").iterdir()) == []
    trees.commit("portal", files(2), at=AT)
    assert generation(trees, "portal") == 2

"""Honest pulls: everything comes, then only what differs; names of every kind; renewals; releases in the middle; restarts."""

from __future__ import annotations

import resource
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Invalid, Stale
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.mirror import asking, fetching, keeping, pulling
from fangtang.snapshots.mirror.keeping import collect_when_due
from fangtang.snapshots.mirror.pulling import Change
from fangtang.snapshots.store import TreesStore, trust
from tests.snapshots.mirror.conftest import AT, FIRST, OTHER_RELEASE, SECOND, STRANGER, City, Line, trust_document


def test_a_first_pull_brings_everything(line: Line) -> None:
    pulled = line.pull()
    assert (pulled.change, pulled.files, pulled.size) == (Change.SWITCHED, len(FIRST), sum(len(content or b"") for content in FIRST.values()))
    assert line.shown() == line.city.files == FIRST
    assert line.store.layout.record("portal") == line.city.record(), "the city's own record, signatures and all"
    assert line.store.verify("portal", trust=trust.stored(line.folder / "trust")) is None
    assert [snapshot.serial for snapshot in line.store.log("portal")] == [1]


def test_only_the_difference_travels(line: Line) -> None:
    line.pull()
    line.city.publish({"news/2026/a.html": b"another A"})
    line.middle.seen.clear()
    pulled = line.pull()
    assert (pulled.files, pulled.directories, pulled.size) == (1, 3, len(b"another A"))
    assert [path for path in line.middle.seen if not path.startswith("manifests/")] == ["trust/2.json", "record.json", "files/news/2026/a.html"]
    assert line.shown() == line.city.files


def test_what_the_mirror_has_is_not_fetched_again(line: Line) -> None:
    line.pull()
    line.city.publish({"copy/elsewhere.html": FIRST["index.html"], "news/2026/b.html": None})
    assert line.pull().files == 0
    line.city.publish({"copy/elsewhere.html": None, "news/2026/b.html": FIRST["news/2026/b.html"]})
    pulled = line.pull()
    assert (pulled.change, pulled.files, pulled.directories) == (Change.SWITCHED, 0, 0), "a snapshot that stood before"
    assert line.shown() == line.city.files == FIRST


def test_nothing_new_is_two_requests(line: Line) -> None:
    line.pull()
    line.middle.seen.clear()
    assert line.pull().change is Change.UNCHANGED
    assert line.middle.seen == ["trust/2.json", "record.json"]


def test_a_renewal_brings_the_word_alone(line: Line) -> None:
    line.pull()
    line.city.at += timedelta(days=5)
    line.city.store.renew("portal", at=line.city.at)
    line.middle.seen.clear()
    assert line.pull().change is Change.RENEWED
    assert line.middle.seen == ["trust/2.json", "record.json"]
    assert line.store.layout.record("portal") == line.city.record()
    assert len(line.store.log("portal")) == 1


def test_a_site_without_files_comes_too(line: Line) -> None:
    line.pull()
    line.city.publish(dict.fromkeys(FIRST))
    line.pull()
    assert line.shown() == {}
    assert line.store.verify("portal") is None


def test_large_files_pass_over_the_disk_and_leave_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGE_BYTES", 4)
    line.pull()
    assert line.shown() == line.city.files
    assert list((line.folder / "incoming").iterdir()) == []


def test_batches_are_kept_one_by_one(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "BATCH_FILES", 2)
    line.pull()
    assert line.shown() == line.city.files


def test_a_release_in_the_middle_of_a_pull(line: Line) -> None:
    """The first round meets files that have changed; the second fetches those alone."""
    line.pull()
    line.city.publish(SECOND | {"more/c.html": b"C"})
    line.middle.seen.clear()
    release = threading.Lock()

    def release_once(path: str) -> None:
        if path.startswith("files/"):
            with release:
                if not line.city.files["index.html"].startswith(b"third"):
                    line.city.publish({path: b"third %s" % path.encode() for path in SECOND})

    line.middle.before = release_once
    line.pull()
    assert line.shown() == line.city.files
    assert line.city.files["index.html"].startswith(b"third")
    assert line.middle.seen.count("files/more/c.html") == 1, "what was right is kept"


def test_a_city_that_never_rests_is_asked_again_so_often(line: Line) -> None:
    line.pull()
    line.city.publish(SECOND)
    numbers = iter(range(1000))

    def release_always(path: str) -> None:
        if path.startswith("files/"):
            line.city.publish({path: b"%d" % next(numbers) for path in SECOND})

    line.middle.before = release_always
    error = line.refused()
    assert error.data["reason"] in {"digest", "length"}
    assert line.middle.seen.count("record.json") == 1 + pulling.ROUNDS
    line.middle.before = None
    line.recovers()


def test_withdrawn_files_are_out_of_reach(line: Line) -> None:
    line.pull()
    line.city.publish({"news/2026/a.html": None})
    line.pull()
    assert "news/2026/a.html" not in line.shown()


def test_old_snapshots_are_given_up(line: Line) -> None:
    line.pull()
    line.city.at = datetime.now(UTC)
    line.city.publish({"index.html": b"another"})
    line.pull()
    folder, now = line.folder, line.city.at
    (folder / "status").mkdir()
    with keeping.pulling(folder / "incoming"):
        assert collect_when_due(line.store, folder, now) is None, "not while something is pulled"
    assert collect_when_due(line.store, folder, now) is not None
    assert collect_when_due(line.store, folder, now + timedelta(hours=23)) is None
    before = line.store.layout.object(sha256(FIRST["index.html"] or b""))
    assert Path(before).exists(), "within its days"
    collected = collect_when_due(line.store, folder, now + timedelta(days=9))
    assert collected is not None
    assert collected.objects == 1
    assert not Path(before).exists()
    assert line.shown() == line.city.files
    assert line.store.verify("portal") is None


def test_keys_rotate_under_a_mirror(line: Line) -> None:
    line.pull()
    trust.keep(line.city.folder / "trust", trust_document(2, release=OTHER_RELEASE))
    line.city.release = OTHER_RELEASE
    line.city.publish(SECOND)
    assert line.pull().record.snapshot.serial == 2
    assert line.shown() == line.city.files
    line.restart()
    line.middle.seen.clear()
    assert line.pull().change is Change.UNCHANGED
    assert line.middle.seen == ["trust/3.json", "record.json"], "the walk goes on where it was"


def test_a_site_comes_back_after_a_lost_key(line: Line) -> None:
    """Fast-forward: who stole the key ran the serial up to the end. The new key's word counts from wherever it begins."""
    line.middle.tampering = lambda path, reply: reply.said(line.city.signed(serial=2**53)) if path == "record.json" else reply
    line.pull()
    line.middle.tampering = None
    line.city.publish(SECOND)
    assert line.refused().data["reason"] == "rollback", "the trap: the true site looks old"
    trust.keep(line.city.folder / "trust", trust_document(2, release=OTHER_RELEASE))
    line.city.release = OTHER_RELEASE
    line.city.publish({"index.html": b"signed by the new key"})
    line.recovers()
    line.restart()
    assert line.pull().change is Change.UNCHANGED
    line.city.publish({"index.html": b"and on"})
    line.recovers()


def test_a_mirror_of_a_mirror(line: Line, tmp_path) -> None:
    from tests.snapshots.mirror.conftest import PATIENCE

    line.pull()
    far = Line(line.city, line.middle, tmp_path / "far", line.served, asking.Origin(f"http://127.0.0.1:{line.served}", host="portal.test", patience=PATIENCE))
    far.pull()
    assert far.store.layout.record("portal") == line.city.record()
    assert TreesStore(tmp_path / "far").verify("portal", trust=trust.stored(tmp_path / "far/trust")) is None


def test_the_first_trust_is_pinned(line: Line) -> None:
    line.pull()
    with pytest.raises(Invalid) as refused:
        line.puller(given=trust_document(root=STRANGER, signers=(STRANGER,)))
    assert refused.value.data["reason"] == "other_trust"
    with pytest.raises(Invalid) as refused:
        line.puller(given=b"{}")
    assert refused.value.data["reason"] == "form"


def test_trust_ends_too(line: Line) -> None:
    line.city.at = AT + timedelta(days=5 * 365)
    line.city.store.renew("portal", at=line.city.at)
    with pytest.raises(Invalid) as refused:
        line.pull()
    assert refused.value.data["reason"] == "trust_expired"


def test_sites_share_one_store(line: Line) -> None:
    line.pull()
    line.city.publish({"index.html": b"home of the first", "tap.html": b"water"}, "water")
    water = asking.Origin(line.middle.url, host="water.test", patience=line.origin.patience)
    pulled = line.puller("water").pull(water)
    assert pulled.files == 1, "the home page is there already"
    assert line.store.read("water", "tap.html") == b"water"
    assert line.shown() == line.city.files
    assert isinstance(line.city, City)


@pytest.mark.parametrize("large", [2**20, 1000], ids=["in memory", "over the disk"])
def test_a_full_disk_keeps_what_stands(line: Line, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(fetching, "LARGE_BYTES", large)
    line.pull()
    line.city.publish(SECOND | {"a/large.bin": b"x" * 200_000})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        error = line.refused()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.code == "snapshots.store_full"
    assert list((line.folder / "tmp").iterdir()) == []
    line.recovers()


def test_two_at_once_do_not_undo_each_other(line: Line) -> None:
    """Whoever verified against a record that is no longer the one that stands begins anew."""
    line.pull()
    line.city.publish({"index.html": b"second"})
    base, fresh = line.store.layout.record("portal"), line.city.record()
    line.pull()
    with pytest.raises(Stale) as refused:
        line.store.adopt("portal", fresh, [], base=base)
    assert refused.value.code == "snapshots.base_moved"
    assert line.shown() == line.city.files


def test_what_was_emptied_by_hand_is_fetched_again(line: Line) -> None:
    """How a mirror whose disk somebody changed is put right; its memory stays."""
    line.pull()
    for name in ("objects", "manifests", "trees"):
        shutil.rmtree(line.folder / name)
    line.restart()
    assert line.pull().files == len(FIRST)
    assert line.shown() == line.city.files
    assert line.store.verify("portal") is None
    assert len(line.store.log("portal")) == 1

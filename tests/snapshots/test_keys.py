"""Keys that are made, replaced, lost and kept apart, while readers go on believing."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.snapshots import keyring, rotation
from fangtang.snapshots.keyring import Ring, Signers
from fangtang.snapshots.store import TreesStore, records, trust
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.trust import Trust

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SITES = ("health", "portal")


def ring_of(folder: Path) -> Ring:
    return Ring(folder / "keys", folder / "store" / "trust")


def store_of(folder: Path, signers) -> TreesStore:
    return TreesStore(folder / "store", signers=signers, barrier=lambda descriptor: None)


def signing(folder: Path) -> rotation.Sign:
    return lambda signers: store_of(folder, signers)


@pytest.fixture
def worker(tmp_path: Path) -> TreesStore:
    """A builder that runs for months; it has released on both sites."""
    store = store_of(tmp_path, Signers(ring_of(tmp_path)))
    store.commit_all({key: {"a": b"1"} for key in SITES}, at=AT)
    return store


class Reader:
    """A mirror: it was handed the first trust, and remembers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: Trust = trust.first(trust.chain(folder / "store" / "trust")[0])

    def walk(self) -> None:
        for document in trust.chain(self.folder / "store" / "trust")[self.known.version :]:
            self.known = trust.successor(self.known, document)

    def reads(self) -> list[int]:
        """The serials of what it believes. Raises Invalid."""
        layout = store_of(self.folder, ()).layout
        return [records.read(layout.record(key) or b"", trust=self.known, site_key=key).snapshot.serial for key in SITES]


def key_of(file: Path) -> str:
    return PrivateKey.load(file).key_id


def test_keys_are_made_with_the_first_signature(worker: TreesStore, tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    known = ring.known()
    assert known is not None
    assert (known.version, known.release_keys, known.root_keys) == (1, {key_of(ring.release)}, {key_of(ring.root)})
    assert {file.stat().st_mode & 0o777 for file in (ring.release, ring.root)} == {0o600}
    assert Reader(tmp_path).reads() == [1, 1]


def test_a_rotation_breaks_no_reader_and_needs_no_restart(worker: TreesStore, tmp_path: Path) -> None:
    ring, slow, quick = ring_of(tmp_path), Reader(tmp_path), Reader(tmp_path)
    before = key_of(ring.release)
    done = rotation.rotate(ring, signing(tmp_path), now=AT + timedelta(days=1))
    assert (done.trust.version, done.trust.release_keys) == (2, {key_of(ring.release)})
    assert key_of(ring.release) != before
    assert done.retired is not None
    assert key_of(done.retired) == before
    quick.walk()
    assert quick.reads() == [1, 1]
    worker.commit("portal", {"a": b"2"}, at=AT + timedelta(days=2))
    assert quick.reads() == [1, 2], "the worker signs with the new key"
    slow.walk()
    assert slow.reads() == [1, 2]
    assert not records.is_signed(worker.layout.record("portal") or b"", trust.first(trust.chain(ring.trusted)[0])), "and with the new one alone"


POINTS = ("keys.made", "keys.signed_by_both", "keys.trusted", "keys.moved", "keys.signed_by_new")

SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fangtang.snapshots import rotation
from fangtang.snapshots.keyring import Ring
from fangtang.snapshots.store import TreesStore
folder = Path(sys.argv[2])
ring = Ring(folder / "keys", folder / "store" / "trust")
now = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
if sys.argv[1] == "rotate_root":
    rotation.rotate_root(ring, now=now)
else:
    getattr(rotation, sys.argv[1])(ring, lambda signers: TreesStore(folder / "store", signers=signers), now=now)
"""


def killed(verb: str, folder: Path, point: str) -> None:
    command = [sys.executable, "-c", SCRIPT, verb, str(folder)]
    died = subprocess.run(command, env=os.environ | {"FANGTANG_FAULT": point}, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.parametrize("point", POINTS)
def test_a_rotation_that_was_killed_breaks_no_reader_and_goes_on(worker: TreesStore, tmp_path: Path, point: str) -> None:
    ring, slow, quick = ring_of(tmp_path), Reader(tmp_path), Reader(tmp_path)
    killed("rotate", tmp_path, point)
    quick.walk()
    assert quick.reads() == [1, 1]
    worker.commit("portal", {"a": b"2"}, at=AT + timedelta(days=2))
    assert quick.reads() == [1, 2], "the worker goes on in the middle of a rotation"
    if quick.known.version == 1:
        assert slow.reads() == [1, 2]
    done = rotation.rotate(ring, signing(tmp_path), now=AT + timedelta(days=3))
    assert done.trust.version == 2, "the same rotation, not another one"
    quick.walk()
    assert quick.reads() == [1, 2]
    assert not ring.next_release.exists()
    assert len(list(ring.retired.iterdir())) == 1
    assert records.read(worker.layout.record("health") or b"", trust=done.trust, site_key="health")
    assert json.loads(worker.layout.record("health") or b"")["signatures"][0]["key"] == key_of(ring.release)
    assert rotation.rotate(ring, signing(tmp_path), now=AT + timedelta(days=4)).trust.version == 3


def test_without_the_double_signature_readers_would_be_left_behind(worker: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the test above: killed between the new trust and the new signatures, a rotation without an overlap shows records nobody believes."""
    quick = Reader(tmp_path)
    killed("replace_lost", tmp_path, "keys.trusted")
    quick.walk()
    with pytest.raises(Invalid, match="untrusted"):
        quick.reads()


@pytest.mark.parametrize("loss", ["missing", "damaged", "stolen"])
def test_a_lost_key_is_replaced_at_once(worker: TreesStore, tmp_path: Path, loss: str) -> None:
    ring, reader, stolen = ring_of(tmp_path), Reader(tmp_path), tmp_path / "stolen.pem"
    shutil.copy(ring.release, stolen)
    if loss == "missing":
        ring.release.unlink()
    elif loss == "damaged":
        ring.release.write_text("no key")
    if loss != "stolen":
        with pytest.raises(Unavailable, match="key_unreadable"):
            rotation.rotate(ring, signing(tmp_path), now=AT + timedelta(days=1))
    rotation.replace_lost(ring, signing(tmp_path), now=AT + timedelta(days=1))
    reader.walk()
    assert reader.reads() == [1, 1]
    store_of(tmp_path, [PrivateKey.load(stolen)]).commit("portal", {"a": b"forged"}, at=AT + timedelta(days=2))
    with pytest.raises(Invalid, match="untrusted"):
        reader.reads()


def test_the_root_key_comes_from_the_safe(worker: TreesStore, tmp_path: Path) -> None:
    ring, safe = ring_of(tmp_path), tmp_path / "safe.pem"
    ring.root.rename(safe)
    with pytest.raises(Unavailable, match="key_unreadable"):
        rotation.rotate(ring, signing(tmp_path), now=AT)
    assert not ring.next_release.exists(), "no key is made for nothing"
    PrivateKey.generate().save(tmp_path / "wrong.pem")
    with pytest.raises(Unavailable, match="root_not_trusted"):
        rotation.rotate(ring, signing(tmp_path), now=AT, root=tmp_path / "wrong.pem")
    assert rotation.rotate(ring, signing(tmp_path), now=AT, root=safe).trust.version == 2
    reader = Reader(tmp_path)
    reader.walk()
    assert reader.reads() == [1, 1]


@pytest.mark.parametrize("point", ["", "keys.root_made", "keys.root_trusted"])
def test_the_root_key_is_replaced(worker: TreesStore, tmp_path: Path, point: str) -> None:
    ring, reader = ring_of(tmp_path), Reader(tmp_path)
    before = key_of(ring.root)
    if point:
        killed("rotate_root", tmp_path, point)
    done = rotation.rotate_root(ring, now=AT + timedelta(days=1))
    assert (done.trust.version, done.trust.root_keys) == (2, {key_of(ring.root)})
    assert done.retired is not None
    assert key_of(done.retired) == before
    reader.walk()
    assert reader.reads() == [1, 1], "records stay as they are"
    with pytest.raises(Unavailable, match="root_not_trusted"):
        rotation.rotate(ring, signing(tmp_path), now=AT, root=done.retired)
    assert rotation.rotate(ring, signing(tmp_path), now=AT + timedelta(days=2)).trust.version == 3
    reader.walk()
    assert reader.reads() == [1, 1]


def test_a_trust_whose_second_copy_is_missing_is_completed(worker: TreesStore, tmp_path: Path) -> None:
    """As when somebody dies between the two."""
    ring = ring_of(tmp_path)
    rotation.rotate(ring, signing(tmp_path), now=AT)
    (ring.trusted / "2.json").unlink()
    assert not ring.is_genuine()
    assert rotation.rotate_root(ring, now=AT).trust.version == 3
    assert ring.is_genuine()


def test_snapshots_that_were_lost_do_not_take_the_trust_with_them(worker: TreesStore, tmp_path: Path) -> None:
    ring, reader = ring_of(tmp_path), Reader(tmp_path)
    rotation.rotate(ring, signing(tmp_path), now=AT)
    reader.walk()
    shutil.rmtree(tmp_path / "store")
    store_of(tmp_path, Signers(ring)).commit_all({key: {"a": b"1"} for key in SITES}, at=AT)
    assert ring.known() == reader.known
    assert reader.reads() == [1, 1]


def test_no_second_root_is_made_beside_a_key_that_is_in_use(worker: TreesStore, tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    ring.root.unlink()
    shutil.rmtree(ring.trusted)
    shutil.rmtree(ring.copies)
    with pytest.raises(Unavailable, match="trust_lost"):
        store_of(tmp_path, Signers(ring)).commit("portal", {"a": b"2"}, at=AT)
    assert not ring.root.exists()


def test_a_foreign_trust_is_noticed(worker: TreesStore, tmp_path: Path) -> None:
    ring, stranger = ring_of(tmp_path), PrivateKey.generate()
    foreign = trust.issue(version=1, created=AT, expires=AT + timedelta(days=9), roots=[stranger.public], releases=[stranger.public], signers=[stranger])
    (ring.trusted / "1.json").write_bytes(foreign)
    assert not ring.is_genuine()
    reader = Reader(tmp_path)
    worker.commit("portal", {"a": b"2"}, at=AT)
    store_of(tmp_path, Signers(ring)).commit("portal", {"a": b"3"}, at=AT)
    with pytest.raises(Invalid, match="untrusted"):
        reader.reads()
    with pytest.raises(Unavailable, match="trust_differs"):
        rotation.rotate(ring, signing(tmp_path), now=AT)


@pytest.mark.parametrize("name", ["².json", "١.json", "9.json", "1.json.bak", "x.json"])
@pytest.mark.parametrize("put", [Path.touch, Path.mkdir])
def test_whoever_writes_into_the_trust_of_readers_keeps_nobody_from_signing(worker: TreesStore, tmp_path: Path, name: str, put) -> None:
    ring = ring_of(tmp_path)
    put(ring.trusted / name)
    worker.commit("portal", {"a": b"2"}, at=AT)
    store_of(tmp_path, Signers(ring)).commit("portal", {"a": b"3"}, at=AT)
    assert ring.is_genuine() is (name != "9.json")


def test_readers_may_read_the_trust_whatever_our_umask_is(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        store_of(tmp_path, Signers(ring_of(tmp_path))).commit("portal", {"a": b"1"}, at=AT)
    finally:
        os.umask(before)
    trusted = ring_of(tmp_path).trusted
    assert [stat.S_IMODE(one.stat().st_mode) for one in (trusted, trusted / "1.json")] == [0o755, 0o644]


def test_keys_and_trust_are_durable_before_a_record_needs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    store_of(tmp_path, Signers(ring_of(tmp_path))).commit("portal", {"a": b"1"}, at=AT)
    ring = ring_of(tmp_path)
    assert synced == [
        *(ring.folder / "root.new", ring.folder, ring.folder / "release.new", ring.folder),
        *(ring.copies / "1.new", ring.copies, ring.trusted / "1.new", ring.trusted),
    ]


@pytest.mark.parametrize("verb", ["rotate", "replace_lost", "rotate_root"])
def test_a_rotation_on_a_disk_that_refuses_is_said_and_goes_on(worker: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    ring, reader = ring_of(tmp_path), Reader(tmp_path)
    more = () if verb == "rotate_root" else (signing(tmp_path),)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for place, name in ((os, "fsync"), (os, "link")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, full)
            with pytest.raises(Unavailable, match="store_full"):
                getattr(rotation, verb)(ring, *more, now=AT)
    assert getattr(rotation, verb)(ring, *more, now=AT).trust.version == 2
    reader.walk()
    assert reader.reads() == [1, 1]


def test_a_key_that_readers_do_not_know_signs_nothing(worker: TreesStore, tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    ring.release.unlink()
    PrivateKey.generate().save(ring.release)
    with pytest.raises(Unavailable, match="key_not_trusted"):
        worker.commit("portal", {"a": b"2"}, at=AT)


def test_a_torn_key_of_a_dead_process_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/root.new").write_text("-----BEGIN PRI")
    store_of(tmp_path, Signers(ring_of(tmp_path))).commit("portal", {"a": b"1"}, at=AT)


def test_signing_looks_at_the_disk_but_reads_no_key_again(worker: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []
    real = PrivateKey.load
    monkeypatch.setattr(PrivateKey, "load", lambda file: loaded.append(file) or real(file))
    for number in range(3):
        worker.commit("portal", {"a": b"%d" % (number + 5)}, at=AT)
    assert loaded == []


@pytest.fixture
def instance(settings, tmp_path: Path) -> TreesStore:
    """What the commands see."""
    settings.KEYS, settings.SNAPSHOT_ROOT = tmp_path / "keys", tmp_path / "store"
    store = store_of(tmp_path, keyring.signers())
    store.commit_all({key: {"a": b"1"} for key in SITES}, at=AT)
    return store


def said(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def test_operators_look_and_rotate(instance: TreesStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ring = ring_of(tmp_path)
    shown = said("show")
    assert shown.startswith("trust 1, ")
    assert f"release  {key_of(ring.release)}  {ring.release}" in shown
    assert "Carry it to a safe" in capsys.readouterr().out
    call_command("keys", "rotate")
    assert f"release key {key_of(ring.release)}" in capsys.readouterr().out
    ring.root.rename(tmp_path / "safe.pem")
    call_command("keys", "rotate-root", "--root", str(tmp_path / "safe.pem"))
    assert "Carry it to the safe" in capsys.readouterr().out
    assert said("show").count("retired") == 2, "the former release key; the former root key lies elsewhere"


def test_operators_hand_the_trust_to_a_mirror(instance: TreesStore, tmp_path: Path) -> None:
    assert trust.first(said("trust").strip().encode()).version == 1
    call_command("keys", "rotate")
    call_command("keys", "trust", "--to", str(tmp_path / "trust.json"))
    assert trust.first((tmp_path / "trust.json").read_bytes()).version == 2
    with pytest.raises(Unavailable, match="export_failed"):
        call_command("keys", "trust", "--to", str(tmp_path / "nowhere" / "trust.json"))


def test_a_key_that_others_may_read_is_said(instance: TreesStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said("show")
    assert "may be read by others" not in capsys.readouterr().out
    ring_of(tmp_path).release.chmod(0o640)
    said("show")
    assert f"{ring_of(tmp_path).release} may be read by others than its owner: chmod 600" in capsys.readouterr().out


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes somebody else for a moment")
def test_whose_business_the_keys_are_not_is_told_so(instance: TreesStore, settings) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        shutil.copytree(settings.KEYS, Path(folder, "keys"))
        shutil.copytree(settings.SNAPSHOT_ROOT, Path(folder, "store"), symlinks=True)
        settings.KEYS, settings.SNAPSHOT_ROOT = Path(folder, "keys"), Path(folder, "store")
        said("rotate")
        Path(folder).chmod(0o755)
        os.seteuid(65534)
        try:
            with pytest.raises(Unavailable) as refused:
                said("show")
        finally:
            os.seteuid(0)
    assert (refused.value.code, refused.value.data["reason"]) == ("snapshots.key_unreadable", "Permission denied")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_a_damaged_trust_is_named(instance: TreesStore, tmp_path: Path, content: bytes) -> None:
    ring = ring_of(tmp_path)
    (ring.trusted / "1.json").write_bytes(content)
    for words in (("show",), ("trust",)):
        with pytest.raises(Unavailable) as refused:
            said(*words)
        assert (refused.value.code, refused.value.data["file"]) == ("snapshots.papers_damaged", str(ring.trusted))


def test_a_trust_that_ends_soon_is_said(instance: TreesStore, tmp_path: Path, settings, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    from django.utils import timezone

    known = keyring.known()
    assert known is not None
    for days, expected in ((91, False), (89, True)):
        monkeypatch.setattr(timezone, "now", lambda days=days: known.expires - timedelta(days=days))
        said("show")
        assert ("The trust ends in" in capsys.readouterr().out) is expected


def test_before_the_first_signature_there_is_nothing_to_show(settings, tmp_path: Path) -> None:
    settings.KEYS, settings.SNAPSHOT_ROOT = tmp_path / "keys", tmp_path / "store"
    for words in (("show",), ("trust",), ("rotate",), ("rotate-root",)):
        with pytest.raises(Unavailable, match="no_trust"):
            said(*words)

"""What stands beside the files is changed by somebody: a record, a history, a list, a link. Other sites go on, nothing foreign is signed, and the next
writer puts right what it can."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import Damage, TreesStore, verifying

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(trees: TreesStore, tmp_path: Path) -> Path:
    """Two sites with two snapshots each."""
    for number in (1, 2):
        trees.commit_all({key: {"a": b"%d" % number, "b/c": b"3"} for key in ("portal", "water")}, at=AT + number * DAY)
    return tmp_path / "store"


def opened(folder: Path) -> TreesStore:
    return TreesStore(folder, barrier=lambda descriptor: None)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"signed":{},"signatures":[]}'])
def test_a_damaged_record_holds_up_no_other_site_and_is_put_back(folder: Path, content: bytes) -> None:
    record = folder / "sites/portal/record.json"
    record.write_bytes(content)
    store = opened(folder)
    assert store.commit("water", {"a": b"9"}, at=AT).serial == 3
    assert store.verify("portal") == Damage("", "record")
    with pytest.raises(Unavailable) as refused:
        store.standing("portal")
    assert (refused.value.code, refused.value.data["file"]) == ("snapshots.papers_damaged", str(record))
    assert store.commit("portal", {"a": b"9"}, at=AT).serial == 3
    assert (store.verify("portal"), [one.serial for one in store.log("portal")]) == (None, [1, 2, 3])


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff"])
def test_a_damaged_line_of_the_history_is_named_and_holds_up_no_release(folder: Path, line: bytes) -> None:
    history = folder / "sites/portal/history"
    history.write_bytes(history.read_bytes() + line + b"\n")
    store = opened(folder)
    assert store.commit("portal", {"a": b"9"}, at=AT).serial == 3
    with pytest.raises(Unavailable) as refused:
        store.log("portal")
    assert refused.value.data == {"file": str(history), "reason": "line 3 is not a record"}
    history.write_bytes(b"".join(one for one in history.read_bytes().splitlines(keepends=True) if one != line + b"\n"))
    assert [one.serial for one in store.log("portal")] == [1, 2, 3]


def test_without_any_record_that_can_be_read_nothing_is_written(folder: Path) -> None:
    for name in ("record.json", "history"):
        (folder / "sites/portal" / name).write_bytes(b"{}\n")
    with pytest.raises(Unavailable) as refused:
        opened(folder).commit("portal", {"a": b"9"}, at=AT)
    assert refused.value.code == "snapshots.papers_damaged"


def test_a_store_that_was_copied_without_its_links_stands_again(folder: Path) -> None:
    current = folder / "sites/portal/current"
    current.unlink()
    current.mkdir()
    (current / "a").write_bytes(b"2")
    lone = TreesStore.__new__(TreesStore)
    lone.__dict__.update(opened(folder).__dict__)
    assert opened(folder).verify("portal") is None, "whoever opens the store puts it right"
    current.unlink()
    current.mkdir()
    assert lone.verify("portal") == Damage("", "record")
    assert lone.commit("portal", {"a": b"9"}, at=AT).serial == 3
    assert lone.verify("portal") is None
    opened(folder)
    assert list((folder / "tmp").iterdir()) == [], "what lay there is swept"


def test_what_somebody_wrote_into_a_list_is_never_signed(folder: Path) -> None:
    store = opened(folder)
    root, foreign = store.root("portal") or "", b"<h1>forged</h1>"
    item = Path(store.layout.object(sha256(foreign)))
    item.parent.mkdir(exist_ok=True)
    item.write_bytes(foreign)
    manifest = Path(store.layout.manifest(root))
    manifest.chmod(0o644)
    manifest.write_bytes(manifest.read_bytes() + f"file {sha256(foreign)} {len(foreign)} forged.html\n".encode())
    with pytest.raises(Unavailable) as refused:
        store.commit("portal", {"a": b"9"}, at=AT)
    assert (refused.value.code, store.root("portal")) == ("snapshots.blob_changed", root)
    assert store.replace("portal", [("a", b"2"), ("b/c", b"3")], at=AT, is_doubting=True).root_sha256 == root, "a full build makes the list anew"
    assert store.commit("portal", {"a": b"9"}, at=AT).serial == 3
    assert store.read("portal", "forged.html") is None


def test_what_a_dead_writer_switched_is_durable_before_the_next_one_says_so(tmp_path: Path) -> None:
    class PowerCutError(Exception):
        pass

    barriers: list[int] = []

    def dying(descriptor: int) -> None:
        barriers.append(descriptor)
        if len(barriers) == 2:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        TreesStore(tmp_path, barrier=dying).commit("portal", {"a": b"1"}, at=AT)
    asked: list[int] = []
    assert TreesStore(tmp_path, barrier=asked.append).commit("portal", {"a": b"1"}, at=AT).serial == 1
    assert asked, "nothing is left to write, and the switch was never made durable"


def test_verify_says_when_the_disk_refuses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(folder)

    def refusing(number: int) -> Callable[[str], None]:
        def refuse(place: str) -> None:
            raise OSError(number, os.strerror(number), place)

        return refuse

    with monkeypatch.context() as patched:
        patched.setattr(verifying.os, "listdir", refusing(errno.EIO))
        with pytest.raises(Unavailable) as refused:
            store.verify("portal")
    assert (refused.value.code, refused.value.data) == ("snapshots.store_unwritable", {"reason": "Input/output error"})
    (folder / "sites/portal/current").unlink()
    (folder / "sites/portal/lock").unlink()
    with monkeypatch.context() as patched:
        patched.setattr("fangtang.snapshots.store.sites.make_folder", refusing(errno.EROFS))
        with pytest.raises(Unavailable) as refused:
            store.verify("portal")
    assert (refused.value.code, refused.value.data) == ("snapshots.store_unwritable", {"reason": "Read-only file system"})

"""One file for one snapshot: tar and WARC. The same bytes each time, and nothing but what the root says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from fangtang.kernel.errors import Invalid, Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.exporting import contents, tars, warcs, whole
from fangtang.snapshots.serve import headers
from fangtang.snapshots.store import TreesStore
from tests.snapshots.exporting.conftest import AT, FIRST
from tests.snapshots.exporting.reading import verified

BASE = "https://health.example.gov/"


def packed(store: TreesStore, place: Path) -> bytes:
    tars.export(contents(store.layout, "health"), place)
    return place.read_bytes()


def archived(store: TreesStore, place: Path) -> bytes:
    warcs.export(contents(store.layout, "health"), place, base_url=BASE)
    return place.read_bytes()


@pytest.mark.parametrize("name", ["site.tar", "site.tar.gz", "site.tgz"])
def test_a_tar_that_a_stranger_can_verify(store: TreesStore, tmp_path: Path, name: str) -> None:
    first = packed(store, tmp_path / name)
    assert packed(store, tmp_path / name) == first, "no clock, no owner, no order of the disk"
    with tarfile.open(tmp_path / name) as tar:
        members = tar.getmembers()
        found = {one.name: tar.extractfile(one).read() for one in members}  # type: ignore[union-attr]
    assert [one.name for one in members] == sorted(found)
    assert {(one.uid, one.gid, one.uname, one.mode, one.mtime) for one in members} == {(0, 0, "", 0o644, int(AT.timestamp()))}
    assert {path: found[path] for path in FIRST} == FIRST
    assert verified(found, first=Path(store.layout.trust, "1.json").read_bytes()).snapshot.serial == 1


def test_tar_and_gnu_tar_agree(store: TreesStore, tmp_path: Path) -> None:
    packed(store, tmp_path / "site.tar.gz")
    (tmp_path / "out").mkdir()
    subprocess.run(["tar", "-xzf", str(tmp_path / "site.tar.gz"), "-C", str(tmp_path / "out")], check=True)
    assert {path: (tmp_path / "out" / path).read_bytes() for path in FIRST} == FIRST


@pytest.mark.parametrize("write", [packed, archived])
@pytest.mark.parametrize("content", [b"<h1>bad</h1>", b"<h1>", b"<h1>one</h1> and more", None])
def test_foreign_bytes_never_leave(store: TreesStore, tmp_path: Path, write, content: bytes | None) -> None:
    place = tmp_path / ("site.tar.gz" if write is packed else "site.warc.gz")
    before = write(store, place)
    page = Path(store.layout.object(sha256(b"<h1>one</h1>")))
    page.chmod(0o644)
    if content is None:
        page.unlink()
    else:
        page.write_bytes(content)
    with pytest.raises(Unavailable, match="damaged"):
        write(store, place)
    assert place.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_a_place_that_cannot_be_written_is_said(store: TreesStore, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="export_failed"):
        packed(store, tmp_path / "nowhere" / "site.tar")


@pytest.mark.parametrize("name", ["file/site.tar", f"{'n' * 253}.tar", "folder.tar"])
@pytest.mark.parametrize("write", [packed, archived])
def test_a_place_that_can_be_no_file_is_said(store: TreesStore, tmp_path: Path, write, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.tar").mkdir()
    with pytest.raises(Unavailable) as refused:
        write(store, tmp_path / name)
    assert (refused.value.code, refused.value.data["place"]) == ("snapshots.export_failed", str(tmp_path / name))
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["site.tar", "sites/site.tar", "link/site.tar"])
@pytest.mark.parametrize("write", [packed, archived])
def test_nothing_is_written_into_the_store(store: TreesStore, tmp_path: Path, write, name: str) -> None:
    (tmp_path / "link").symlink_to(store.layout.folder / "tmp")
    place = (tmp_path if name.startswith("link") else store.layout.folder) / name
    with pytest.raises(Invalid, match="export_inside"):
        write(store, place)
    assert not place.exists()


def test_two_at_once_do_not_mix(store: TreesStore, tmp_path: Path) -> None:
    place, busy = tmp_path / "site.tar", []

    def look(done: int, total: int) -> None:
        if done == 1:
            with pytest.raises(Unavailable) as refused:
                packed(store, place)
            busy.append(refused.value.code)

    tars.export(contents(store.layout, "health"), place, progress=look)
    assert busy == ["snapshots.export_busy"]
    assert place.read_bytes() == packed(store, tmp_path / "other.tar")
    assert not list(tmp_path.glob("*.part"))


def test_what_an_export_has_just_finished_is_not_written_into(store: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one opens the unfinished file before its last rename, and gets the lock after it."""
    place, expected, real = tmp_path / "site.tar", packed(store, tmp_path / "other.tar"), whole.fcntl.flock
    store.commit("health", {"index.html": b"<h1>two</h1>"}, at=AT)
    finished: list[bytes] = []

    def late(file, how: int) -> None:
        if not finished:
            (tmp_path / "site.tar.part").rename(place)
            place.write_bytes(expected)
            finished.append(expected)
        elif len(finished) == 1:
            finished.append(place.read_bytes())
        real(file, how)

    monkeypatch.setattr(whole.fcntl, "flock", late)
    assert packed(store, place) != expected
    assert finished == [expected, expected]


def test_an_acknowledged_file_outlives_a_power_cut(store: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name))
    packed(store, tmp_path / "site.tar")
    assert synced == ["site.tar.part", tmp_path.name]


SCRIPT = """
import sys
from pathlib import Path
from fangtang.snapshots.exporting import contents, tars
from fangtang.snapshots.store import Layout
tars.export(contents(Layout(Path(sys.argv[1])), "health"), Path(sys.argv[2]))
"""


def test_a_killed_export_leaves_no_half_file(store: TreesStore, tmp_path: Path) -> None:
    before = packed(store, tmp_path / "site.tar")
    store.commit("health", {"index.html": b"<h1>two</h1>"}, at=AT)
    command = [sys.executable, "-c", SCRIPT, str(store.layout.folder), str(tmp_path / "site.tar")]
    died = subprocess.run(command, env=os.environ | {"FANGTANG_FAULT": "export.packed:4"}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (tmp_path / "site.tar").read_bytes() == before
    assert packed(store, tmp_path / "site.tar") != before
    assert list(tmp_path.glob("*.part")) == []


def records_of(place: Path) -> list[tuple[dict[str, str], str, dict[str, str], bytes]]:
    """Of each record: its own headers, the status and headers of the answer in it, and the bytes."""
    found = []
    with place.open("rb") as file:
        for record in ArchiveIterator(file):
            http = record.http_headers
            said = (http.get_statuscode(), dict(http.headers)) if http else ("", {})
            found.append((dict(record.rec_headers.headers), *said, record.content_stream().read()))
    return found


class Asked:
    """What `warcio check FILE` is asked."""

    def __init__(self, place: Path) -> None:
        self.inputs, self.verbose = [str(place)], False


@pytest.mark.parametrize("name", ["site.warc.gz", "site.warc"])
def test_an_archive_that_others_read(store: TreesStore, tmp_path: Path, name: str) -> None:
    first = archived(store, tmp_path / name)
    assert archived(store, tmp_path / name) == first
    checker = Checker(Asked(tmp_path / name))
    checker.process_all()
    assert checker.exit_value == 0

    records = records_of(tmp_path / name)
    answers = {about["WARC-Target-URI"]: (status, said, body) for about, status, said, body in records if about["WARC-Type"] == "response"}
    kind = headers.content_type("index.html")
    assert answers[BASE] == (
        "200",
        {
            "Content-Type": kind,
            "ETag": f'"{sha256(b"<h1>one</h1>")}"',
            "Cache-Control": headers.CACHE_PAGES,
            "Accept-Ranges": "bytes",
            **dict(headers.security(kind)),
            "Content-Length": "12",
        },
        b"<h1>one</h1>",
    )
    assert answers[f"{BASE}news/2026/03/%E4%B8%AD%E6%96%87%20%25%2B%26.html"][2] == "<p>名字</p>".encode()
    assert answers[f"{BASE}files/empty.txt"][2] == b""
    assert answers[f"{BASE}assets/theme-aaaa.css"][1]["Cache-Control"] == headers.CACHE_ASSETS
    assert (answers[f"{BASE}old/"][0], answers[f"{BASE}old/"][1]["Location"]) == ("301", f"{BASE}news/")
    assert answers[f"{BASE}%E6%97%A7/"][1]["Location"] == "https://example.gov/new"
    others = {about["WARC-Target-URI"] for about, *_ in records if about["WARC-Type"] == "resource"}
    assert others == {f"{BASE}{path}" for path in ("_redirects.json", ".well-known/fangtang/record.json", ".well-known/fangtang/trust/1.json")}
    assert len({about["WARC-Record-ID"] for about, *_ in records}) == len(records)
    assert {about["WARC-Date"] for about, *_ in records} == {"2026-03-02T09:30:00Z"}
    assert all(about["WARC-Payload-Digest"] for about, *_ in records if about["WARC-Type"] != "warcinfo")


def test_a_moved_address_stands_in_the_archive_once_as_an_answer(store: TreesStore, tmp_path: Path) -> None:
    """Readers are led on, though a page that leads on lies there for plain servers."""
    store.commit("health", {"old/index.html": b"moved", "\u65e7/index.html": b"moved too"}, at=AT)
    archived(store, tmp_path / "site.warc.gz")
    found = records_of(tmp_path / "site.warc.gz")
    for address in (f"{BASE}old/", f"{BASE}%E6%97%A7/"):
        said = [(about["WARC-Type"], status) for about, status, *_ in found if about.get("WARC-Target-URI") == address]
        assert sorted(said) == [("resource", ""), ("response", "301")]
    assert len({about["WARC-Record-ID"] for about, *_ in found}) == len(found)


def test_a_list_that_was_changed_is_not_exported(store: TreesStore, tmp_path: Path) -> None:
    foreign = b"<h1>forged</h1>"
    item, manifest = Path(store.layout.object(sha256(foreign))), Path(store.layout.manifest(store.root("health") or ""))
    item.parent.mkdir(exist_ok=True)
    item.write_bytes(foreign)
    manifest.chmod(0o644)
    manifest.write_bytes(manifest.read_bytes() + f"file {sha256(foreign)} {len(foreign)} zz.html\n".encode())
    for write, place in ((packed, tmp_path / "site.tar"), (archived, tmp_path / "site.warc")):
        with pytest.raises(Unavailable, match="blob_changed"):
            write(TreesStore(store.layout.folder), place)
        assert not place.exists()


def test_the_archive_says_what_it_is(store: TreesStore, tmp_path: Path) -> None:
    archived(store, tmp_path / "site.warc.gz")
    about, _, _, body = records_of(tmp_path / "site.warc.gz")[0]
    assert about["WARC-Type"] == "warcinfo"
    said = dict(line.split(": ", 1) for line in body.decode().splitlines())
    assert (said["fangtang-site"], said["fangtang-serial"], said["fangtang-root"]) == ("health", "1", store.root("health"))
    assert said["fangtang-record"].encode() == store.layout.record("health")


def test_large_files_are_not_held_in_memory_and_still_looked_at(store: TreesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = archived(store, tmp_path / "site.warc.gz")
    monkeypatch.setattr(warcs, "SHOWN_BYTES", 1000)
    assert archived(store, tmp_path / "site.warc.gz") == first
    page = Path(store.layout.object(sha256(FIRST["files/a.pdf"] or b"")))
    page.chmod(0o644)
    page.write_bytes(bytes(70_005))
    with pytest.raises(Unavailable, match="damaged"):
        archived(store, tmp_path / "site.warc.gz")
    assert (tmp_path / "site.warc.gz").read_bytes() == first


def test_nothing_here_needs_django() -> None:
    modules = "buckets, contents, folders, patience, states, tars, warcs, whole"
    code = f"import sys; from fangtang.snapshots.exporting import {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

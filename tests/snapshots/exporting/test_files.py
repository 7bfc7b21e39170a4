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

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.exporting import contents, tars, warcs
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
    modules = "buckets, contents, folders, states, tars, warcs, whole"
    code = f"import sys; from fangtang.snapshots.exporting import {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

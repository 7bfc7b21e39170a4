"""Manifests of somebody who has the key that signs records: they may show wrong pages, but write nowhere else and fill no machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.kernel.errors import Invalid
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.mirror import asking, fetching, inspecting, pulling
from fangtang.snapshots.mirror.inspecting import Scales, checked
from fangtang.snapshots.store.manifests import Entry, Kind, encode
from tests.snapshots.mirror.conftest import Line
from tests.snapshots.mirror.network import Reply

BODY = b"planted"
FILE = f"file {sha256(BODY)} {len(BODY)}"
EMPTY = sha256(b"")


class Forger:
    """Signs a root of any manifests, and answers for them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.manifests: dict[str, bytes] = {}

    def add(self, manifest: bytes) -> str:
        self.manifests[sha256(manifest)] = manifest
        return sha256(manifest)

    def sign(self, root: str) -> None:
        record = self.line.city.signed(serial=99, root_sha256=root)

        def answer(path: str, reply: Reply) -> Reply:
            if path == "record.json":
                return reply.said(record)
            if path.startswith("manifests/"):
                return reply.said(self.manifests[path.removeprefix("manifests/")])
            return reply.said(BODY) if path.startswith("files/") else reply

        self.line.middle.tampering = answer

    def refused(self) -> object:
        error = self.line.refused()
        assert error.data["reason"] == "manifest"
        return error.data["why"]


@pytest.fixture
def forger(line: Line) -> Forger:
    line.pull()
    return Forger(line)


BAD = {
    f"{FILE} ../escaped\n": "name",
    f"{FILE} ..\n": "name",
    f"{FILE} .\n": "name",
    f"{FILE} /etc/escaped\n": "name",
    f"{FILE} a/b\n": "name",
    f"{FILE} \n": "name",
    f"{FILE} a\tb\n": "name",
    f"{FILE} a\rb\n": "name",
    f"{FILE} a\x7fb\n": "name",
    f"{FILE} {'n' * 256}\n": "name",
    f"{FILE} {'名' * 86}\n": "name",
    f"{FILE} a\x00b\n": "name",
    f"file ../../../../escaped {len(BODY)} a\n": "digest",
    f"tree ../../../../escaped {len(BODY)} a\n": "digest",
    f"file {sha256(BODY).upper()} {len(BODY)} a\n": "digest",
    f"file {sha256(BODY)}\x00 {len(BODY)} a\n": "digest",
    f"file {sha256(BODY)} -7 a\n": "size",
    f"file {sha256(BODY)} 07 a\n": "form",
    f"file {sha256(BODY)} ٧ a\n": "form",
    f"file {sha256(BODY)} 1_0 a\n": "form",
    f"file {sha256(BODY)} {'9' * 5000} a\n": "form",
    f"link {sha256(BODY)} 7 a\n": "form",
    f"{FILE} b\n{FILE} a\n": "form",
    f"{FILE} a\n{FILE} a\n": "form",
    f"{FILE} a": "form",
    f"{FILE} a\n\n": "form",
    "nonsense\n": "form",
}


@pytest.mark.parametrize(("manifest", "why"), BAD.items(), ids=[f"{why} {ascii(text)[-20:]}" for text, why in BAD.items()])
def test_a_manifest_that_no_store_writes(manifest: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(manifest.encode(), at="news/")
    assert refused.value.data == {"reason": "manifest", "path": "news/", "why": why}


@pytest.mark.parametrize("manifest", [f"{FILE} ../escaped\n", f"tree ../../../../escaped {len(BODY)} a\n", f"{FILE} a/b\n"])
def test_nothing_is_written_outside(forger: Forger, manifest: str, tmp_path: Path) -> None:
    before = {place for place in tmp_path.rglob("*") if "city" not in place.parts}
    forger.sign(forger.add(manifest.encode()))
    forger.refused()
    assert {place for place in tmp_path.rglob("*") if "city" not in place.parts} == before
    forger.line.recovers()


def test_without_the_check_of_names_it_would_be(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_objection", lambda name, entry: None)
    forger.sign(forger.add(f"{FILE} ../../../escaped\n".encode()))
    forger.line.pull()
    assert (forger.line.folder / "escaped").read_bytes() == BODY


def test_bytes_that_are_no_text(forger: Forger) -> None:
    forger.sign(forger.add(FILE.encode() + b" \xff\n"))
    assert forger.refused() == "form"
    forger.line.recovers()


def test_sizes_must_add_up(forger: Forger) -> None:
    below = forger.add(f"{FILE} a\n".encode())
    forger.sign(forger.add(f"tree {below} 8 news\n".encode()))
    assert forger.refused() == "size"
    forger.line.recovers()


def test_a_file_of_another_size_than_listed(forger: Forger) -> None:
    forger.sign(forger.add(f"file {sha256(BODY)} 8 a\n".encode()))
    assert forger.line.refused().data["reason"] == "length"
    forger.line.recovers()


def test_few_lines_that_name_more_files_than_atoms(forger: Forger) -> None:
    """Each level lists the one below a hundred times."""
    digest = forger.add("".join(f"file {EMPTY} 0 {number:02}\n" for number in range(100)).encode())
    for _ in range(40):
        digest = forger.add("".join(f"tree {digest} 0 {number:02}\n" for number in range(100)).encode())
    forger.sign(digest)
    assert forger.refused() == "bomb"
    forger.line.recovers()


def test_directories_without_an_end(forger: Forger) -> None:
    digest = forger.add(f"file {EMPTY} 0 a\n".encode())
    for _ in range(600):
        digest = forger.add(f"tree {digest} 0 a\n".encode())
    forger.sign(digest)
    assert forger.refused() == "path"
    forger.line.recovers()


def test_a_path_too_long_in_all(forger: Forger) -> None:
    digest = forger.add(f"file {EMPTY} 0 a\n".encode())
    for _ in range(5):
        digest = forger.add(f"tree {digest} 0 {'n' * 250}\n".encode())
    forger.sign(digest)
    assert forger.refused() == "path"
    forger.line.recovers()


def test_a_manifest_too_long(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MANIFEST_BYTES", 1000)
    forger.sign(forger.add("".join(f"{FILE} {number}\n" for number in range(20)).encode()))
    assert forger.line.refused().data["reason"] == "length"
    forger.line.recovers()


def test_manifests_too_long_in_all(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "MOST_LISTED_BYTES", 100)
    forger.sign(forger.add("".join(f"{FILE} {number}\n" for number in range(20)).encode()))
    assert forger.refused() == "bomb"


def test_more_than_the_disk_holds(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen before the first byte comes."""
    forger.sign(forger.add(f"file {sha256(BODY)} {2**60} a\n".encode()))
    forger.line.middle.seen.clear()
    error = forger.line.refused()
    assert error.code == "snapshots.store_full"
    assert [path for path in forger.line.middle.seen if path.startswith("files/")] == []
    monkeypatch.setattr(fetching, "RESERVE_BYTES", 2**60)
    forger.line.middle.tampering = None
    forger.line.city.publish({"index.html": b"honest, and still no room"})
    assert forger.line.refused().code == "snapshots.store_full"
    monkeypatch.undo()
    forger.line.recovers()


NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(lambda name: "/" not in name and name not in {".", ".."})
ENTRIES = st.dictionaries(NAMES, st.builds(Entry, st.sampled_from(Kind), st.binary(min_size=32, max_size=32).map(bytes.hex), st.integers(0, 2**60)), max_size=8)


@given(ENTRIES)
def test_what_a_store_writes_is_accepted(entries: dict[str, Entry]) -> None:
    assert checked(encode(entries), at="") == entries


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"{FILE} {text}\n".encode("utf-8", "replace"))))
def test_anything_else_is_refused_or_means_one_thing(manifest: bytes) -> None:
    with suppress(Invalid):
        entries = checked(manifest, at="")
        assert encode(entries) == manifest
        assert all("/" not in name and name not in {"", ".", ".."} for name in entries)


def test_shared_directories_are_weighed_once() -> None:
    asked: list[str] = []

    def known(digest: str) -> dict[str, Entry]:
        asked.append(digest)
        return {"a": Entry(Kind.FILE, EMPTY, 3)}

    scales = Scales(known)
    top = {"x": Entry(Kind.TREE, "s", 3), "y": Entry(Kind.TREE, "s", 3)}
    assert scales.order("top", {"top": top}) == ["top"]
    assert scales.order("top", {"top": top}) == ["top"]
    assert asked == ["s"]

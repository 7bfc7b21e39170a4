"""Which coding is sent to whom, and what a cache is told about it."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import hypothesis.strategies as st
import pytest
import zstandard
from hypothesis import given

from fangtang.snapshots.serve import pages
from fangtang.snapshots.serve.codings import OFFERED, wanted
from fangtang.snapshots.store import TreesStore, variants
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.variants import Variants
from tests.snapshots.serve.asking import Served

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = "<!doctype html><title>方塘</title>".encode() + b"<p>The same line again.</p>\n" * 400
DIGEST = hashlib.sha256(PAGE).hexdigest()
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "zstd": lambda packed: zstandard.ZstdDecompressor().decompress(packed), "": lambda packed: packed}
FILES = {"index.html": PAGE, "404.html": PAGE + b"404", "photo.jpg": PAGE, "short.html": b"<p>"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    store = TreesStore(tmp_path / "store", barrier=lambda descriptor: None)
    store.commit("www", FILES, at=AT)
    return tmp_path / "store"


@pytest.fixture
def filled(root: Path) -> Path:
    layout = Layout(root)
    assert Variants(layout).fill([layout.current("www") or ""], seconds=60)
    return root


WANTED = {
    "": [""],
    "gzip": ["gzip", ""],
    "gzip, deflate, br, zstd": ["br", "zstd", "gzip", ""],
    "gzip, deflate": ["gzip", ""],
    "x-gzip": ["gzip", ""],
    "GZIP": ["gzip", ""],
    "br;q=0.5, gzip;q=0.8": ["gzip", "br", ""],
    "br;q=0, gzip": ["gzip", ""],
    "*": ["br", "zstd", "gzip", ""],
    "*;q=0.5, gzip;q=0": ["br", "zstd", ""],
    "identity;q=0, gzip": ["gzip"],
    "identity;q=0": [],
    "*;q=0": [],
    "identity": [""],
    "identity, gzip;q=0.5": ["", "gzip"],
    "gzip;q=2": [""],
    "gzip;q=0.1234": [""],
    "gzip; q=0.001": ["gzip", ""],
    "gzip;level=1": [""],
    ",, gzip ,": ["gzip", ""],
    "gzip " * 100: [""],
}


@pytest.mark.parametrize("header", WANTED)
def test_the_header_is_understood(header: str) -> None:
    assert list(wanted(header)) == WANTED[header]


@given(st.text(max_size=60) | st.lists(st.sampled_from(["gzip", "br", "*", "identity", ";q=0", ";q=1", ";q=0.5", ",", " ", "q", "="])).map("".join))
def test_any_header_gives_an_order_of_offered_codings(header: str) -> None:
    found = wanted(header)
    assert set(found) <= set(OFFERED)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
@pytest.mark.parametrize("path", ["/", "/nowhere.html"])
def test_who_can_unpack_gets_it_packed(filled: Path, coding: str, path: str) -> None:
    answer = Served(filled).get(path, accept_encoding=coding)

    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (coding, "Accept-Encoding")
    assert UNPACK[coding](answer.body) == (PAGE if path == "/" else PAGE + b"404")
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "accept-ranges" not in answer.headers
    assert answer.headers.get("etag") == (f'"{DIGEST}-{coding}"' if path == "/" else None)


def test_who_cannot_gets_it_plain_and_caches_are_told(filled: Path) -> None:
    answer = Served(filled).get("/")
    assert (answer.body, answer.headers["vary"], answer.headers["etag"]) == (PAGE, "Accept-Encoding", f'"{DIGEST}"')
    assert "content-encoding" not in answer.headers


def test_pictures_are_the_same_for_all(filled: Path) -> None:
    answer = Served(filled).get("/photo.jpg", accept_encoding="gzip, br")
    assert answer.body == PAGE
    assert not {"content-encoding", "vary"} & answer.headers.keys()


def test_who_refuses_the_plain_bytes_where_there_are_no_others(root: Path) -> None:
    answer = Served(root).get("/", accept_encoding="identity;q=0, br")
    assert (answer.status, answer.headers["vary"]) == (406, "Accept-Encoding")


@pytest.mark.parametrize("coding", OFFERED)
def test_every_name_of_a_page_is_known_again(filled: Path, coding: str) -> None:
    named = f'"{DIGEST}-{coding}"' if coding else f'"{DIGEST}"'
    answer = Served(filled).get("/", accept_encoding="br", if_none_match=f'"other", W/{named}')
    assert (answer.status, answer.headers["etag"], answer.headers["vary"], answer.body) == (304, named, "Accept-Encoding", b"")
    assert Served(filled).get("/", if_none_match=f'"{DIGEST}-compress"').status == 200


def test_parts_are_parts_of_the_plain_bytes(filled: Path) -> None:
    served = Served(filled)
    part = served.get("/", accept_encoding="br", range="bytes=0-9")
    assert (part.status, part.body, part.headers["etag"]) == (206, PAGE[:10], f'"{DIGEST}"')
    assert "content-encoding" not in part.headers
    resumed = served.get("/", accept_encoding="br", range="bytes=5-", if_range=f'"{DIGEST}-br"')
    assert (resumed.status, resumed.body) == (200, PAGE)


def test_who_refuses_plain_bytes_gets_no_part(filled: Path) -> None:
    answer = Served(filled).get("/", accept_encoding="br, identity;q=0", range="bytes=0-9")
    assert (answer.status, answer.headers["content-encoding"]) == (200, "br")


def test_head_says_what_get_would(filled: Path) -> None:
    served = Served(filled)
    get, head = (served.get("/", method=method, accept_encoding="br") for method in ("GET", "HEAD"))
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


FOREIGN = {
    "empty": b"",
    "torn": b"\x1f\x8b",
    "another page": gzip.compress(b"another page" * 999, mtime=0),
    "longer": brotli.compress(PAGE + b"!"),
    "shorter": zstandard.compress(PAGE[:-1]),
    "two": gzip.compress(PAGE, mtime=0) * 2,
}


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_a_bad_variant_is_passed_over(filled: Path, coding: str, foreign: str) -> None:
    place = Path(Variants(Layout(filled)).path(DIGEST, coding))
    place.unlink()
    place.write_bytes(FOREIGN[foreign])
    answer = Served(filled).get("/", accept_encoding=coding)
    assert (answer.status, answer.body) == (200, PAGE)
    assert "content-encoding" not in answer.headers


def test_without_the_comparison_this_would_be_seen(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(Variants(Layout(filled)).path(DIGEST, "gzip"))
    place.unlink()
    place.write_bytes(FOREIGN["another page"])
    monkeypatch.setattr(variants, "is_variant_of", lambda packed, digest, coding, *, size: True)
    assert Served(filled).get("/", accept_encoding="gzip").body == FOREIGN["another page"]


def test_a_bomb_fills_no_memory(filled: Path) -> None:
    for coding, packed in {"gzip": gzip.compress(bytes(10**7)), "br": brotli.compress(bytes(10**7)), "zstd": zstandard.compress(bytes(10**7))}.items():
        place = Path(Variants(Layout(filled)).path(DIGEST, coding))
        place.unlink()
        place.write_bytes(packed)
        assert Served(filled).get("/", accept_encoding=coding).body == PAGE


def test_a_variant_that_comes_later_is_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LOOK_AGAIN_SECONDS", 0.0)
    served, layout = Served(root), Layout(root)
    assert "content-encoding" not in served.get("/", accept_encoding="br").headers
    Variants(layout).fill([layout.current("www") or ""], seconds=60)
    assert served.get("/", accept_encoding="br").headers["content-encoding"] == "br"


def test_memory_stays_below_its_cap(filled: Path) -> None:
    served = Served(filled, kept_bytes=20_000)
    for accept in ("br", "gzip", "zstd", "", "br, gzip") * 3:
        assert UNPACK[served.get("/", accept_encoding=accept).headers.get("content-encoding", "")](served.get("/", accept_encoding=accept).body) == PAGE

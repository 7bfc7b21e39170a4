"""Pre-compressed variants: what is made, for what, how often, and that they stay small and equal."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.variants import BEST, ENDINGS, PAGES, Variants, is_text

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TEXT = b"a line of text, and again\n" * 200
SHEET = b"body { color: red }\n" * 200
NOISE = b"".join(bytes.fromhex(sha256(bytes([number]))) for number in range(64))
FILES = {
    "index.html": TEXT,
    "news/copy.html": TEXT,
    "assets/site.css": SHEET,
    "noise.txt": NOISE,
    "short.html": b"<p>" * 300,
    "photo.jpg": TEXT + b"!",
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    TreesStore(tmp_path / "store", barrier=lambda descriptor: None).commit("www", FILES, at=AT)
    return Layout(tmp_path / "store")


def made(layout: Layout) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((layout.folder / "variants").rglob("*")) if file.is_file()}


def root(layout: Layout) -> str:
    found = layout.current("www")
    assert found
    return found


def test_texts_get_all_three_and_nothing_else_does(layout: Layout) -> None:
    assert Variants(layout).fill([root(layout)], seconds=60)

    assert {name.partition(".")[0] for name in made(layout)} == {sha256(content) for content in (TEXT, SHEET, NOISE)}
    for content in (TEXT, SHEET):
        br, zst, gz = (made(layout)[f"{sha256(content)}.{ending}"] for ending in ("br", "zst", "gz"))
        assert brotli.decompress(br) == zstandard.decompress(zst) == gzip.decompress(gz) == content


def test_what_does_not_shrink_is_marked_and_not_tried_again(layout: Layout) -> None:
    variants = Variants(layout)
    variants.fill([root(layout)], seconds=60)
    assert [made(layout)[f"{sha256(NOISE)}.{ending}"] for ending in ENDINGS.values()] == [b"", b"", b""]
    assert variants.read(sha256(NOISE), "gzip", size=len(NOISE)) is None
    assert list(Variants(layout).missing(root(layout))) == []


def test_variants_are_read_only_and_whole(layout: Layout) -> None:
    variants = Variants(layout)
    variants.fill([root(layout)], seconds=60)
    for digest in (sha256(TEXT), sha256(NOISE)):
        for coding in ENDINGS:
            assert Path(variants.path(digest, coding)).stat().st_mode & 0o777 == 0o444


def test_the_same_bytes_give_the_same_variants(layout: Layout) -> None:
    variants = Variants(layout)
    variants.fill([root(layout)], seconds=60)
    first = made(layout)
    variants.forget([sha256(TEXT), sha256(SHEET), sha256(NOISE), "0" * 64])
    assert made(layout) == {}
    variants.fill([root(layout)], seconds=60)
    assert made(layout) == first


def test_assets_come_first_and_best(layout: Layout) -> None:
    found = list(Variants(layout).missing(root(layout)))
    assert (found[0].digest, found[0].quality) == (sha256(SHEET), BEST)
    assert {one.quality for one in found if one.digest != sha256(SHEET)} == {PAGES}


def test_a_slice_of_time_is_kept_and_the_next_goes_on(layout: Layout) -> None:
    variants, slices = Variants(layout), 0
    assert variants.fill([root(layout)], seconds=0) is False
    assert made(layout) == {}
    while not variants.fill([root(layout)], seconds=0.000001) and slices < 1000:
        slices += 1
        list(map(variants.make, [one.digest for one in variants.missing(root(layout))][:1]))
    assert len(made(layout)) == 9


def test_trees_found_complete_are_not_walked_again(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    variants = Variants(layout)
    variants.fill([root(layout)], seconds=60)
    assert list(variants.missing(root(layout))) == []
    monkeypatch.setattr(variants, "_file", lambda *args, **options: pytest.fail("looked again"))
    assert variants.fill([root(layout)], seconds=60)


def test_an_object_with_other_bytes_gets_none(layout: Layout) -> None:
    place = Path(layout.object(sha256(TEXT)))
    place.chmod(0o644)
    place.write_bytes(TEXT + b"<script>")
    variants = Variants(layout)
    with pytest.raises(ValueError, match=sha256(TEXT)):
        variants.make(sha256(TEXT))
    assert variants.fill([root(layout)], seconds=60)
    assert f"{sha256(TEXT)}.gz" not in made(layout)


@pytest.mark.parametrize(("name", "expected"), {"a.html": True, "A.HTML": True, "rss.xml": True, "a.jpg": False, "html": False, "plain": False}.items())
def test_texts_are_told_by_their_extension(name: str, expected: bool) -> None:
    assert is_text(name) is expected

"""Pictures: what is one, and what is left of its side-notes."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from fangtang.media import pictures
from fangtang.media.pictures import Kept, Seen, Wrong
from tests.media import drawings

KINDS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
MOST = 1_000_000


def looked(payload: bytes) -> Seen:
    seen = pictures.looked_at(payload, most_pixels=MOST)
    assert isinstance(seen, Seen)
    return seen


def clean(payload: bytes) -> bytes:
    seen = looked(payload)
    return pictures.cleaned(payload, extension=seen.extension, orientation=seen.orientation)


def upright(payload: bytes) -> list[bytes]:
    with Image.open(BytesIO(payload)) as opened:
        frames = getattr(opened, "n_frames", 1)
        pixels = []
        for frame in range(frames):
            opened.seek(frame)
            pixels.append(ImageOps.exif_transpose(opened).convert("RGBA").tobytes())
        return pixels


@pytest.mark.parametrize("kind", KINDS)
def test_the_pixels_stay_and_a_second_cleaning_changes_nothing(kind: str) -> None:
    payload = drawings.encoded(kind)

    assert upright(clean(payload)) == upright(payload)
    assert clean(clean(payload)) == clean(payload)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_author_go_and_the_turn_stays(kind: str, orientation: int) -> None:
    payload = drawings.placed(kind, orientation=orientation)
    assert b"SECRETNOTE" in payload

    kept = clean(payload)

    assert b"SECRET" not in kept
    with Image.open(BytesIO(kept)) as opened:
        exif = opened.getexif()
        assert not exif.get_ifd(0x8825)
        assert set(exif) <= {0x0112}
    assert upright(kept) == upright(payload)


def test_comments_xmp_and_text_go() -> None:
    jpeg = drawings.encoded("JPEG", comment=b"SECRET", xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>")
    gif = drawings.encoded("GIF", comment=b"SECRET")
    webp = drawings.encoded("WEBP", xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>")
    assert all(b"SECRET" in payload for payload in (jpeg, gif, webp))

    assert not any(b"SECRET" in clean(payload) for payload in (jpeg, gif, webp))


@pytest.mark.parametrize("kind", KINDS)
def test_what_hangs_on_behind_goes(kind: str) -> None:
    payload = drawings.encoded(kind) + b"PK\x03\x04<script>alert(1)</script>"

    assert b"script" not in clean(payload)


def test_colour_profile_and_animation_stay() -> None:
    frames = [drawings.picture(text=str(number)) for number in range(3)]
    animated = drawings.encoded("GIF", frames[0], save_all=True, append_images=frames[1:], loop=0, duration=100)
    moving = drawings.encoded("WEBP", frames[0], save_all=True, append_images=frames[1:], loop=0)
    profiled = drawings.encoded("JPEG", icc_profile=b"p" * 200)

    assert upright(clean(animated)) == upright(animated)
    assert upright(clean(moving)) == upright(moving)
    with Image.open(BytesIO(clean(profiled))) as opened:
        assert opened.info["icc_profile"] == b"p" * 200


def test_a_progressive_jpeg_stays_whole() -> None:
    payload = drawings.encoded("JPEG", drawings.picture(400, 300), progressive=True, quality=92)

    assert upright(clean(payload)) == upright(payload)


@pytest.mark.parametrize(
    "payload",
    [b"", b"MZ\x90\x00 a program", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"%PDF-1.7", b"<html><img src=x>"],
    ids=["empty", "program", "svg", "pdf", "html"],
)
def test_what_is_no_picture(payload: bytes) -> None:
    assert pictures.looked_at(payload, most_pixels=MOST) is Wrong.NO_PICTURE


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_picture_is_broken(kind: str) -> None:
    payload = drawings.encoded(kind, drawings.picture(300, 200, text="cut"))

    assert pictures.looked_at(payload[: len(payload) * 2 // 3], most_pixels=MOST) in (Wrong.BROKEN, Wrong.NO_PICTURE)


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    assert pictures.looked_at(drawings.encoded("PNG", Image.new("1", (1001, 1000))), most_pixels=MOST) is Wrong.TOO_MANY_PIXELS
    assert pictures.looked_at(drawings.encoded("PNG", Image.new("1", (20_000, 20_000))), most_pixels=MOST) is Wrong.TOO_MANY_PIXELS


def test_many_frames_count_together() -> None:
    frames = [drawings.picture(500, 500, text=f"frame {number}") for number in range(6)]
    payload = drawings.encoded("GIF", frames[0], save_all=True, append_images=frames[1:])

    assert pictures.looked_at(payload, most_pixels=MOST) is Wrong.TOO_MANY_PIXELS


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_damaged_bytes_never_raise_anything_else(kind: str, data: st.DataObject) -> None:
    payload = bytearray(drawings.encoded(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(pictures.kept(bytes(payload), most_pixels=MOST), Kept | Wrong)

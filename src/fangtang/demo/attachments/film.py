"""A short silent film of the pond, and its captions.

No encoder is needed: a lossy WebP picture *is* one VP8 key frame (RFC 9649, 2.5), and WebM is a plain list of such
frames (Matroska, RFC 9559).
"""

from __future__ import annotations

import io
import struct

from PIL import Image

from fangtang.demo import pictures

SIZE = (640, 360)
FRAMES_A_SEASON, FRAME_MS, FADE = 10, 200, 3
SEASONS = ("pond-spring-day", "pond-summer-day", "pond-autumn-dusk", "pond-winter-dawn")
QUALITY = 62
CAPTIONS = ("春：柳条初绿，塘水映着云。", "夏：荷叶铺满水面，亭边有风。", "秋：夕阳落进塘里。", "冬：雪后的清晨，塘水不冻。")


def clip() -> bytes:
    """The film as WebM, eight seconds."""
    frames = [_vp8(frame) for frame in _frames()]
    return _element(0x1A45DFA3, _header()) + _element(0x18538067, _segment(frames))


def captions() -> bytes:
    """WebVTT (W3C) that tells what is to be seen."""
    length = FRAMES_A_SEASON * FRAME_MS // 1000
    cues = [f"00:00:{number * length:02d}.000 --> 00:00:{(number + 1) * length:02d}.000\n{text}\n" for number, text in enumerate(CAPTIONS)]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def _frames() -> list[Image.Image]:
    views = [Image.open(io.BytesIO(pictures.draw(key))) for key in SEASONS]
    made = []
    for number, view in enumerate(views):
        for step in range(FRAMES_A_SEASON):
            frame = _panned(view, step)
            if number and step < FADE:
                frame = Image.blend(_panned(views[number - 1], FRAMES_A_SEASON + step), frame, (step + 1) / (FADE + 1))
            made.append(frame)
    return made


def _panned(view: Image.Image, step: int) -> Image.Image:
    """A window that moves slowly to the right."""
    left = 40 + step * 12
    return view.crop((left, 90, left + 1280, 90 + 720)).resize(SIZE, Image.Resampling.BILINEAR)


def _vp8(frame: Image.Image) -> bytes:
    written = io.BytesIO()
    frame.convert("RGB").save(written, "WEBP", quality=QUALITY, method=4)
    packed = written.getvalue()
    place = packed.index(b"VP8 ") + 8
    (length,) = struct.unpack("<I", packed[place - 4 : place])
    return packed[place : place + length]


def _header() -> bytes:
    numbers = b"".join(_number(key, value) for key, value in ((0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8)))
    return numbers + _element(0x4282, b"webm") + _number(0x4287, 2) + _number(0x4285, 2)


def _segment(frames: list[bytes]) -> bytes:
    maker = b"fangtang"
    length = struct.pack(">d", len(frames) * FRAME_MS)
    about = _number(0x2AD7B1, 1_000_000) + _element(0x4489, length) + _element(0x4D80, maker) + _element(0x5741, maker)
    picture = _number(0xB0, SIZE[0]) + _number(0xBA, SIZE[1])
    track = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _element(0x86, b"V_VP8") + _element(0xE0, picture)
    blocks = b"".join(_element(0xA3, b"\x81" + struct.pack(">h", number * FRAME_MS) + b"\x80" + frame) for number, frame in enumerate(frames))
    return _element(0x1549A966, about) + _element(0x1654AE6B, _element(0xAE, track)) + _element(0x1F43B675, _number(0xE7, 0) + blocks)


def _element(key: int, payload: bytes) -> bytes:
    """An EBML element; lengths always take eight bytes."""
    return key.to_bytes((key.bit_length() + 7) // 8, "big") + (0x01 << 56 | len(payload)).to_bytes(8, "big") + payload


def _number(key: int, value: int) -> bytes:
    return _element(key, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))

"""JPEG (ITU-T T.81, annex B): segments that start with a marker, entropy-coded bytes after each scan header."""

from __future__ import annotations

from collections.abc import Iterator

SOI, EOI, SOS, COM, APP0, APP1, APP2, APP14, APP15 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
RESTARTS = range(0xD0, 0xD8)


def cleaned(payload: bytes, exif: bytes) -> bytes:
    """Up to the end marker, without notes; `exif` (b"": none) goes in as the one Exif segment."""
    if payload[:2] != b"\xff\xd8":
        raise ValueError("no start of image")
    kept = [b"\xff\xd8"]
    if exif:
        kept.append(_segment(APP1, b"Exif\x00\x00" + exif))
    kept += [raw for marker, raw in _segments(payload) if _stays(marker, raw)]
    return b"".join(kept)


def _segments(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and whole bytes of each segment after the start, coded bytes with their scan header, the end marker last."""
    place = 2
    while True:
        if payload[place] != 0xFF:
            raise ValueError("no marker where one must be")
        while payload[place + 1] == 0xFF:
            place += 1
        marker = payload[place + 1]
        if marker == EOI:
            yield marker, b"\xff\xd9"
            return
        end = place + 2 + int.from_bytes(payload[place + 2 : place + 4])
        if end > len(payload) or end < place + 4:
            raise ValueError("a segment ends behind the file")
        end = _end_of_scan(payload, end) if marker == SOS else end
        yield marker, payload[place:end]
        place = end


def _end_of_scan(payload: bytes, place: int) -> int:
    """Where the next marker stands: 0xFF followed by neither a stuffed zero nor a restart."""
    while True:
        place = payload.index(b"\xff", place)
        following = payload[place + 1]
        if following != 0 and following not in RESTARTS and following != 0xFF:
            return place
        place += 1 if following == 0xFF else 2


def _stays(marker: int, raw: bytes) -> bool:
    if marker in (APP0, APP14):
        return True
    if marker == APP2:
        return raw[4:16] == b"ICC_PROFILE\x00"
    return marker != COM and not APP1 <= marker <= APP15


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content

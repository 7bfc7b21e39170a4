"""GIF89a: header, colour table, blocks, trailer."""

from __future__ import annotations

EXTENSION, PICTURE, TRAILER = 0x21, 0x2C, 0x3B
GRAPHIC_CONTROL, APPLICATION = 0xF9, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def cleaned(payload: bytes, exif: bytes) -> bytes:
    """Up to the trailer, without comments and notes of programs other than the number of loops. GIF has no Exif: `exif` is left out."""
    if payload[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("no header")
    place = 13 + _table_bytes(payload[10])
    kept = [payload[:place]]
    while payload[place] != TRAILER:
        end = _end_of_block(payload, place)
        if _stays(payload, place):
            kept.append(payload[place:end])
        place = end
    return b"".join([*kept, b"\x3b"])


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_block(payload: bytes, place: int) -> int:
    if payload[place] == EXTENSION:
        return _end_of_sub_blocks(payload, place + 2)
    if payload[place] == PICTURE:
        return _end_of_sub_blocks(payload, place + 11 + _table_bytes(payload[place + 9]))
    raise ValueError("a block of no known kind")


def _end_of_sub_blocks(payload: bytes, place: int) -> int:
    while payload[place]:
        place += payload[place] + 1
    return place + 1


def _stays(payload: bytes, place: int) -> bool:
    if payload[place] == PICTURE:
        return True
    label = payload[place + 1]
    return label == GRAPHIC_CONTROL or (label == APPLICATION and payload[place + 3 : place + 14] in LOOPS)

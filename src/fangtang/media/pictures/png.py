"""PNG (W3C PNG, third edition, clause 5): a signature and chunks with a checksum each."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT")
)


def cleaned(payload: bytes, exif: bytes) -> bytes:
    """Up to the last chunk, without notes; `exif` (b"": none) goes in behind the header."""
    if payload[:8] != SIGNATURE:
        raise ValueError("no signature")
    chunks = [raw for kind, raw in _chunks(payload) if kind in KEPT]
    if exif:
        chunks.insert(1, _chunk(b"eXIf", exif))
    return SIGNATURE + b"".join(chunks)


def _chunks(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    place, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        kind = payload[place + 4 : place + 8]
        end = place + 12 + int.from_bytes(payload[place : place + 4])
        if len(kind) != 4 or end > len(payload):
            raise ValueError("a chunk ends behind the file")
        yield kind, payload[place:end]
        place = end


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

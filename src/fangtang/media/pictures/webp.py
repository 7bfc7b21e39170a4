"""WebP (RFC 9649, section 2): a RIFF of chunks; an extended header says which notes follow."""

from __future__ import annotations

from collections.abc import Iterator

KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
HAS_EXIF, HAS_XMP = 0x08, 0x04


def cleaned(payload: bytes, exif: bytes) -> bytes:
    """The chunks of the RIFF without notes; `exif` (b"": none) goes in at the end where the extended header allows it."""
    if payload[:4] != b"RIFF" or payload[8:12] != b"WEBP":
        raise ValueError("no RIFF of WebP")
    end = 8 + int.from_bytes(payload[4:8], "little")
    if end > len(payload):
        raise ValueError("the RIFF ends behind the file")
    chunks = [(kind, content) for kind, content in _chunks(payload[12:end]) if kind in KEPT]
    is_extended = any(kind == b"VP8X" for kind, _ in chunks)
    written = [_chunk(kind, _flagged(content, has_exif=bool(exif)) if kind == b"VP8X" else content) for kind, content in chunks]
    if exif and is_extended:
        written.append(_chunk(b"EXIF", exif))
    body = b"WEBP" + b"".join(written)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(body):
        length = int.from_bytes(body[place + 4 : place + 8], "little")
        if place + 8 + length > len(body):
            raise ValueError("a chunk ends behind the RIFF")
        yield body[place : place + 4], body[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _flagged(header: bytes, *, has_exif: bool) -> bytes:
    flags = header[0] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if has_exif else 0)
    return bytes((flags,)) + header[1:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + b"\x00" * (len(content) % 2)

"""Import files before their first row: the format by the name, the bytes unpacked, the encoding by a sample."""

from __future__ import annotations

import codecs
import gzip
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from fangtang.kernel.errors import Invalid

DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error)
_SAMPLE_BYTES = 256 * 1024
_FORMATS: dict[str, Literal["jsonl", "csv"]] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}


class Bytes(Protocol):
    """What we need of an open file, compressed or not."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


def format_of(path: Path) -> Literal["jsonl", "csv"]:
    """The format by the file's name, compression aside."""
    name = path.with_suffix("") if path.suffix.lower() in {".xz", ".gz"} else path
    if name.suffix.lower() not in _FORMATS:
        raise Invalid("importing.format_unknown", file=path.name, allowed=sorted(_FORMATS))
    return _FORMATS[name.suffix.lower()]


def decompressed(raw: BinaryIO, *, path: Path) -> Bytes:
    """The bytes inside a file that is open, by its name."""
    match path.suffix.lower():
        case ".xz":
            return lzma.LZMAFile(raw)
        case ".gz":
            return gzip.GzipFile(fileobj=raw)
        case _:
            return raw


def encoding_of(path: Path) -> str:
    """UTF-8 with or without mark, or GB18030 when more lines of the file's start can be read so.

    Raises Invalid `importing.encoding_unknown`, `importing.line_ends_unknown` and `importing.file_damaged`.
    """
    with path.open("rb") as raw:
        try:
            sample = decompressed(raw, path=path).read(_SAMPLE_BYTES)
        except DAMAGED as error:
            sample = _readable_start(path)
            if not sample:
                raise Invalid("importing.file_damaged", file=path.name, reason=str(error)) from error
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or _is_wide(sample):
        raise Invalid("importing.encoding_unknown", file=path.name, allowed=["UTF-8", "GB18030"])
    if b"\r" in sample.rstrip() and b"\n" not in sample:
        raise Invalid("importing.line_ends_unknown", file=path.name)
    lines = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    in_utf8 = sum(_can_decode(line, encoding="utf-8") for line in lines)
    in_gb18030 = sum(_can_decode(line, encoding="gb18030") for line in lines)
    return "gb18030" if in_gb18030 > in_utf8 and in_utf8 * 2 < len(lines) else "utf-8"


def _is_wide(sample: bytes) -> bool:
    """Whether this is UTF-16 or UTF-32 without a mark: zeros in a hundredth of the bytes or more, and those on one side of their pairs."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 1 and max(even, odd) * 100 >= len(sample) and (min(even, odd) * 20 <= max(even, odd) or (even + odd) * 2 > len(sample))


def _readable_start(path: Path) -> bytes:
    """What a damaged compressed file gives before the damage, at most a sample's length."""
    found = b""
    with path.open("rb") as raw:
        source = decompressed(raw, path=path)
        try:
            while len(found) < _SAMPLE_BYTES and (chunk := source.readline(_SAMPLE_BYTES)):
                found += chunk
        except DAMAGED:
            return found
    return found


def _can_decode(line: bytes, *, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

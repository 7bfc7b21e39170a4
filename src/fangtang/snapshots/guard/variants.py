"""Compressed copies of objects: whether they are what they must become."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fangtang.kernel.hashing import sha256

DIGEST_DIGITS = 64


def holds(place: str, digest: str, *, size: int) -> bool:
    """Whether this becomes the object of that digest and size, or is the empty file that says that a copy is not worth it. True for a compression that
    cannot be undone on this machine: nobody can say."""
    undo = _UNDO[place.rpartition(".")[2]]
    try:
        packed = Path(place).read_bytes()
        return not packed or sha256(undo(packed, size)) == digest
    except ModuleNotFoundError:
        return True
    except Exception:  # noqa: BLE001  (each library has an error of its own for bytes that it cannot read)
        return False


def _gzip(packed: bytes, size: int) -> bytes:
    undoing = zlib.decompressobj(wbits=31)
    found = undoing.decompress(packed, size + 1)
    return found if undoing.eof and not undoing.unused_data else b""


def _brotli(packed: bytes, size: int) -> bytes:
    library: Any = importlib.import_module("brotli")
    found: bytes = library.Decompressor().process(packed, output_buffer_limit=size + 1)
    return found


def _zstd(packed: bytes, size: int) -> bytes:
    library: Any = importlib.import_module("zstandard")
    with library.ZstdDecompressor().stream_reader(packed) as reader:
        found: bytes = reader.read(size + 1)
    return found


def is_name(name: str) -> bool:
    """Whether a file of this name is a compressed copy; others are on their way, and nobody reads them."""
    digest, _, ending = name.partition(".")
    return len(digest) == DIGEST_DIGITS and ending in _UNDO


_UNDO: dict[str, Callable[[bytes, int], bytes]] = {"gz": _gzip, "br": _brotli, "zst": _zstd}

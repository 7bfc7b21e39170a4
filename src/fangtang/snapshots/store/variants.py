"""Pre-compressed variants of text objects: `variants/ab/<sha256 of the plain bytes>.br`, `.gz` and `.zst`. Made after a release, never on its way.

A variant is worth its place when the object is at least a kilobyte of text and the result five per cent smaller. An object of which a coding is not worth it
has an empty file there, so that nobody tries again. The same bytes always give the same variant, on one version of the libraries.
"""

# Plain system calls below, not Path: a store has hundreds of thousands of objects.
# ruff: noqa: PTH105, PTH108, PTH110, PTH120, PTH123
from __future__ import annotations

import gzip
import math
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

import brotli
import zstandard

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store.files import READ_ONLY, make_folder
from fangtang.snapshots.store.layout import Layout, fanned
from fangtang.snapshots.store.manifests import Entry, Kind

ENDINGS = MappingProxyType({"br": "br", "zstd": "zst", "gzip": "gz"})
"""Content coding → file ending."""
LEAST_BYTES = 1024
MOST_BYTES = 8 * 1024 * 1024
"""Larger texts are data to be downloaded; compressing them would hold the sweeper up for seconds."""
LARGEST_SHARE = 0.95
COMPLETE_KEPT = 200_000
"""Trees remembered as complete, some 50 MB; then it is all looked up again."""
TEXT_EXTENSIONS = frozenset(
    {"html", "css", "js", "txt", "csv", "ics", "xml", "rss", "atom", "json", "jsonld", "webmanifest", "svg", "vtt"},
)
"""Files that shrink. Everything else of a site is compressed already, or rare."""
ASSETS = "assets"
"""The folder whose files are fetched by every reader and never change: worth the best quality."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Levels of the three libraries."""

    br: int
    zstd: int
    gzip: int


PAGES, BEST = Quality(br=5, zstd=9, gzip=6), Quality(br=11, zstd=19, gzip=9)


@dataclass(frozen=True, slots=True)
class Missing:
    """An object of a site without all its variants."""

    digest: str
    quality: Quality


class _TimeOver(Exception):
    """The slice of time is used up."""


class Variants:
    """The variants of one store. For one process at a time to fill, for any number to read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._complete: set[tuple[str, bool]] = set()
        self._give_up_at = math.inf

    def path(self, digest: str, coding: str) -> str:
        """Where the variant lies, if it is there."""
        return f"{self._layout.folder}/variants/{fanned(digest)}.{ENDINGS[coding]}"

    def read(self, digest: str, coding: str, *, size: int) -> bytes | None:
        """The variant's bytes, found to give the object's `size` bytes with this digest; None when there is none worth sending, or a bad one."""
        try:
            with open(self.path(digest, coding), "rb") as file:
                packed = file.read(size)
        except OSError:
            return None
        return packed if packed and is_variant_of(packed, digest, coding, size=size) else None

    def make(self, digest: str, *codings: str, quality: Quality = PAGES) -> None:
        """Make the variants that are not there. Raises OSError, ValueError when the object's bytes are not what its digest says."""
        wanting = [coding for coding in codings or ENDINGS if not os.path.exists(self.path(digest, coding))]
        if not wanting:
            return
        with open(self._layout.object(digest), "rb") as file:
            content = file.read()
        if sha256(content) != digest:
            raise ValueError(digest)
        for coding in wanting:
            packed = _PACK[coding](content, getattr(quality, coding))
            _write(self.path(digest, coding), packed if len(packed) <= len(content) * LARGEST_SHARE else b"")

    def missing(self, root: str) -> Iterator[Missing]:
        """Objects of a tree without all their variants, assets first. Trees that were found complete are not looked into again."""
        entries = self._layout.entries(root)
        first = entries.get(ASSETS)
        if first and first.kind is Kind.TREE:
            yield from self._below(first.sha256, is_asset=True)
        yield from self._below(root, is_asset=False)

    def fill(self, roots: Iterable[str], *, seconds: float) -> bool:
        """Look for what is missing below these roots, and make it, until the time is over; whether all of it is there now. One object may be finished
        late. Objects that cannot be read are passed over: that is for the guard."""
        self._give_up_at = time.monotonic() + seconds
        try:
            for root in roots:
                for one in self.missing(root):
                    with suppress(OSError, ValueError):
                        self.make(one.digest, quality=one.quality)
        except _TimeOver:
            return False
        finally:
            self._give_up_at = math.inf
        return True

    def forget(self, digests: Iterable[str]) -> None:
        """Take the variants of these objects away."""
        self._complete.clear()
        for digest in digests:
            for coding in ENDINGS:
                with suppress(FileNotFoundError):
                    os.unlink(self.path(digest, coding))

    def _below(self, tree: str, *, is_asset: bool) -> Iterator[Missing]:
        """Complete are only trees below which nothing was missing: what is made meanwhile is seen the next time."""
        if (tree, is_asset) in self._complete:
            return
        if time.monotonic() >= self._give_up_at:
            raise _TimeOver
        is_complete = True
        for name, entry in sorted(self._layout.entries(tree).items()):
            found = self._below(entry.sha256, is_asset=is_asset) if entry.kind is Kind.TREE else self._file(name, entry, is_asset=is_asset)
            for one in found:
                is_complete = False
                yield one
                if time.monotonic() >= self._give_up_at:
                    raise _TimeOver
        if is_complete:
            if len(self._complete) >= COMPLETE_KEPT:
                self._complete.clear()
            self._complete.add((tree, is_asset))

    def _file(self, name: str, entry: Entry, *, is_asset: bool) -> Iterator[Missing]:
        if is_text(name) and LEAST_BYTES <= entry.size <= MOST_BYTES and not all(os.path.exists(self.path(entry.sha256, coding)) for coding in ENDINGS):
            yield Missing(entry.sha256, BEST if is_asset else PAGES)


def is_text(name: str) -> bool:
    """Whether a file of this name is compressed, by its extension."""
    _, dot, extension = name.rpartition(".")
    return bool(dot) and extension.lower() in TEXT_EXTENSIONS


def _gzip(content: bytes, level: int) -> bytes:
    return gzip.compress(content, level, mtime=0)


def _brotli(content: bytes, level: int) -> bytes:
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=level)


def _zstd(content: bytes, level: int) -> bytes:
    return zstandard.ZstdCompressor(level=level, write_content_size=True).compress(content)


_PACK: Mapping[str, Callable[[bytes, int], bytes]] = MappingProxyType({"gzip": _gzip, "br": _brotli, "zstd": _zstd})


def is_variant_of(packed: bytes, digest: str, coding: str, *, size: int) -> bool:
    """No more than one byte above `size` is ever unpacked, so a variant cannot fill the memory."""
    try:
        content = _UNPACK[coding](packed, size)
    except (zlib.error, brotli.error, zstandard.ZstdError):
        return False
    return len(content) == size and sha256(content) == digest


def _gunzip(packed: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    content = unpacker.decompress(packed, size + 1)
    return content if unpacker.eof and not unpacker.unused_data else b""


def _unbrotli(packed: bytes, size: int) -> bytes:
    unpacker = brotli.Decompressor()
    content = unpacker.process(packed, output_buffer_limit=size + 1)
    while not unpacker.is_finished() and len(content) <= size and (more := unpacker.process(b"", output_buffer_limit=size + 1)):
        content += more
    return content if unpacker.is_finished() else b""


def _unzstd(packed: bytes, size: int) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj(read_across_frames=False)
    parameters = zstandard.get_frame_parameters(packed)
    if parameters.content_size != size:
        return b""
    content = unpacker.decompress(packed)
    return content if not unpacker.unused_data else b""


_UNPACK: Mapping[str, Callable[[bytes, int], bytes]] = MappingProxyType({"gzip": _gunzip, "br": _unbrotli, "zstd": _unzstd})


def _write(place: str, packed: bytes) -> None:
    """Under its name only when it is whole; no barrier, for a torn one is found out by its digest and what is lost is made again."""
    folder = os.path.dirname(place)
    make_folder(folder)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as fresh:
        fresh.write(packed)
        fresh.flush()
        os.fchmod(fresh.fileno(), READ_ONLY)
    os.replace(fresh.name, place)

"""Files and folders as samples: what kind a file is, and what is said when it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fangtang.rules.readers import html, plain
from fangtang.rules.samples import Gap, Sample
from fangtang.rules.texts import Block, Kind, Text

READERS = {".txt": plain.read, ".md": plain.read, ".html": html.read, ".htm": html.read}
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_BYTES = 64 * 1024 * 1024
NOTHING = Text("", [Block(Kind.PARAGRAPH, 0, 0)])


def find(path: Path) -> Iterator[Path]:
    """The file itself; of a folder every file below it, in the order of their names, without hidden ones and without following links."""
    if not path.is_dir():
        yield path
        return
    for inside in sorted(path.iterdir()):
        if not inside.name.startswith(".") and not inside.is_symlink():
            yield from find(inside)


def read(path: Path) -> tuple[Sample, str]:
    """A sample and the source in which its offsets count. A file that cannot be read has a gap that says why: samples.missing, samples.unreadable,
    samples.too_large, samples.unknown_kind, samples.encoding."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        return _gap(path, "samples.unknown_kind")
    try:
        if path.stat().st_size > MOST_BYTES:
            return _gap(path, "samples.too_large")
        source = _decoded(path.read_bytes())
    except FileNotFoundError:
        return _gap(path, "samples.missing")
    except OSError:
        return _gap(path, "samples.unreadable")
    if source is None:
        return _gap(path, "samples.encoding")
    return reader(source, name=str(path)), source


def _decoded(content: bytes) -> str | None:
    if b"\0" in content:
        return None
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _gap(path: Path, code: str) -> tuple[Sample, str]:
    return Sample(str(path), NOTHING, gaps=(Gap("", code),)), ""

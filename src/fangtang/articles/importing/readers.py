"""Rows of JSONL and CSV files, plain or compressed, one at a time and each with its line number.

A line that cannot be read becomes a `BadRow` and never stops the rest; a compressed file that was cut short gives what it holds and a last
`BadRow`. Memory stays below a few `ROW_BYTES` whatever the file's size.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import lzma
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Protocol, Self

from fangtang.kernel.errors import NOTHING, Invalid

ROW_BYTES = 8 * 1024 * 1024
_SAMPLE_BYTES = 256 * 1024
_DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error)
_FORMATS: dict[str, Literal["jsonl", "csv"]] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}

csv.field_size_limit(ROW_BYTES)


class _Bytes(Protocol):
    """What we need of an open file, compressed or not."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line (from 1) and its values as text, by column. A missing value is ""."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, with a stable dotted code and JSON-safe facts."""

    line: int
    code: str
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


class RowFile:
    """An open import file. Iterate once; `encoding` is known from the start, `bytes_read` of `size_bytes` grows meanwhile.

    Raises Invalid: `importing.format_unknown` (name is no .jsonl, .ndjson, .csv or .tsv, with or without .xz or .gz),
    `importing.encoding_unknown` (UTF-16 and UTF-32), `importing.file_damaged` (nothing can be read at all),
    `importing.no_columns` and `importing.column_repeated` (CSV). OSError as open() raises it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.format = format_of(path)
        self.size_bytes = path.stat().st_size
        self.encoding = _encoding_of(path)
        self._raw = path.open("rb")
        self._lines = _Lines(_decompressed(self._raw, path=path), encoding=self.encoding)
        self.columns = self._header() if self.format == "csv" else ()

    @property
    def bytes_read(self) -> int:
        """How much of the file on disk was read, compressed as it is."""
        return self.size_bytes if self._raw.closed else self._raw.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._raw.close()

    def __iter__(self) -> Iterator[Row | BadRow]:
        yield from _json_rows(self._lines) if self.format == "jsonl" else self._csv_rows()
        if self._lines.damage is not None:
            yield self._lines.damage

    def _header(self) -> tuple[str, ...]:
        first = next(self._lines, None)
        if not isinstance(first, _Line) or not first.text.strip():
            raise Invalid("importing.no_columns", file=self.path.name)
        self._dialect = max(",\t;", key=first.text.count)
        try:
            columns = tuple(name.strip() for name in next(csv.reader([first.text], delimiter=self._dialect)))
        except csv.Error as error:
            raise Invalid("importing.no_columns", file=self.path.name) from error
        repeated = sorted({name for name in columns if columns.count(name) > 1})
        if repeated:
            raise Invalid("importing.column_repeated", file=self.path.name, columns=repeated)
        return columns

    def _csv_rows(self) -> Iterator[Row | BadRow]:
        for record in _csv_records(self._lines, delimiter=self._dialect):
            if isinstance(record, BadRow):
                yield record
            elif len(record.cells) != len(self.columns):
                yield BadRow(record.line, "importing.column_count", {"wanted": len(self.columns), "found": len(record.cells)})
            else:
                yield _row(record.line, values=dict(zip(self.columns, record.cells, strict=True)))


def format_of(path: Path) -> Literal["jsonl", "csv"]:
    """The format by the file's name, compression aside."""
    name = path.with_suffix("") if path.suffix.lower() in {".xz", ".gz"} else path
    if name.suffix.lower() not in _FORMATS:
        raise Invalid("importing.format_unknown", file=path.name, allowed=sorted(_FORMATS))
    return _FORMATS[name.suffix.lower()]


def _decompressed(raw: BinaryIO, *, path: Path) -> _Bytes:
    match path.suffix.lower():
        case ".xz":
            return lzma.LZMAFile(raw)
        case ".gz":
            return gzip.GzipFile(fileobj=raw)
        case _:
            return raw


def _encoding_of(path: Path) -> str:
    """UTF-8 with or without mark, or GB18030 when more lines of the file's start can be read so."""
    with path.open("rb") as raw:
        try:
            sample = _decompressed(raw, path=path).read(_SAMPLE_BYTES)
        except _DAMAGED as error:
            sample = _readable_start(path)
            if not sample:
                raise Invalid("importing.file_damaged", file=path.name, reason=str(error)) from error
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        raise Invalid("importing.encoding_unknown", file=path.name, allowed=["UTF-8", "GB18030"])
    lines = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    in_utf8 = sum(_can_decode(line, encoding="utf-8") for line in lines)
    in_gb18030 = sum(_can_decode(line, encoding="gb18030") for line in lines)
    return "gb18030" if in_gb18030 > in_utf8 and in_utf8 * 2 < len(lines) else "utf-8"


def _readable_start(path: Path) -> bytes:
    """What a damaged compressed file gives before the damage, at most a sample's length."""
    found = b""
    with path.open("rb") as raw:
        source = _decompressed(raw, path=path)
        try:
            while len(found) < _SAMPLE_BYTES and (chunk := source.readline(_SAMPLE_BYTES)):
                found += chunk
        except _DAMAGED:
            return found
    return found


def _can_decode(line: bytes, *, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Line:
    """One physical line with its end. Bytes that fit no character stand in it as lone surrogates."""

    number: int
    text: str


class _Lines(Iterator["_Line | BadRow"]):
    """The physical lines of a file; too long ones come as bad rows. `damage` is set when the file breaks off."""

    def __init__(self, source: _Bytes, *, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._pushed: deque[_Line] = deque()
        self._number = 0
        self.damage: BadRow | None = None

    def push_back(self, lines: list[_Line]) -> None:
        """Give these lines again, before all others."""
        self._pushed.extendleft(reversed(lines))

    def __next__(self) -> _Line | BadRow:
        if self._pushed:
            return self._pushed.popleft()
        line = self._read()
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > ROW_BYTES and not line.endswith(b"\n"):
            self._skip_line()
            return BadRow(self._number, "importing.row_too_long", {"most_bytes": ROW_BYTES})
        if self._number == 1 and line.startswith(codecs.BOM_UTF8):
            line = line[3:]
        return _Line(self._number, line.decode(self._encoding.removesuffix("-sig"), errors="surrogateescape"))

    def _read(self) -> bytes:
        try:
            return self._source.readline(ROW_BYTES + 1)
        except _DAMAGED as error:
            self.damage = BadRow(self._number + 1, "importing.file_cut_short", {"reason": str(error)})
            return b""

    def _skip_line(self) -> None:
        while (rest := self._read()) and not rest.endswith(b"\n"):
            continue


def _row(line: int, *, values: dict[str, str]) -> Row | BadRow:
    broken = [column for column, value in values.items() if any("\ud800" <= sign <= "\udfff" for sign in value)]
    return BadRow(line, "importing.bad_characters", {"columns": broken}) if broken else Row(line, values)


def _json_rows(lines: _Lines) -> Iterator[Row | BadRow]:
    for line in lines:
        if isinstance(line, BadRow):
            yield line
        elif line.text.strip():
            yield _json_row(line)


def _json_row(line: _Line) -> Row | BadRow:
    try:
        found = json.loads(line.text, parse_constant=_refuse)
    except RecursionError:
        return BadRow(line.number, "importing.bad_json", {"reason": "too deep"})
    except ValueError as error:
        return BadRow(line.number, "importing.bad_json", {"reason": str(error)})
    if not isinstance(found, dict):
        return BadRow(line.number, "importing.not_an_object")
    return _row(line.number, values={name: _as_text(value) for name, value in found.items()})


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _as_text(value: object) -> str:
    """Text as it is, null as "", a list of plain values as one per line, anything else as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "\n".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str]


def _csv_records(lines: _Lines, *, delimiter: str) -> Iterator[_Record | BadRow]:
    """Records that may span lines. After a broken one (a quotation mark that is never closed) reading goes on at the next line."""
    for first in lines:
        if isinstance(first, BadRow):
            yield first
            continue
        if not first.text.strip():
            continue
        taken: list[_Line] = []
        try:
            cells = next(csv.reader(_fed(first, lines=lines, taken=taken), delimiter=delimiter, strict=True))
        except csv.Error as error:
            lines.push_back(taken)
            yield BadRow(first.number, "importing.bad_csv", {"reason": str(error)})
        else:
            yield _Record(first.number, cells)


def _fed(first: _Line, *, lines: _Lines, taken: list[_Line]) -> Iterator[str]:
    yield first.text
    length = len(first.text)
    for line in lines:
        if isinstance(line, BadRow):
            raise csv.Error("a line inside the row is too long")
        taken.append(line)
        length += len(line.text)
        if length > ROW_BYTES:
            raise csv.Error("the row does not end")
        yield line.text

"""Rows of JSONL and CSV files, plain or compressed, one at a time and each with its line number.

A line that cannot be read becomes a `BadRow` and never stops the rest; a compressed file that was cut short gives what it holds and a last
`BadRow`. Memory stays below a few `ROW_BYTES` whatever the file's size.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from fangtang.articles.importing.files import decompressed, encoding_of, format_of
from fangtang.articles.importing.lines import ROW_BYTES, BadRow, Line, Lines
from fangtang.kernel.errors import Invalid

__all__ = ["ROW_BYTES", "BadRow", "Row", "RowFile", "format_of"]

csv.field_size_limit(ROW_BYTES)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line (from 1) and its values as text, by column. A missing value is ""."""

    line: int
    values: Mapping[str, str]


class RowFile:
    """An open import file. Iterate once; `encoding` is known from the start, `bytes_read` of `size_bytes` grows meanwhile.

    Raises Invalid: `importing.format_unknown` (name is no .jsonl, .ndjson, .csv or .tsv, with or without .xz or .gz),
    `importing.encoding_unknown` (UTF-16 and UTF-32), `importing.line_ends_unknown` (CR alone), `importing.file_damaged` (nothing can be read at all),
    `importing.no_columns` and `importing.column_repeated` (CSV). OSError as open() raises it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.format = format_of(path)
        self.size_bytes = path.stat().st_size
        self.encoding = encoding_of(path)
        self._raw = path.open("rb")
        self._lines = Lines(decompressed(self._raw, path=path), encoding=self.encoding)
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
        """The names of the columns, those of empty ones at the end aside: spreadsheets write them for columns that were once used."""
        first = next(self._lines, None)
        if not isinstance(first, Line) or not first.text.strip():
            raise Invalid("importing.no_columns", file=self.path.name)
        self._dialect = max(",\t;", key=first.text.count)
        self._lines.push_back([first])
        heading = next(_csv_records(self._lines, delimiter=self._dialect))
        if isinstance(heading, BadRow):
            raise Invalid("importing.no_columns", file=self.path.name)
        columns = [" ".join(name.split()) for name in heading.cells]
        while columns and not columns[-1]:
            columns.pop()
        if not columns:
            raise Invalid("importing.no_columns", file=self.path.name)
        repeated = sorted({name for name in columns if name and columns.count(name) > 1})
        if repeated:
            raise Invalid("importing.column_repeated", file=self.path.name, columns=repeated)
        return tuple(columns)

    def _csv_rows(self) -> Iterator[Row | BadRow]:
        wanted = len(self.columns)
        for record in _csv_records(self._lines, delimiter=self._dialect):
            if isinstance(record, BadRow):
                yield record
            elif len(record.cells) < wanted or any(cell.strip() for cell in record.cells[wanted:]):
                yield BadRow(record.line, "importing.column_count", {"wanted": wanted, "found": len(record.cells)})
            else:
                yield _row(record.line, values=dict(zip(self.columns, record.cells, strict=False)))


def _row(line: int, *, values: dict[str, str]) -> Row | BadRow:
    broken = [column for column, value in values.items() if any("\ud800" <= sign <= "\udfff" for sign in value)]
    return BadRow(line, "importing.bad_characters", {"columns": broken}) if broken else Row(line, values)


def _json_rows(lines: Lines) -> Iterator[Row | BadRow]:
    for line in lines:
        if isinstance(line, BadRow):
            yield line
        elif line.text.strip():
            yield _json_row(line)


def _json_row(line: Line) -> Row | BadRow:
    try:
        found = json.loads(line.text, parse_constant=_refuse)
        if not isinstance(found, dict):
            return BadRow(line.number, "importing.not_an_object")
        return _row(line.number, values={name: _as_text(value) for name, value in found.items()})
    except RecursionError:
        return BadRow(line.number, "importing.bad_json", {"reason": "too deep"})
    except json.JSONDecodeError as error:
        return BadRow(line.number, "importing.bad_json", {"reason": f"{error.msg} (line {line.number}, column {error.colno})"})
    except ValueError as error:
        return BadRow(line.number, "importing.bad_json", {"reason": str(error)})


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


def _csv_records(lines: Lines, *, delimiter: str) -> Iterator[_Record | BadRow]:
    """Records that may span lines. After a broken one (a quotation mark that is never closed) reading goes on at the next line."""
    for first in lines:
        if isinstance(first, BadRow):
            yield first
            continue
        if not first.text.strip():
            continue
        taken: list[Line] = []
        try:
            cells = next(csv.reader(_fed(first, lines=lines, taken=taken), delimiter=delimiter, strict=True))
        except csv.Error as error:
            lines.push_back(taken)
            yield BadRow(first.number, "importing.bad_csv", {"reason": str(error)})
        else:
            yield _Record(first.number, cells)


def _fed(first: Line, *, lines: Lines, taken: list[Line]) -> Iterator[str]:
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

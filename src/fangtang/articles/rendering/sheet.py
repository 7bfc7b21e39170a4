"""Tables: those of the table block, and those that came with a pasted text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True, slots=True)
class PastedCell:
    """A cell of a table that came with a text: safe inline HTML, (rowspan, colspan)."""

    html: str
    spans: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells (inline HTML, already safe), with which of them are headers.

    `spans`: (row, column) → (rowspan, colspan); `covered`: cells that a merged one lies over.
    """

    rows: tuple[tuple[str, ...], ...]
    caption: str
    has_head: bool
    has_side: bool
    spans: Mapping[tuple[int, int], tuple[int, int]]

    covered: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def stored(cls, value: Mapping[str, Any]) -> Sheet:
        """From the table block: plain text cells; empty rows at the end are left out."""
        rows = [tuple(map(_plain, row)) for row in value.get("data") or () if isinstance(row, list)]
        while rows and not any(cell.strip() for cell in rows[-1]):
            rows.pop()
        choice = value.get("table_header_choice") or ""
        spans = _spans(value.get("mergeCells"))
        return cls(
            tuple(rows),
            escape(str(value.get("table_caption") or "")).strip(),
            has_head=bool(value.get("first_row_is_table_header")) or choice in ("row", "both"),
            has_side=bool(value.get("first_col_is_header")) or choice in ("column", "col", "both"),
            spans=spans,
            covered=_covered(spans, height=len(rows), width=max(map(len, rows), default=0)),
        )

    @classmethod
    def pasted(cls, rows: list[list[PastedCell]], *, has_head: bool) -> Sheet:
        """From a text."""
        spans = {(row, column): cell.spans for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell.spans != (1, 1)}
        return cls(tuple(tuple(cell.html for cell in cells) for cells in rows), "", has_head, False, spans)


def draw(sheet: Sheet, *, word: str) -> list[str]:
    """The table in its scrollable container; [] for one without rows. `word` names a table without a caption for people who hear the page."""
    if not sheet.rows:
        return []
    rows = [_row(sheet, index) for index in range(len(sheet.rows))]
    head = f"<thead>{rows.pop(0)}</thead>" if sheet.has_head else ""
    caption = f"<caption>{sheet.caption}</caption>" if sheet.caption else ""
    inner = caption + head + (f"<tbody>{''.join(rows)}</tbody>" if rows else "")
    return [f'<div class="b-table" role="group" tabindex="0" aria-label="{sheet.caption or word}"><table>{inner}</table></div>']


def _plain(cell: Any) -> str:
    return escape(str(cell if cell is not None else "")).replace("\n", "<br>")


def _row(sheet: Sheet, index: int) -> str:
    shown = [column for column in range(len(sheet.rows[index])) if (index, column) not in sheet.covered]
    return "<tr>" + "".join(_cell(sheet, index, column) for column in shown) + "</tr>"


def _cell(sheet: Sheet, row: int, column: int) -> str:
    down, across = sheet.spans.get((row, column), (1, 1))
    span = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
    content = sheet.rows[row][column]
    if sheet.has_head and row == 0:
        return f'<th scope="col"{span}>{content}</th>' if content else f"<td{span}></td>"
    if sheet.has_side and column == 0:
        return f'<th scope="row"{span}>{content}</th>'
    return f"<td{span}>{content}</td>"


def _spans(merged: Any) -> dict[tuple[int, int], tuple[int, int]]:
    found = {}
    for cell in merged if isinstance(merged, list) else ():
        try:
            found[int(cell["row"]), int(cell["col"])] = (int(cell["rowspan"]), int(cell["colspan"]))
        except (TypeError, KeyError, ValueError):
            continue  # a merge that names no cells merges none
    return found


def _covered(spans: Mapping[tuple[int, int], tuple[int, int]], *, height: int, width: int) -> frozenset[tuple[int, int]]:
    """Cells that a merged one lies over, within the table's own size."""
    return frozenset(
        (down, across)
        for (row, column), (rows, columns) in spans.items()
        for down in range(max(row, 0), min(row + rows, height))
        for across in range(max(column, 0), min(column + columns, width))
        if (down, across) != (row, column)
    )

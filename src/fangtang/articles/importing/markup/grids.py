"""Tables with merged cells: every figure stays in its own column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborNode

_WIDEST_SPAN = 100
_LONGEST_SPAN = 1_000
_MOST_CELLS = 1_000_000
_WIDEST_USUAL = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """Texts by (row, column), those that a merged cell covers as ""; `merges` as the table block stores them."""

    height: int
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[dict[str, int]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((column + 1 for _, column in self.cells), default=0)

    def put(self, text: str, *, row: int, column: int, down: int, across: int) -> int:
        """Put a cell into the first free place of its row from `column` on; gives the column behind it."""
        while (row, column) in self.cells:
            column += 1
        if len(self.cells) > _MOST_CELLS:
            down = across = 1
        while across > 1 and any((row, column + step) in self.cells for step in range(across)):
            across -= 1
        self.cells.update({(row + below, column + beside): "" for below in range(down) for beside in range(across)})
        self.cells[row, column] = text
        if (down, across) != (1, 1):
            self.merges.append({"row": row, "col": column, "rowspan": down, "colspan": across})
        return column + across


def is_grid(table: LexborNode) -> bool:
    """Whether a table holds values in rows: one with a single row or with a table inside only arranges a page."""
    return len(table.css("tr")) > 1 and not table.css("table table")


def value_of(table: LexborNode, *, read: Callable[[LexborNode], str], caption: str) -> dict[str, Any] | None:
    """The value of a table block; None for a table in which nothing stands or that is too large for one. `read` gives the text of a cell."""
    grid = Grid(height=len(table.css("tr")))
    for number, (row, below) in enumerate(_rows(table)):
        column = 0
        for cell in row.css("td, th"):
            down, across = _down(cell, most=min(below, _LONGEST_SPAN)), _span(cell, "colspan", most=_WIDEST_SPAN)
            column = grid.put(read(cell), row=number, column=column, down=down, across=across)
    width = _trimmed(grid)
    if not any(grid.cells.values()) or grid.height * width > _MOST_CELLS:
        return None
    first = table.css_first("tr")
    has_header = first is not None and bool(first.css("th")) and not any(merge["row"] == 0 and merge["rowspan"] > 1 for merge in grid.merges)
    rows = [[grid.cells.get((row, column), "") for column in range(width)] for row in range(grid.height)]
    value = {"data": rows, "first_row_is_table_header": has_header, "first_col_is_header": False, "table_caption": caption}
    return value | ({"mergeCells": grid.merges} if grid.merges else {})


def _rows(table: LexborNode) -> Iterator[tuple[LexborNode, int]]:
    """Each row, and how many rows of its own group there are from it on: no cell reaches beyond its group."""
    rows = table.css("tr")
    groups = [row.parent.mem_id if row.parent else 0 for row in rows]
    last = {group: number for number, group in enumerate(groups)}
    for number, (row, group) in enumerate(zip(rows, groups, strict=True)):
        yield row, last[group] - number + 1


def _trimmed(grid: Grid) -> int:
    """The width; of a table that is too wide for the desk without the columns at the end in which no cell begins ("colspan=100")."""
    if grid.width <= _WIDEST_USUAL:
        return grid.width
    begins = {(merge["row"], merge["col"]): merge for merge in grid.merges}
    inner = {
        (row + below, column + beside) for (row, column), merge in begins.items() for below in range(merge["rowspan"]) for beside in range(merge["colspan"])
    }
    width = max(column + 1 for row, column in grid.cells if (row, column) in begins or (row, column) not in inner)
    for merge in grid.merges:
        merge["colspan"] = min(merge["colspan"], width - merge["col"])
    grid.merges[:] = [merge for merge in grid.merges if (merge["rowspan"], merge["colspan"]) != (1, 1)]
    return width


def _down(cell: LexborNode, *, most: int) -> int:
    """Rows that a cell spans; 0 means all that are left (HTML, 4.9.11)."""
    return most if (cell.attributes.get("rowspan") or "").strip() == "0" else _span(cell, "rowspan", most=most)


def _span(cell: LexborNode, name: str, *, most: int) -> int:
    given = (cell.attributes.get(name) or "").strip()
    return min(max(int(given), 1), most) if given.isascii() and given.isdecimal() and len(given) < 6 else 1

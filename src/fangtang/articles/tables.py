"""A table in an article: what is stored of it, and how large it may be.

A page is read on a telephone: a long table belongs into a sheet that people can sort and search, attached to the article.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.contrib.table_block.blocks import TableBlock

from fangtang.kernel.sent import from_json

MOST_ROWS = 500
MOST_COLUMNS = 40


class SheetBlock(TableBlock):
    """Wagtail's table with merged cells, which refuses what is no table or too long for a page."""

    def get_table_options(self, table_options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Without this the editor would forget merged cells at the first change."""
        return {**super().get_table_options(table_options), "mergeCells": True}

    def value_from_form(self, value: str) -> dict[str, Any] | None:
        """What the browser sent; None for anything that is no table."""
        try:
            table = from_json(value or "null")
        except ValueError:
            return None
        return table if isinstance(table, dict) and _is_grid(table.get("data")) else None

    def clean(self, value: dict[str, Any] | None) -> Any:
        found = too_large(value)
        if found:
            raise ValidationError(found)
        return super().clean(value)


def _is_grid(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, list) for row in rows)


def size(table: dict[str, Any] | None) -> tuple[int, int]:
    """Rows and columns of a stored table; (0, 0) for none."""
    rows = (table or {}).get("data") or []
    return len(rows), max((len(row) for row in rows), default=0)


def too_large(table: dict[str, Any] | None) -> str:
    """The sentence that says so and what to do instead; "" when the table fits."""
    rows, columns = size(table)
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return ""
    facts = {"rows": rows, "columns": columns, "most_rows": MOST_ROWS, "most_columns": MOST_COLUMNS}
    return (
        _(
            "This table has %(rows)s rows and %(columns)s columns. A page shows at most %(most_rows)s rows and %(most_columns)s columns well: "
            "attach the whole table as a sheet (block “Attachment”) and keep the main figures here."
        )
        % facts
    )

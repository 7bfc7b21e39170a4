"""What became of a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from fangtang.articles.importing.drafts import ArticleDraft, Rejected

Result = Literal["created", "updated", "unchanged", "edited_here", "skipped", "rejected"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. `code` and `data` say why when it is rejected or left alone, or what it went in without."""

    line: int
    source_id: str
    result: Result
    code: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def rejected(row: Rejected) -> Outcome:
    """The outcome of a row that does not go in."""
    return Outcome(row.line, row.source_id, "rejected", row.code, dict(row.data))


def went_in(draft: ArticleDraft, result: Literal["created", "updated"], **data: Any) -> Outcome:
    """The outcome of a row that went in, with what was left out of it."""
    if not draft.left_out:
        return Outcome(draft.line, draft.source_id, result, data=data)
    return Outcome(draft.line, draft.source_id, result, "importing.addresses_left_out", data | {"addresses": list(draft.left_out)})

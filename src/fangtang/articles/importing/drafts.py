"""What becomes of a row before any database is asked: a draft, a rejection, or a row left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from fangtang.articles.importing.markup import Block
from fangtang.kernel import hashing
from fangtang.kernel.errors import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """What a row says. `shown_at` is aware or None; `sections` are "site key/address"; `left_out` are
    addresses of links, pictures and attachments that lead nowhere. `row_sha256` changes with anything that matters."""

    line: int
    source_id: str
    title: str
    blocks: tuple[Block, ...]
    unit_key: str
    sections: tuple[str, ...] = ()
    shown_at: datetime | None = None
    kind: str = "news"
    language: str = "zh-hans"
    summary: str = ""
    source: str = ""
    author: str = ""
    document_number: str = ""
    issuing_body: str = ""
    keywords: str = ""
    url: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def row_sha256(self) -> str:
        """Digest of everything but the line and what is left out."""
        shown = self.shown_at.isoformat() if self.shown_at else None
        said = asdict(self) | {"line": 0, "shown_at": shown}
        del said["left_out"]
        return hashing.digest(said)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that does not go in: `code` is stable and dotted, `data` JSON-safe; `source_id` is "" when it could not be read."""

    line: int
    source_id: str
    code: str
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row left out on purpose by a rule of the mapping."""

    line: int
    source_id: str

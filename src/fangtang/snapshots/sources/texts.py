"""The prepared texts, and what lists show of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fangtang.snapshots.models import Prepared
from fangtang.snapshots.sources.asking import among
from fangtang.snapshots.theme.contexts import Picture

FACTS_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Text:
    """What an article's page shows of its prepared text, whatever the site: the values of `Prepared`."""

    fields: dict[str, Any]
    body: str
    lead: dict[str, Any] | None
    attachments: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists show of an article, whatever the site."""

    title: str
    summary: str
    picture: Picture | None
    document_number: str
    issuing_body: str
    made_on: date | None
    has_video: bool


_facts: dict[str, Facts] = {}


def prepared(hashes: Iterable[str]) -> dict[str, Text]:
    """Prepared texts by content hash."""
    rows = among(Prepared._meta.db_table, ("content_sha256", "fields", "body", "lead", "attachments"), key="content_sha256", values=hashes)
    return {
        sha256: Text(json.loads(fields), body, _json(lead), json.loads(attachments) if attachments != "[]" else [])
        for sha256, fields, body, lead, attachments in rows
    }


def text_of(row: Prepared) -> Text:
    """The same from a row."""
    return Text(row.fields, row.body, row.lead, row.attachments)


def facts(hashes: Iterable[str]) -> dict[str, Facts]:
    """What lists show, by content hash."""
    wanted = set(hashes)
    missing = wanted - _facts.keys()
    if len(_facts) + len(missing) > FACTS_KEPT:
        _facts.clear()
        missing = wanted
    rows = among(Prepared._meta.db_table, ("content_sha256", "entry"), key="content_sha256", values=missing)
    _facts.update({sha256: facts_from(json.loads(entry)) for sha256, entry in rows})
    return {sha256: _facts[sha256] for sha256 in wanted}


def forget_facts() -> None:
    """Forget what is kept in memory: after texts were prepared afresh."""
    _facts.clear()


def facts_from(entry: Mapping[str, Any]) -> Facts:
    """From the form in which a row keeps it."""
    return Facts(
        title=entry["title"],
        summary=entry["summary"],
        picture=picture_from(entry["picture"]),
        document_number=entry["document_number"],
        issuing_body=entry["issuing_body"],
        made_on=day_from(entry["made_on"]),
        has_video=entry["has_video"],
    )


def _json(kept: str | None) -> Any:
    """JSON of a column that is mostly empty."""
    return json.loads(kept) if kept is not None else None


def picture_from(kept: Mapping[str, Any] | None) -> Picture | None:
    """A picture from the form in which a row keeps it."""
    if kept is None:
        return None
    return Picture(tuple((url, width, height) for url, width, height in kept["sources"]), kept["alt"], kept["credit"], kept["caption"])


def day_from(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None

"""The prepared texts, and what lists show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fangtang.snapshots.models import Prepared
from fangtang.snapshots.sources.asking import AT_ONCE, chunks
from fangtang.snapshots.theme.contexts import Picture

FACTS_KEPT = 50_000


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


def prepared(hashes: Iterable[str]) -> dict[str, Prepared]:
    """Prepared texts by content hash."""
    found: dict[str, Prepared] = {}
    for some in chunks(sorted(set(hashes)), AT_ONCE):
        found |= Prepared.objects.in_bulk(some)
    return found


def facts(hashes: Iterable[str]) -> dict[str, Facts]:
    """What lists show, by content hash."""
    wanted = set(hashes)
    missing = sorted(wanted - _facts.keys())
    if len(_facts) + len(missing) > FACTS_KEPT:
        _facts.clear()
        missing = sorted(wanted)
    for some in chunks(missing, AT_ONCE):
        rows = Prepared.objects.filter(pk__in=some).values_list("content_sha256", "entry")
        _facts.update({sha256: facts_from(entry) for sha256, entry in rows})
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


def picture_from(kept: Mapping[str, Any] | None) -> Picture | None:
    """A picture from the form in which a row keeps it."""
    if kept is None:
        return None
    return Picture(tuple((url, width, height) for url, width, height in kept["sources"]), kept["alt"], kept["credit"], kept["caption"])


def day_from(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None

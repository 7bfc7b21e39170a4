"""What stands in public now: from releases to the rows that pages are drawn from, and which targets that touches.

`settle` compares what the rows say with what the releases of some articles want, writes the difference and the targets it touches in one
transaction. A builder that dies afterwards leaves the targets in `Built.pending`, so nothing is lost; the rows are never half changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from fangtang.releases.models import Address
from fangtang.snapshots import rows, sources
from fangtang.snapshots.depends import Change, Heights, LineState, PageState, changed_sections, touched
from fangtang.snapshots.desired import desired
from fangtang.snapshots.following import followed
from fangtang.snapshots.models import Built, Shown
from fangtang.snapshots.register import Register
from fangtang.snapshots.rows import AT_ONCE, LINE_FIELDS, PAGE_FIELDS, Rows, values
from fangtang.snapshots.targets import Target


@dataclass(frozen=True, slots=True)
class Settled:
    """`touched` by site id; `later` are articles about which something newer was decided meanwhile: their turn comes with that."""

    touched: Mapping[int, set[Target]]
    later: frozenset[int]


def settle(article_ids: Iterable[int], *, register: Register, now: datetime) -> Settled:
    """Bring the rows of these articles up to their releases. A second call finds nothing to do."""
    found: dict[int, set[Target]] = defaultdict(set)
    later: set[int] = set()
    for some in sources.chunks(sorted(set(article_ids)), AT_ONCE):
        with transaction.atomic():
            which = followed(some)
            later |= which.later
            before = rows.stored(which.settled)
            targets = _apply(which.settled, before, desired(which, before, now=now), register=register)
            _remember(targets)
        for site_id, of_site in targets.items():
            found[site_id] |= of_site
    return Settled(found, frozenset(later))


def _apply(article_ids: Sequence[int], before: Rows, wanted: Rows, *, register: Register) -> dict[int, set[Target]]:
    changes = _changes(article_ids, before, wanted)
    sections = {pk for of_site in changes.values() for change in of_site for pk in changed_sections(change)}
    above = {one.id for site_id in changes for pk in sections if pk in register[site_id].section_by_id for one in _trail(register, site_id, pk)}
    heights = sources.highest_numbers(above)
    rows.write(article_ids, before, wanted)
    risen = Heights(heights, sources.highest_numbers(above))
    return {site_id: found for site_id, of_site in changes.items() if (found := touched(of_site, site=register[site_id], heights=risen))}


def _trail(register: Register, site_id: int, section_id: int) -> Iterable[Any]:
    site = register[site_id]
    return site.trail(site.section_by_id[section_id])


def _changes(article_ids: Sequence[int], before: Rows, wanted: Rows) -> dict[int, list[Change]]:
    """What each article was and is, by site."""
    moved = set(Address.objects.filter(article__in=article_ids, is_current=False).values_list("article_id", "site_id"))
    places = before.pages.keys() | wanted.pages.keys()
    lines_before, lines_now = _lines_by_place(before), _lines_by_place(wanted)
    files_before, files_now = _files_by_place(before), _files_by_place(wanted)
    found: dict[int, list[Change]] = defaultdict(list)
    for place in sorted(places):
        was, now = before.pages.get(place), wanted.pages.get(place)
        change = Change(
            article_id=place[0],
            before=_page_state(was) if was else None,
            now=_page_state(now) if now else None,
            lines_before=lines_before.get(place, {}),
            lines_now=lines_now.get(place, {}),
            files_before=files_before.get(place, {}),
            files_now=files_now.get(place, {}),
            has_moved=place in moved or bool(was and now and was.path != now.path),
        )
        found[place[1]].append(change)
    return found


def _page_state(row: Shown) -> PageState:
    return PageState(row.path, row.month, row.canonical_site_id == row.site_id, row.is_withdrawn, values(row, PAGE_FIELDS))


def _lines_by_place(some: Rows) -> dict[tuple[int, int], dict[int, LineState]]:
    found: dict[tuple[int, int], dict[int, LineState]] = defaultdict(dict)
    for (article_id, section_id), line in some.lines.items():
        found[article_id, line.site_id][section_id] = LineState(line.number, values(line, LINE_FIELDS))
    return found


def _files_by_place(some: Rows) -> dict[tuple[int, int], dict[str, str]]:
    found: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for (article_id, site_id, path), row in some.files.items():
        found[article_id, site_id][path] = row.sha256
    return found


def _remember(found: Mapping[int, set[Target]]) -> None:
    """Keep the targets until they are drawn."""
    built = {row.site_id: row for row in Built.objects.filter(site__in=found)}
    for site_id, targets in found.items():
        row = built.setdefault(site_id, Built(site_id=site_id))
        row.pending = sorted({*map(tuple, row.pending), *targets})
    Built.objects.bulk_create(built.values(), update_conflicts=True, unique_fields=["site"], update_fields=["pending"])

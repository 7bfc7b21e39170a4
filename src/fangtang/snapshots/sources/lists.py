"""The lines of lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from fangtang.snapshots import targets
from fangtang.snapshots.models import Listed, Total
from fangtang.snapshots.sources.asking import grouped, moment, newest, within


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a list; `title` is the one shown there."""

    article_id: int
    section_id: int
    number: int
    title: str
    is_pinned: bool
    rank: int
    path: str
    content_sha256: str
    published_at: datetime
    changed_at: datetime


_LINE = ("article_id", "section_id", "number", "title", "is_pinned", "rank", "path", "content_sha256", "published_at", "changed_at")


def newest_lines(most: Mapping[int, int]) -> dict[int, list[Line]]:
    """The newest lines of each section (id → at most how many), newest first."""
    found = newest(Listed._meta.db_table, _LINE, key="section_id", order="number DESC", most=most)
    return grouped(map(_line, found), lambda line: line.section_id)


def pinned_lines(section_ids: Iterable[int]) -> dict[int, list[Line]]:
    """Pinned lines of sections, in the order shown."""
    lines = Listed.objects.filter(section__in=section_ids, is_pinned=True).order_by("rank", "-number").values_list(*_LINE)
    return grouped((Line(*row) for row in lines), lambda line: line.section_id)


def numbered_lines(pages: Mapping[int, Sequence[int]]) -> dict[tuple[int, int], list[Line]]:
    """The lines on full pages of sections (id → numbers of pages), by section and page, the newest first."""
    ranges = [(section_id, first, last) for section_id, numbers in pages.items() for first, last in _runs(numbers)]
    lines = (_line(row) for row in within(Listed._meta.db_table, _LINE, key="section_id", order="number", ranges=ranges))
    found: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.number, reverse=True):
        found[line.section_id, targets.page_of(line.number)].append(line)
    return found


def _runs(pages: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last number on pages that follow each other."""
    found: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        first, last = (page - 1) * targets.PAGE_SIZE + 1, page * targets.PAGE_SIZE
        if found and found[-1][1] == first - 1:
            first = found.pop()[0]
        found.append((first, last))
    return found


def highest_numbers(section_ids: Iterable[int]) -> dict[int, int]:
    """The highest number that stands in each section; a section without any is left out."""
    found = newest(Listed._meta.db_table, ("section_id", "number"), key="section_id", order="number DESC", most=dict.fromkeys(section_ids, 1))
    return dict(found)


def totals(section_ids: Iterable[int]) -> dict[int, int]:
    """How many articles stand in each section, as it was kept; a section without any is left out."""
    return dict(Total.objects.filter(section__in=list(section_ids), lines__gt=0).values_list("section", "lines"))


def counted(section_ids: Iterable[int]) -> dict[int, int]:
    """The same, counted anew: takes longer with every article."""
    return dict(Listed.objects.filter(section__in=list(section_ids)).values_list("section").annotate(Count("pk")).order_by())


def _line(row: tuple[Any, ...]) -> Line:
    article_id, section_id, number, title, is_pinned, rank, path, sha256, published_at, changed_at = row
    return Line(article_id, section_id, number, title, bool(is_pinned), rank, path, sha256, moment(published_at), moment(changed_at))

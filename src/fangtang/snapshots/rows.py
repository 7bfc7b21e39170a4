"""The rows of what stands in public: read for some articles, compared, written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from fangtang.snapshots import sources
from fangtang.snapshots.models import Due, Listed, Shown, Total, Used

M = TypeVar("M", bound=models.Model)
AT_ONCE = 400
PAGE_FIELDS = (
    "section_id",
    "release_id",
    "content_sha256",
    "path",
    "title",
    "canonical_site_id",
    "canonical_path",
    "is_withdrawn",
    "published_at",
    "changed_at",
)
LINE_FIELDS = ("site_id", "number", "title", "is_pinned", "rank", "path", "content_sha256", "published_at", "changed_at")


@dataclass(slots=True)
class Rows:
    """The rows of some articles: pages by (article, site), lines by (article, section), files by (article, site, path)."""

    pages: dict[tuple[int, int], Shown] = field(default_factory=dict)
    lines: dict[tuple[int, int], Listed] = field(default_factory=dict)
    files: dict[tuple[int, int, str], Used] = field(default_factory=dict)
    due: dict[int, datetime] = field(default_factory=dict)


def stored(article_ids: Sequence[int]) -> Rows:
    """What stands now."""
    rows = Rows()
    rows.pages = {(row.article_id, row.site_id): row for row in Shown.objects.filter(article__in=article_ids)}
    rows.lines = {(row.article_id, row.section_id): row for row in Listed.objects.filter(article__in=article_ids)}
    rows.files = {(row.article_id, row.site_id, row.path): row for row in Used.objects.filter(article__in=article_ids)}
    return rows


def write(article_ids: Sequence[int], before: Rows, wanted: Rows) -> None:
    """Bring the rows of these articles from `before` to `wanted`, in the caller's transaction."""
    _write(before.pages, wanted.pages, Shown, keys=("article", "site"), fields=[*PAGE_FIELDS, "month"])
    _write(before.lines, wanted.lines, Listed, keys=("article", "section"), fields=list(LINE_FIELDS))
    _count(before, wanted)
    _write(before.files, wanted.files, Used, keys=("site", "path", "article"), fields=["sha256"])
    Due.objects.filter(article__in=article_ids).delete()
    Due.objects.bulk_create(Due(article_id=pk, at=at) for pk, at in wanted.due.items())


def _write(before: Mapping[Any, M], wanted: Mapping[Any, M], model: type[M], *, keys: Sequence[str], fields: list[str]) -> None:
    """Delete what is no longer wanted, write what differs."""
    gone = [row.pk for key, row in before.items() if key not in wanted]
    differing = [row for key, row in wanted.items() if key not in before or values(before[key], fields) != values(row, fields)]
    for some in sources.chunks(gone, AT_ONCE):
        model._default_manager.filter(pk__in=some).delete()
    names = [name.removesuffix("_id") for name in fields]
    model._default_manager.bulk_create(differing, update_conflicts=True, unique_fields=list(keys), update_fields=names, batch_size=AT_ONCE)


def _count(before: Rows, wanted: Rows) -> None:
    """Keep up how many lines stand in each section."""
    change = Counter(section_id for _, section_id in wanted.lines)
    change.subtract(section_id for _, section_id in before.lines)
    changed = [section_id for section_id, count in change.items() if count]
    known = sources.totals(changed)
    _keep({section_id: known.get(section_id, 0) + change[section_id] for section_id in changed})


def recount(section_ids: Sequence[int]) -> None:
    """Count the lines of these sections anew."""
    with transaction.atomic():
        found = sources.counted(section_ids)
        _keep({section_id: found.get(section_id, 0) for section_id in section_ids})


def miscounted(section_ids: Iterable[int]) -> list[int]:
    """Sections whose lines are more or fewer than was kept; none, unless somebody wrote into the database."""
    some = list(section_ids)
    kept, found = sources.totals(some), sources.counted(some)
    return [section_id for section_id in some if kept.get(section_id) != found.get(section_id)]


def _keep(totals: Mapping[int, int]) -> None:
    rows = [Total(section_id=section_id, lines=count) for section_id, count in totals.items()]
    Total.objects.bulk_create(rows, update_conflicts=True, unique_fields=["section"], update_fields=["lines"])


def values(row: models.Model, fields: Iterable[str]) -> tuple[object, ...]:
    """The row's values of these fields."""
    return tuple(getattr(row, name) for name in fields)

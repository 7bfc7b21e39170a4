"""A city grown to very many articles: a thousand that were really imported and built, copied as rows until there are as many as asked for.

Every copy has rows of its own in each table that a release touches (article, revision, release, standing, address, prepared text, page, line), its own
id, address, hash and number in its section. Addresses lie in folders of months: those of the copies go back over three years, as those of so many
imported articles would (`_city._draft`). The sites are then really built: every page of a million is drawn and stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

BASE = 1_000
"""Articles that are really imported."""
HOURS, HOURS_OF_MONTH = 26_000, 730
"""Over which the import spreads articles, one an hour."""


def grow(size: int) -> None:
    """Copy the articles that stand until there are `size`; a multiple of those that are there."""
    from django.core.management.color import no_style
    from django.db import connection

    from fangtang.articles.models import Article
    from fangtang.snapshots.models import Built

    there = Article.objects.count()
    assert size % there == 0, (size, there)
    with _in_bulk(), connection.cursor() as cursor:
        for first in _firsts():
            copies = [_copy(model, columns, first[model]) for model, columns in _tables().items() if model in first]
            for name, rows in first.values():
                cursor.execute(f'CREATE TEMP TABLE "{name}" AS {rows}')
            for number in range(1, size // there):
                offsets = {name: value * number for name, value in _strides().items()} | _moved_back(number * there % HOURS // HOURS_OF_MONTH)
                for copy in copies:
                    cursor.execute(copy, offsets | {"mark": f"{number:08x}"})
        _count_again()
        for line in connection.ops.sequence_reset_sql(no_style(), list(_tables())):
            cursor.execute(line)
    Built.objects.update(is_stale=True)
    with connection.cursor() as cursor:
        for line in ("PRAGMA analysis_limit = 1000", "ANALYZE") if connection.vendor == "sqlite" else ("VACUUM ANALYZE",):
            cursor.execute(line)


@contextmanager
def _in_bulk() -> Iterator[None]:
    """SQLite without a journal, which would be as large as a million articles, with room for its indexes, and without looking after foreign keys."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for line in ("journal_mode = OFF", "foreign_keys = OFF", "cache_size = -4000000"):
                cursor.execute(f"PRAGMA {line}")
    with transaction.atomic():
        yield
    connection.close()  # the next one begins as the settings say


@cache
def _months() -> list[str]:
    """In which the first articles lie, as "2026-11"."""
    from fangtang.snapshots.models import Shown

    return sorted(Shown.objects.order_by().values_list("month", flat=True).distinct())


def _moved_back(months: int) -> dict[str, str]:
    """For each of these months the one so many before it, by its place: m0, m1 …"""
    found = {}
    for place, month in enumerate(_months()):
        year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - months, 12)
        found |= {f"m{place}": f"{year:04}-{number + 1:02}", f"f{place}": f"/{year:04}{number + 1:02}/"}
    return found


def _replaced(column: str, *, folders: bool) -> str:
    """SQL that puts the months of a copy in the place of the first articles'; by way of marks, for one month may become another."""
    sql = column
    for place, month in enumerate(_months()):
        sql = f"replace({sql}, '{f'/{month[:4]}{month[5:]}/' if folders else month}', '@{place}@')"
    for place in range(len(_months())):
        sql = f"replace({sql}, '@{place}@', %({'f' if folders else 'm'}{place})s)"
    return sql


_kept: dict[str, int] = {}


def _strides() -> dict[str, int]:
    """How far apart copies lie: ids of articles, revisions and releases, numbers in sections; the highest of each at the first call."""
    from django.db.models import Max
    from wagtail.models import Revision

    from fangtang.articles.models import Article
    from fangtang.releases.models import Release, Standing

    if not _kept:
        _kept.update({name: model.objects.aggregate(most=Max("pk"))["most"] for name, model in (("a", Article), ("v", Revision), ("r", Release))})
        _kept["n"] = Standing.objects.aggregate(most=Max("number"))["most"]
    return _kept


def _tables() -> dict[Any, dict[str, str]]:
    """Each table with the columns that differ in a copy, as SQL; "" leaves the column to the database."""
    from wagtail.models import Revision

    from fangtang.articles.models import Article, Placement
    from fangtang.releases.models import Address, Release, Standing
    from fangtang.snapshots.models import Listed, Prepared, Shown

    article, release, own_hash = "article_id + %(a)s", "release_id + %(r)s", "%(mark)s || substr(content_sha256, 9)"

    def path(column: str) -> str:
        return _replaced(f"replace({column}, '/' || CAST(article_id AS TEXT) || '.html', '/' || CAST(article_id + %(a)s AS TEXT) || '.html')", folders=True)

    return {
        Article: {"id": "id + %(a)s", "latest_revision_id": "latest_revision_id + %(v)s"},
        Revision: {"id": "id + %(v)s", "object_id": "CAST(CAST(object_id AS INTEGER) + %(a)s AS TEXT)"},
        Placement: {"id": "", "article_id": article},
        Release: {"id": "id + %(r)s", "article_id": article, "revision_id": "revision_id + %(v)s", "content_sha256": own_hash},
        Standing: {"id": "", "article_id": article, "release_id": release, "number": "number + %(n)s"},
        Address: {"id": "", "article_id": article, "path": path("path")},
        Prepared: {"content_sha256": own_hash},
        Shown: {
            "id": "",
            "article_id": article,
            "release_id": release,
            "content_sha256": own_hash,
            "path": path("path"),
            "canonical_path": path("canonical_path"),
            "month": _replaced("month", folders=False),
        },
        Listed: {"id": "", "article_id": article, "content_sha256": own_hash, "path": path("path"), "number": "number + %(n)s"},
    }


def _firsts() -> Iterator[dict[Any, tuple[str, str]]]:
    """The first rows of tables, each as the name of a table beside it and how they are read: nothing is searched in what grows. Tables that belong
    together; and the texts site after site, for so the sites will be built, and what lies scattered over 30 GB would take hours to read."""
    from fangtang.snapshots.models import Prepared, Shown

    yield {model: (f"first_{model._meta.db_table}", f'SELECT * FROM "{model._meta.db_table}"') for model in _tables() if model is not Prepared}
    for site in list(Shown.objects.order_by("site").values_list("site", flat=True).distinct()):
        texts = f'SELECT content_sha256 FROM "first_{Shown._meta.db_table}" WHERE site_id = {site}'
        yield {Prepared: (f"first_texts_{site}", f'SELECT * FROM "{Prepared._meta.db_table}" WHERE content_sha256 IN ({texts})')}


def _copy(model: Any, changed: dict[str, str], first: tuple[str, str]) -> str:
    """One statement that copies the rows of the first articles."""
    own = {field.column: changed.get(field.column, f'"{field.column}"') for field in model._meta.concrete_fields}
    names, values = (", ".join(some) for some in zip(*((f'"{column}"', sql) for column, sql in own.items() if sql), strict=True))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM "{first[0]}"'


def _count_again() -> None:
    from django.db.models import Count, Max

    from fangtang.releases.models import Counter, Standing
    from fangtang.snapshots.models import Total

    for section_id, lines, number in Standing.objects.order_by().values_list("section").annotate(Count("pk"), Max("number")):
        Counter.objects.filter(section=section_id).update(number=number)
        Total.objects.filter(section=section_id).update(lines=lines)

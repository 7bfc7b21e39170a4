"""What a release reads does not grow with the articles of a site: months go along an index, lengths of lists are kept."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangtang.snapshots import effects, rows, sources
from fangtang.snapshots.models import Total
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW


def released(office, count: int = 3):
    found = [making.article(office.section, by=office.an, title=f"稿件{number}") for number in range(count)]
    for article in found:
        making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    return found


def plan(asked: str) -> str:
    """How the database would answer, as if the table were large."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + asked)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_months_are_read_along_the_index(office):
    released(office)
    with CaptureQueriesContext(connection) as asked:
        assert list(sources.months([office.site.pk])[office.site.pk]) == ["2026-11"]
    assert len(asked) == 1
    how = plan(asked[0]["sql"])
    reads = [line for line in how.splitlines() if "snapshots_shown" in line]
    assert reads
    assert all("shown_months" in line and ("Index Only Scan" in line or "canonical_site_id=?" in line) for line in reads), how


def test_a_release_counts_no_list(office):
    released(office)
    making.release(making.article(office.section, by=office.an), by=office.an)
    with CaptureQueriesContext(connection) as asked:
        effects.build_waiting(now=NOW)
    assert [one["sql"] for one in asked if "COUNT(" in one["sql"] and "releases_standing" not in one["sql"]] == []
    assert sources.totals([office.section.pk]) == {office.section.pk: 4}


GROWING = "articles_article articles_placement wagtailcore_revision releases_ snapshots_shown snapshots_listed snapshots_prepared notices_notice audit_event"


def scanned(sql: str, params: object) -> list[str]:
    """Tables that grow with the articles and would be read from end to end; asked with parameters, for SQLite knows no values when it plans."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql, params)
        lines = [str(row[-1]).strip() for row in cursor.fetchall()]
    return [line for line in lines if _reads_all(line, sql)]


def _reads_all(line: str, sql: str) -> bool:
    found = re.match(r"(?:->  )?(?:SCAN|Seq Scan on) (\w+)", line)
    if not found:
        return False
    alias = re.search(rf'"(\w+)" {found[1]}\b', sql)
    table = alias[1] if alias else found[1]
    return table.startswith(tuple(GROWING.split()))


def test_a_release_reads_no_growing_table_from_end_to_end(office):
    released(office)
    asked: dict[str, object] = {}

    def note(execute, sql, params, many, context):
        if not many and sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            asked.setdefault(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        making.release(making.article(office.section, by=office.an), by=office.an)
        effects.build_waiting(now=NOW)
    assert len(asked) > 20
    assert {sql: lines for sql, params in asked.items() if (lines := scanned(sql, params))} == {}


def test_a_query_without_an_index_would_be_seen():
    assert scanned("SELECT id FROM releases_release WHERE reason = %s", ["x"])
    assert scanned('SELECT U0."id" FROM "releases_release" U0 WHERE U0."reason" = %s', ["x"])
    assert not scanned("SELECT id FROM releases_release WHERE id = %s", [1])


def test_a_wrong_length_is_found_and_counted_anew(office):
    released(office)
    Total.objects.update(lines=7)
    assert rows.miscounted([office.section.pk]) == [office.section.pk]
    with pytest.raises(SystemExit):
        call_command("site", "verify", "education", stdout=StringIO())

    effects.build_site(office.site.pk, now=NOW)

    call_command("site", "verify", "education", stdout=StringIO())
    assert sources.totals([office.section.pk]) == {office.section.pk: 3}


def test_what_comes_down_leaves_the_count(office):
    first, *_ = released(office)
    making.withdraw(first, by=office.an)
    effects.build_waiting(now=NOW)
    assert sources.totals([office.section.pk]) == {office.section.pk: 2}

"""What a release reads does not grow with the articles of a site: months go along an index, lengths of lists are kept."""

from __future__ import annotations

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

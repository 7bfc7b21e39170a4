"""The event log: added to, read in pages, never changed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangtang.audit import queries
from fangtang.audit.actions import record
from fangtang.audit.models import Event, Unchangeable
from fangtang.audit.queries import Mark, Wanted
from fangtang.people.models import Reach
from fangtang.people.roles import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def event(verb: str = "people.appoint", *, minutes: int = 0, **more: Any) -> Event:
    with transaction.atomic():
        return record(verb, **({"by": None} | more), now=NOW + timedelta(minutes=minutes))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_event_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        record("people.appoint", by=None, now=NOW)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: Event(seq=row.seq, at=row.at, verb="other").save(),
        lambda row: Event(seq=row.seq, at=row.at, verb="other").save(force_update=True),
        lambda row: Event.objects.update(verb="other"),
        lambda row: Event.objects.all().delete(),
        lambda row: Event.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda row: Event.objects.bulk_update([row], ["verb"]),
        lambda row: Event.objects.bulk_create([Event(at=row.at, verb="other")]),
        lambda row: Event.objects.update_or_create(seq=row.seq, defaults={"verb": "other"}),
        lambda row: Event._base_manager.all().delete(),
    ],
)
def test_what_is_written_stays(attempt: Any) -> None:
    row = event()

    with pytest.raises(Unchangeable):
        attempt(row)
    assert list(Event.objects.values_list("seq", "verb")) == [(row.seq, "people.appoint")]


def test_by_subject_and_by_person() -> None:
    an, bo = factories.user("an"), factories.user("bo")
    first, second = event(subject=an, by=bo), event("people.dismiss", minutes=1, subject=an)

    assert list(queries.of_subject(an)) == [first, second]
    assert list(queries.by_person(bo.pk)) == [first]


def test_filters() -> None:
    an = factories.user("an")
    rows = [
        event("people.appoint", by=an),
        event("people.dismiss", minutes=1, unit_id=7),
        event("peoples.other", minutes=2),
        event("articles.save", minutes=3, subject=an, unit_id=8),
    ]

    def found(**wanted: Any) -> list[int]:
        return [rows.index(row) for row in queries.events(Wanted(**wanted))]

    assert found() == [3, 2, 1, 0]
    assert found(verb="people.") == [1, 0]
    assert found(verb="people.dismiss") == [1]
    assert found(by_id=an.pk) == [0]
    assert found(subject=f"people.user:{an.pk}") == [3]
    assert found(since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=3)) == [2, 1]
    assert found(unit_ids=frozenset({7})) == [1]


def test_pages_are_complete_even_where_moments_are_equal() -> None:
    rows = [event(minutes=number // 4) for number in range(11)]
    seen: list[Event] = []
    mark = None
    while page := list(queries.events(Wanted(), after=mark)[:3]):
        seen += page
        mark = Mark(page[-1].at, page[-1].seq)

    assert seen == rows[::-1] == list(queries.each(Wanted(), chunk=2))


def auditor(unit: Any, reach: str = Reach.UNIT) -> Client:
    client = Client()
    client.force_login(factories.person("yu", Role.AUDITOR, unit, reach=reach))
    return client


def test_an_auditor_sees_the_units_within_reach_and_the_body_only_with_all() -> None:
    city = factories.unit("city")
    town = factories.unit("town", under=city)
    event("articles.save", unit_id=town.pk)
    event("snapshots.build")

    whole = auditor(city, Reach.BELOW).get(reverse("people:events")).content.decode()
    assert "articles.save" in whole
    assert "snapshots.build" in whole
    other = Client()
    other.force_login(factories.person("yu2", Role.AUDITOR, town))
    part = other.get(reverse("people:events")).content.decode()
    assert "articles.save" in part
    assert "snapshots.build" not in part


def test_the_page_counts_nothing_and_asks_a_fixed_number_of_questions() -> None:
    unit = factories.unit("city")
    client = auditor(unit)
    for number in range(120):
        event(minutes=number, unit_id=unit.pk)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(reverse("people:events")).content.decode()

    assert not [query["sql"] for query in asked.captured_queries if "COUNT" in query["sql"] and "audit_event" in query["sql"]]
    assert page.count('<td class="ft-days">') == 100
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(reverse("people:events") + older).content.decode()
    assert second.count('<td class="ft-days">') == 100


@pytest.mark.parametrize(
    "query", ["seq=x&at=2026", "seq=1&at=2026-99-99T00:00:00Z", "verb=%27%3BDROP", "since=yesterday", "by=nobody", "seq=9&at=2026-01-01T00:00:00"]
)
def test_odd_questions_give_a_page(query: str) -> None:
    assert auditor(factories.unit("city")).get(f"{reverse('people:events')}?{query}").status_code == 200


def test_the_sheet_is_whole_and_harmless() -> None:
    unit = factories.unit("city")
    client = auditor(unit)
    with transaction.atomic():
        record("=cmd|'/c calc'!A0", by=None, now=NOW, unit_id=unit.pk)
    answer = client.get(reverse("people:events_csv"), {"verb": ""})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert answer.streaming
    assert any(row[2] == "'=cmd|'/c calc'!A0" for row in rows)
    assert "audit" not in rows[0]

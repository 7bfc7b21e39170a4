"""Loading drafts: once, in batches, never over what was edited here."""

from __future__ import annotations

import json
import tomllib
from datetime import timedelta
from typing import Any

import pytest

from fangtang.articles import registry
from fangtang.articles.importing import load as loading
from fangtang.articles.importing import mapping
from fangtang.articles.importing.load import Outcome, Source, load
from fangtang.articles.importing.readers import Row
from fangtang.articles.importing.rows import Drafter
from fangtang.articles.models import Article, Provenance
from fangtang.audit.models import Event
from tests.articles.importing.conftest import MAPPING, City, row
from tests.factories import NOW

WANTED = mapping.from_table(tomllib.loads(MAPPING))


def imported(city: City, rows: list[dict[str, Any]], *, is_rehearsal: bool = False, days: int = 0) -> list[Outcome]:
    now = NOW + timedelta(days=days)
    drafter = Drafter(WANTED, now=now)
    drafts = [drafter.draft(Row(line, values)) for line, values in enumerate(rows, start=1)]
    source = Source(origin=WANTED.origin, file_name="old.jsonl", by=city.an, now=now)
    return [outcome for batch in load(drafts, source=source, is_rehearsal=is_rehearsal) for outcome in batch]


def results(outcomes: list[Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The origins that a higher room hears of; the real listeners are set aside."""
    told: list[str] = []
    monkeypatch.setattr(registry.on_imported, "_things", {"test": lambda *, origin, by, now: told.append(origin)})
    return told


@pytest.fixture(autouse=True)
def _nobody_else(heard: list[str]) -> None:
    """Every test here looks at articles alone."""


def test_a_new_row_becomes_an_article_with_revision_placement_and_provenance(city: City, heard: list[str]) -> None:
    assert results(imported(city, [row(column="要闻")])) == ["created"]
    article = Article.objects.get()
    assert (article.title, article.unit, article.created_by, article.created_at) == ("关于第1号事项的通知", city.education, city.an, NOW)
    assert [block.block_type for block in article.body] == ["text"]
    assert article.body[0].value.source.count("<p>") == 3
    assert set(article.placements.values_list("section", flat=True)) == {city.notices.pk, city.news.pk}
    assert article.latest_revision.as_object().title == article.title
    assert article.latest_revision.as_object().placements.count() == 2
    provenance = article.provenance
    assert (provenance.origin, provenance.source_id, provenance.line, provenance.file_name) == ("old-portal", "a1", 1, "old.jsonl")
    assert (provenance.source_url, provenance.imported_by, provenance.imported_at) == ("https://old.fangtang.example/1.html", city.an, NOW)
    assert heard == [WANTED.origin]


def test_the_revision_is_what_the_editor_would_have_saved(city: City) -> None:
    imported(city, [row()])
    article = Article.objects.get()
    ours = article.latest_revision
    theirs = article.save_revision(user=city.an, clean=False)
    theirs.refresh_from_db()
    assert _comparable(theirs.content) == _comparable(ours.content)
    assert (theirs.object_id, theirs.content_type_id, theirs.base_content_type_id, theirs.object_str) == (
        ours.object_id,
        ours.content_type_id,
        ours.base_content_type_id,
        ours.object_str,
    )


def _comparable(saved: dict[str, Any]) -> dict[str, Any]:
    """Without what a first revision cannot know, and with the body as a value: PostgreSQL orders its keys anew."""
    return saved | {"latest_revision": None, "body": json.loads(saved["body"])}


def test_a_second_import_changes_nothing(city: City) -> None:
    rows = [row(number) for number in range(1, 6)]
    imported(city, rows)
    before = list(Article.objects.values()), list(Provenance.objects.values()), Event.objects.count()
    assert results(imported(city, rows, days=1)) == ["unchanged"] * 5
    assert (list(Article.objects.values()), list(Provenance.objects.values()), Event.objects.count()) == before


def test_a_changed_row_is_a_new_revision(city: City) -> None:
    imported(city, [row()])
    assert results(imported(city, [row(title="改过的标题", column="要闻")], days=1)) == ["updated"]
    article = Article.objects.get()
    assert article.title == "改过的标题"
    assert article.revisions.count() == 2
    assert article.placements.count() == 2
    assert article.provenance.imported_at == NOW + timedelta(days=1)
    assert results(imported(city, [row(title="改过的标题", column="要闻")], days=2)) == ["unchanged"]


def test_an_article_edited_here_is_left_alone_and_reported(city: City) -> None:
    imported(city, [row()])
    article = Article.objects.get()
    article.title = "在这里改过"
    article.save()
    article.save_revision(user=city.an, clean=False)
    [outcome] = imported(city, [row(title="在那里改过")], days=1)
    assert (outcome.result, outcome.code) == ("edited_here", "importing.edited_here")
    assert Article.objects.get().title == "在这里改过"


def test_saving_without_a_change_is_no_edit(city: City) -> None:
    imported(city, [row()])
    Article.objects.get().save_revision(user=city.an, clean=False)
    assert results(imported(city, [row(title="在那里改过")], days=1)) == ["updated"]


@pytest.mark.parametrize(("field", "code"), [("trashed_at", "importing.in_bin"), ("locked", "importing.locked")])
def test_what_is_in_the_bin_or_locked_is_left_alone(city: City, field: str, code: str) -> None:
    imported(city, [row()])
    Article.objects.update(**{field: NOW if field == "trashed_at" else True})
    assert [outcome.code for outcome in imported(city, [row(title="新")])] == [code]


def test_a_rehearsal_leaves_nothing(city: City) -> None:
    assert results(imported(city, [row(1), row(2)], is_rehearsal=True)) == ["created", "created"]
    assert not Article.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"dept": "卫生局"}, "importing.unit_missing"),
        ({"dept": "没有的局"}, "importing.unit_unknown"),
        ({"title": " \u200b"}, "importing.title_missing"),
    ],
)
def test_a_bad_row_is_rejected_and_the_rest_goes_in(city: City, values: dict[str, str], code: str) -> None:
    outcomes = imported(city, [row(1), row(2, **values), row(3)])
    assert results(outcomes) == ["created", "rejected", "created"]
    assert (outcomes[1].line, outcomes[1].code) == (2, code)


def test_sections_must_be_open_and_take_the_unit(city: City) -> None:
    city.news.contributors.clear()
    assert [outcome.code for outcome in imported(city, [row(column="要闻")])] == ["importing.section_refuses_unit"]
    city.notices.closed_at = NOW
    city.notices.save()
    assert [outcome.code for outcome in imported(city, [row()])] == ["importing.section_closed"]
    city.notices.site.__class__.objects.filter(pk=city.notices.site_id).update(key="elsewhere")
    assert [outcome.code for outcome in imported(city, [row()])] == ["importing.section_missing"]


def test_a_row_that_the_database_refuses_is_named_and_its_neighbours_go_in(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    drafter = Drafter(WANTED, now=NOW)
    drafts = [drafter.draft(Row(line, row(line))) for line in (1, 2, 3)]
    object.__setattr__(drafts[1], "title", "长" * 600)  # what a hole in the validation would let through
    outcomes = [o for batch in load(drafts, source=Source(origin="old-portal", file_name="f", by=city.an, now=NOW), is_rehearsal=False) for o in batch]
    assert results(outcomes) == ["created", "rejected", "created"]
    assert outcomes[1].code == "importing.refused_by_database"
    assert Article.objects.count() == 2


def test_one_event_for_each_batch(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 2)
    imported(city, [row(number) for number in range(1, 6)])
    events = list(Event.objects.filter(verb="articles.import").order_by("pk"))
    assert [event.facts["lines"] for event in events] == [[1, 2], [3, 4], [5, 5]]
    assert [pk for event in events for pk in event.facts["created"]] == list(Article.objects.order_by("pk").values_list("pk", flat=True))


def test_a_batch_stands_or_falls_whole(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(loading.audit, "record", fail)
    with pytest.raises(RuntimeError, match="the log is full"):
        imported(city, [row()])
    assert not Article.objects.exists()
    assert not Provenance.objects.exists()


@pytest.mark.parametrize("date", ["0001-01-01", "1900-01-01", "1899-12-30"])
def test_a_date_that_stands_for_none_rejects_its_row_and_no_other(city: City, date: str) -> None:
    outcomes = imported(city, [row(1), row(2, date=date), row(3)])
    assert [(outcome.result, outcome.code) for outcome in outcomes] == [("created", ""), ("rejected", "importing.date_too_early"), ("created", "")]


def test_a_row_goes_in_without_attachments_that_lead_nowhere_and_says_so(city: City) -> None:
    wanted = mapping.from_table(tomllib.loads(MAPPING + 'attachments.column = "files"'))
    source = Source(origin=wanted.origin, file_name="old.jsonl", by=city.an, now=NOW)

    def outcome(**values: str) -> Outcome:
        [[found]] = load([Drafter(wanted, now=NOW).draft(Row(1, row(**values)))], source=source, is_rehearsal=False)
        return found

    first = outcome(files="https://a.example/f.doc;http://u:p@a.example/g.doc")
    assert (first.result, first.code, first.data) == ("created", "importing.addresses_left_out", {"addresses": ["http://u:p@a.example/g.doc"]})
    assert outcome(files="https://a.example/f.doc;http://u:p@a.example/g.doc").result == "unchanged"
    assert outcome(files="https://a.example/f.doc;javascript:x").result == "unchanged"
    changed = outcome(files="https://a.example/h.doc;javascript:x")
    assert (changed.result, changed.code, changed.data["addresses"]) == ("updated", "importing.addresses_left_out", ["javascript:x"])

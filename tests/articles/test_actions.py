"""Create, save, place, submit, trash: what editors decide, and what every door must respect."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from fangtang.articles import actions, content, presenters, queries
from fangtang.articles.models import Article
from fangtang.articles.policies import Draft, Place, submit_obstacles
from fangtang.audit.models import Event
from fangtang.kernel.errors import NotAllowed, NotPossible, Stale
from fangtang.people.roles import Role
from fangtang.reviews import actions as review_actions
from fangtang.reviews import queries as reviews
from fangtang.reviews import states
from tests import factories
from tests.factories import NOW, TODAY, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office()


def written(office: Office, **fields: object) -> Article:
    return actions.create(unit=office.unit, by=office.an, now=NOW, sections=[office.section], title="开学通知", body=[("text", "<p>正文。</p>")], **fields)


def codes(caught: pytest.ExceptionInfo[NotPossible]) -> list[str]:
    return [obstacle.code for obstacle in caught.value.obstacles]


def test_an_article_begins_with_a_revision_of_its_writer(office: Office) -> None:
    article = written(office)

    assert article.latest_revision.user == office.an
    assert article.latest_revision.created_at == NOW
    assert [placement["section"] for placement in article.latest_revision.content["placements"]] == [office.section.pk]
    assert list(Event.objects.values_list("verb", flat=True)) == ["articles.create", "articles.save"]


def test_somebody_from_elsewhere_neither_begins_nor_saves(office: Office) -> None:
    article = written(office)

    with pytest.raises(NotAllowed):
        actions.create(unit=office.unit, by=office.mo, now=NOW, title="越权")
    with pytest.raises(NotAllowed):
        actions.save(article, seen_revision_id=article.latest_revision_id, by=office.mo, now=NOW)


def test_a_superuser_without_a_post_is_nobody(office: Office) -> None:
    root = factories.user("root", is_superuser=True, is_staff=True)

    with pytest.raises(NotAllowed):
        actions.save(written(office), seen_revision_id=None, by=root, now=NOW)


def test_saving_over_somebody_elses_revision_is_stale_and_changes_nothing(office: Office) -> None:
    article = written(office)
    seen = article.latest_revision_id
    article.title = "开学通知（更正）"
    actions.save(article, seen_revision_id=seen, by=office.an, now=NOW + timedelta(minutes=1))

    late = Article.objects.get(pk=article.pk)
    late.title = "晚来的标题"
    with pytest.raises(Stale) as caught:
        actions.save(late, seen_revision_id=seen, by=office.an, now=NOW + timedelta(minutes=2))

    assert caught.value.data == {"seen": seen, "current": article.latest_revision_id}
    assert Article.objects.get(pk=article.pk).title == "开学通知（更正）"


def test_submitting_opens_a_turn_bound_to_the_content(office: Office) -> None:
    article = written(office)

    turn = actions.submit(article, by=office.an, now=NOW)

    assert turn.status == states.OPEN
    assert turn.revision_id == article.latest_revision_id
    assert turn.content_sha256 == content.content_sha256(article.latest_revision)
    assert list(turn.writers.all()) == [office.an]


def test_every_obstacle_is_named_at_once(office: Office) -> None:
    article = actions.create(unit=office.unit, by=office.an, now=NOW, title="空稿")

    with pytest.raises(NotPossible) as caught:
        actions.submit(article, by=office.an, now=NOW)

    assert codes(caught) == ["articles.no_body", "articles.no_section"]
    assert caught.value.obstacles[0].clearers == (office.an.pk,)


def test_a_section_closed_while_the_article_waits_is_named(office: Office) -> None:
    article = written(office)
    type(office.section).objects.filter(pk=office.section.pk).update(closed_at=NOW)

    with pytest.raises(NotPossible) as caught:
        actions.submit(article, by=office.an, now=NOW)

    assert codes(caught) == ["articles.section_closed"]


def test_a_row_changed_without_a_revision_is_not_submitted(office: Office) -> None:
    article = written(office)
    Article.objects.filter(pk=article.pk).update(title="悄悄改了")

    with pytest.raises(NotPossible) as caught:
        actions.submit(article, by=office.an, now=NOW)

    assert codes(caught) == ["articles.not_saved"]


def test_a_revision_saved_by_nobody_is_not_submitted(office: Office) -> None:
    article = written(office)
    article.save_revision()

    with pytest.raises(NotPossible) as caught:
        actions.submit(article, by=office.an, now=NOW)

    assert codes(caught) == ["articles.not_saved"]


@pytest.mark.parametrize("door", ["save", "place", "shell", "overwrite", "trash"])
def test_an_edit_through_any_door_ends_the_open_turn(office: Office, door: str) -> None:
    article = written(office)
    actions.submit(article, by=office.an, now=NOW)
    article = Article.objects.get(pk=article.pk)
    before = article.latest_revision
    other = factories.section(office.site, "other")
    match door:
        case "save":
            article.title = "改过"
            actions.save(article, seen_revision_id=before.pk, by=office.an, now=NOW)
        case "place":
            actions.place(article, sections=[other], by=office.an, now=NOW)
        case "shell":
            article.save_revision()
        case "overwrite":
            article.title = "覆盖"
            article.save_revision(user=office.an, overwrite_revision=before)
        case "trash":
            actions.trash(article, by=office.an, now=NOW)

    assert reviews.open_turn_of(article) is None
    assert [turn.status for turn in reviews.turns_of(article)] == [states.SUPERSEDED]
    before.refresh_from_db()
    assert before.content["title"] == "开学通知"


def test_placing_where_it_is_already_changes_nothing(office: Office) -> None:
    article = written(office)

    revision = actions.place(article, sections=[office.section], by=office.an, now=NOW)

    assert revision.pk == article.latest_revision_id


def test_a_section_of_another_unit_refuses_until_the_unit_is_a_contributor(office: Office) -> None:
    other = factories.unit("health")
    section = factories.section(factories.site("health", unit=other), "news")
    article = written(office)

    with pytest.raises(NotPossible) as caught:
        actions.place(article, sections=[section], by=office.an, now=NOW)
    assert codes(caught) == ["articles.section_refuses"]

    section.contributors.add(office.unit)
    actions.place(article, sections=[section], by=office.an, now=NOW)
    assert set(article.placements.values_list("section_id", flat=True)) == {office.section.pk, section.pk}


def test_the_bin_gives_back_what_it_took(office: Office) -> None:
    article = written(office)

    actions.trash(article, by=office.an, now=NOW)
    actions.trash(article, by=office.an, now=NOW)
    with pytest.raises(NotPossible):
        actions.save(Article.objects.get(pk=article.pk), seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    actions.take_back(article, by=office.an, now=NOW)

    assert Article.objects.get(pk=article.pk).trashed_at is None
    assert Event.objects.filter(verb="articles.trash").count() == 1


def test_a_locked_article_is_saved_by_its_locker_only(office: Office) -> None:
    another = factories.person("an2", Role.EDITOR, office.unit)
    article = written(office)
    Article.objects.filter(pk=article.pk).update(locked=True, locked_by=office.an, locked_at=NOW)
    article.refresh_from_db()

    with pytest.raises(NotPossible) as caught:
        actions.save(article, seen_revision_id=article.latest_revision_id, by=another, now=NOW)
    assert caught.value.code == "articles.locked"
    actions.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)


def test_whoever_saved_since_the_last_sign_off_is_a_writer(office: Office) -> None:
    another = factories.person("an2", Role.EDITOR, office.unit)
    article = written(office)
    turn = actions.submit(article, by=office.an, now=NOW)
    type(turn).objects.filter(pk=turn.pk).update(status=states.RELEASED)
    article.title = "第二版"
    actions.save(article, seen_revision_id=article.latest_revision_id, by=another, now=NOW)

    assert set(queries.writers(article)) == {office.an, another}


def test_articles_of_other_units_are_not_seen(office: Office) -> None:
    article = written(office)

    assert article in queries.visible_to(office.an, day=TODAY)
    assert article in queries.visible_to(office.reviewers[0], day=TODAY)
    assert article not in queries.visible_to(office.mo, day=TODAY)
    assert queries.unit_paths(article.pk) == (office.unit.path,)
    assert queries.unit_paths("1 or 1") == ()


def test_a_path_that_forgets_the_turn_is_caught_by_the_hash(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were superseding broken, a reader's verdict would still be refused: the text is no longer the one of the turn."""
    article = written(office)
    turn = actions.submit(article, by=office.an, now=NOW)
    monkeypatch.setattr(review_actions, "supersede", lambda subject, **_: None)
    article = Article.objects.get(pk=article.pk)
    article.title = "绕过"
    actions.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    assert reviews.open_turn_of(article) == turn

    with pytest.raises(Stale):
        review_actions.proofread(
            reviews.due_step(turn),
            seen_sha256=turn.content_sha256,
            marks=[],
            signature=str(office.proofreaders[0]),
            comment="",
            by=office.proofreaders[0],
            now=NOW,
        )


def test_what_other_doors_left_behind_is_named(office: Office) -> None:
    rows = [["1"]] * 501
    body = [
        ("table", {"data": rows, "table_header_choice": "neither"}),
        ("image", {"image": None, "alt": "", "is_decorative": False, "caption": "", "credit": ""}),
    ]
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), title="导入的")
    Article.objects.filter(pk=article.pk).update(body=json.dumps([{"type": kind, "value": value, "id": kind} for kind, value in body]))
    article.refresh_from_db()
    article.save_revision(user=office.an, clean=False)

    with pytest.raises(NotPossible) as caught:
        actions.submit(article, by=office.an, now=NOW)

    assert codes(caught) == ["articles.image_without_text", "articles.table_too_long"]


def test_every_obstacle_has_a_sentence_and_a_remedy() -> None:
    place = Place(1, "通知公告", "教育局", is_closed=True, takes_unit=False)
    worst = Draft(
        is_trashed=True,
        is_in_review=True,
        is_saved=False,
        has_writer=False,
        has_body=False,
        places=(),
        undescribed_images=2,
        missing_media=1,
        long_tables=1,
        lead_is_undescribed=True,
        locked_by=7,
        locker_name="安",
        editors=(7,),
    )
    found = [*submit_obstacles(worst), *submit_obstacles(replace(worst, places=(place, replace(place, is_closed=False))))]

    for obstacle in found:
        sentence, remedy = presenters.sentences(obstacle)
        assert sentence != obstacle.code
        assert remedy
        assert obstacle.clearers
    assert len({obstacle.code for obstacle in found}) == 12

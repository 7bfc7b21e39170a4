"""Turns and steps: who is told, what is recorded, what the lists show."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fangtang.audit.models import Event
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible
from fangtang.notices.models import Notice
from fangtang.people.models import Post, StandIn
from fangtang.people.roles import Role
from fangtang.reviews import actions, marks, presenters, queries, states
from tests import factories
from tests.factories import NOW, TODAY
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


def told(code: str) -> set[int]:
    return set(Notice.objects.filter(code=code).values_list("to_id", flat=True))


def test_those_whose_step_it_is_are_told() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)
    assert told("review.due") == {person.pk for person in office.proofreaders}

    rounds.take(rounds.due(turn), by=office.proofreaders[0])
    assert told("review.due") == {person.pk for person in (*office.proofreaders, office.reviewers[0])}

    rounds.take(rounds.due(turn), by=office.reviewers[0])
    assert told("review.ready") == {office.fang.pk}


def test_where_nobody_may_read_those_who_give_posts_are_told_once() -> None:
    office = factories.office()
    operator = factories.person("wei", Role.OPERATOR, office.unit)
    factories.person("elsewhere", Role.OPERATOR, factories.unit("water"))
    Post.objects.filter(role=Role.REVIEWER_1).delete()
    _article, turn = rounds.submitted(office)
    assert not told("review.nobody")
    assert queries.obstacles_to_reading(turn, day=TODAY) == ()

    rounds.take(rounds.due(turn), by=office.proofreaders[0])

    [notice] = Notice.objects.filter(code="review.nobody")
    assert (notice.to, notice.url, notice.facts["unit"]) == (operator, reverse("people:appoint"), office.unit.name)
    [obstacle] = queries.obstacles_to_reading(turn, day=TODAY)
    assert (obstacle.code, obstacle.clearers) == ("reviews.nobody_for_step", (operator.pk,))

    factories.person("new", Role.REVIEWER_1, office.unit)
    assert queries.obstacles_to_reading(turn, day=TODAY) == ()


def test_a_return_tells_the_writers_and_everybody_who_had_approved() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)
    rounds.take(rounds.due(turn), by=office.proofreaders[0])

    actions.send_back(rounds.due(turn), seen_sha256=turn.content_sha256, comment="第二段不清楚", by=office.reviewers[0], now=NOW)

    turn.refresh_from_db()
    assert turn.status == states.RETURNED
    assert told("review.returned") == {office.an.pk, office.proofreaders[0].pk}
    assert list(queries.returned_to(office.an)) == [turn]
    assert not queries.mine_in_review(office.an).exists()


def test_a_chief_editor_returns_instead_of_signing() -> None:
    office = factories.office()
    _article, turn = rounds.passed(office)
    assert list(queries.ready_for(office.fang, day=TODAY)) == [turn]

    with pytest.raises(Invalid):
        actions.return_passed(turn, comment=" ", by=office.fang, now=NOW)
    actions.return_passed(turn, comment="现在不合适", by=office.fang, now=NOW)
    with pytest.raises(NotPossible):
        actions.return_passed(turn, comment="again", by=office.fang, now=NOW)

    assert not queries.ready_for(office.fang, day=TODAY).exists()
    assert told("review.returned") == {office.an.pk, office.proofreaders[0].pk, office.reviewers[0].pk}


def test_a_stand_in_is_recorded_with_the_post_acted_for() -> None:
    office = factories.office()
    post = Post.objects.get(user=office.reviewers[0])
    StandIn.objects.create(post=post, user=office.mo, starts_on=TODAY, ends_on=TODAY)
    _article, turn = rounds.submitted(office, steps=("review:1",))
    step = rounds.due(turn)
    assert list(queries.waiting_for(office.mo, day=TODAY)) == [step]

    rounds.take(step, by=office.mo)

    step.refresh_from_db()
    assert (step.by, step.post) == (office.mo, post)
    assert Event.objects.get(verb="reviews.take_step").facts["post"] == post.pk


def test_lists_leave_out_what_one_may_not_take() -> None:
    office = factories.office()
    factories.post(office.an, Role.REVIEWER_1, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    step = rounds.due(turn)

    assert not queries.waiting_for(office.an, day=TODAY).exists()
    assert list(queries.barred_for(office.an, day=TODAY)) == [step]
    assert list(queries.waiting_for(office.reviewers[0], day=TODAY)) == [step]
    assert not queries.waiting_for(office.reviewers[1], day=TODAY).exists()
    assert not queries.waiting_for(office.mo, day=TODAY).exists()


def test_only_an_editor_of_the_unit_takes_back() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)

    for person in (office.mo, office.fang, office.reviewers[0]):
        with pytest.raises(NotAllowed):
            actions.recall(turn, by=person, now=NOW)
    actions.recall(turn, by=office.an, now=NOW)
    with pytest.raises(NotPossible):
        actions.recall(turn, by=office.an, now=NOW)

    turn.refresh_from_db()
    assert turn.status == states.RECALLED
    assert set(turn.steps.values_list("status", flat=True)) == {states.VOID}


def test_a_proofread_needs_the_full_name() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)
    step = rounds.due(turn)
    bo = office.proofreaders[0]
    mark = {"quote": "的地得", "suggestion": "地", "note": "", "where": "第二段"}

    with pytest.raises(Invalid, match="signature_differs"):
        actions.proofread(step, seen_sha256=turn.content_sha256, marks=[mark], signature="bo", comment="", by=bo, now=NOW)
    with pytest.raises(NotPossible):
        actions.approve(step, seen_sha256=turn.content_sha256, comment="", by=bo, now=NOW)
    actions.proofread(step, seen_sha256=turn.content_sha256, marks=[mark, {}], signature=f" {bo} ", comment="", by=bo, now=NOW)

    step.refresh_from_db()
    assert (step.marks, step.signature) == ([mark], str(bo))


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ({"quote": "x" * 2001}, "reviews.mark_too_long"),
        ({"suggestion": "x"}, "reviews.mark_without_quote"),
        ({"quote": "x", "colour": "red"}, "reviews.mark_unknown_field"),
    ],
)
def test_wrong_marks_are_named(mark: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        marks.cleaned([{"quote": "fine"}, mark])
    assert (wrong.value.code, wrong.value.data["position"]) == (code, 2)
    assert presenters.sentence(wrong.value.code, wrong.value.data) != code


def test_acts_are_recorded_without_names_or_words() -> None:
    office = factories.office()
    rounds.released(office)

    verbs = list(Event.objects.filter(verb__startswith="reviews.").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["reviews.open_turn", "reviews.take_step", "reviews.take_step", "reviews.mark_released"]
    assert all(str(office.an) not in str(event.facts) for event in Event.objects.all())


def test_every_code_raised_has_a_sentence() -> None:
    """Codes are read from the sources of both rooms, so that a new one without words fails here."""
    import re
    from pathlib import Path

    import fangtang.releases
    import fangtang.reviews
    from fangtang.releases import presenters as release_presenters

    sources = [path for room in (fangtang.reviews, fangtang.releases) for path in Path(room.__path__[0]).glob("*.py")]
    raised = {code for path in sources for code in re.findall(r'(?:Obstacle|NotPossible|Stale|Invalid|_broken)\(\s*"([a-z_.]+)"', path.read_text())}
    wrappers = {"reviews.step_not_possible", "releases.cannot_sign", "releases.cannot_withdraw", "releases.not_legacy"}
    known = set(presenters.SENTENCES) | set(release_presenters.SENTENCES) | wrappers

    assert raised - known == set()

"""Attacks on the review rules, and the same attacks with a guard taken away.

Each attack reports whether it got through. With the guards in place none does; with the named guard planted broken it does, which shows that the
attack tests that guard and that the harness would notice its loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, Revision

from fangtang.articles import actions as articles
from fangtang.articles.models import Article, Placement
from fangtang.audit.models import Event
from fangtang.kernel import hashing
from fangtang.kernel.errors import FangtangError, NotAllowed, NotPossible, Stale
from fangtang.media.models import Picture
from fangtang.outlets.models import Section
from fangtang.people.models import Post, StandIn
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.releases import gate, obstacles
from fangtang.releases import queries as release_queries
from fangtang.releases.models import Release, Standing
from fangtang.reviews import actions, plan_actions, policies, queries, states
from fangtang.reviews.models import ReviewPlan, Step, Turn
from tests import factories
from tests.factories import NOW, TODAY, Office
from tests.reviews import oracle, rounds

pytestmark = pytest.mark.django_db

Patch = Callable[[pytest.MonkeyPatch], None]


def verdict_given(step: Step, *, by: Any, seen: str | None = None) -> bool:
    """Try to approve; whether a verdict was recorded."""
    try:
        with transaction.atomic():
            sha256 = step.turn.content_sha256 if seen is None else seen
            if step.kind == "proofread":
                actions.proofread(step, seen_sha256=sha256, marks=[], signature=str(by), comment="", by=by, now=NOW)
            else:
                actions.approve(step, seen_sha256=sha256, comment="", by=by, now=NOW)
    except (FangtangError, IntegrityError):
        return False
    return Step.objects.filter(pk=step.pk, status=states.APPROVED).exists()


def signed(article: Article, turn: Turn, *, by: Any, seen: str | None = None) -> bool:
    """Try to sign; whether a release came of it."""
    try:
        with transaction.atomic():
            releases.sign(article, seen_sha256=turn.content_sha256 if seen is None else seen, by=by, now=NOW)
    except FangtangError:
        return False
    return Release.objects.filter(article=article).exists()


# Attacks on a verdict.


def the_writer_reviews(office: Office) -> bool:
    factories.post(office.an, Role.REVIEWER_1, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1",))
    return verdict_given(rounds.due(turn), by=office.an)


def the_writer_stands_in_for_the_reviewer(office: Office) -> bool:
    post = Post.objects.get(user=office.reviewers[0])
    StandIn.objects.create(post=post, user=office.an, starts_on=TODAY, ends_on=TODAY)
    _article, turn = rounds.submitted(office, steps=("review:1",))
    return verdict_given(rounds.due(turn), by=office.an)


def a_co_editor_reviews(office: Office) -> bool:
    """Chen changes a word, An saves after him and submits."""
    chen = office.reviewers[0]
    factories.post(chen, Role.EDITOR, office.unit)
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    rounds.plan("review:1")
    for by, title in ((chen, "陈改的标题"), (office.an, "安改的标题")):
        article.title = title
        articles.save(article, seen_revision_id=article.latest_revision_id, by=by, now=NOW)
    return verdict_given(rounds.due(articles.submit(article, by=office.an, now=NOW)), by=chen)


def one_reader_takes_two_steps(office: Office) -> bool:
    chen = office.reviewers[0]
    factories.post(chen, Role.REVIEWER_2, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    rounds.take(rounds.due(turn), by=chen)
    return verdict_given(rounds.due(turn), by=chen)


def one_reader_takes_a_second_step_as_stand_in(office: Office) -> bool:
    chen, ding = office.reviewers[:2]
    StandIn.objects.create(post=Post.objects.get(user=ding), user=chen, starts_on=TODAY, ends_on=TODAY)
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    rounds.take(rounds.due(turn), by=chen)
    return verdict_given(rounds.due(turn), by=chen)


def a_later_step_comes_first(office: Office) -> bool:
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    return verdict_given(turn.steps.get(level=2), by=office.reviewers[1])


def somebody_without_a_post_reviews(office: Office) -> bool:
    _article, turn = rounds.submitted(office, steps=("review:1",))
    return verdict_given(rounds.due(turn), by=office.mo)


def a_reviewer_of_last_year_reviews(office: Office) -> bool:
    _article, turn = rounds.submitted(office, steps=("review:1",))
    Post.objects.filter(user=office.reviewers[0]).update(ends_on=TODAY.replace(year=2025))
    return verdict_given(rounds.due(turn), by=office.reviewers[0])


def an_old_hash_is_replayed(office: Office) -> bool:
    article, before = rounds.submitted(office, steps=("review:1",))
    article.title = "后来改的标题"
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    turn = articles.submit(article, by=office.an, now=NOW)
    return verdict_given(rounds.due(turn), by=office.reviewers[0], seen=before.content_sha256)


def the_second_tab_approves_what_the_first_tab_saw(office: Office) -> bool:
    """A reader has the page open; An edits; the reader presses the button of the old page."""
    article, turn = rounds.submitted(office, steps=("review:1",))
    open_in_a_tab = rounds.due(turn)
    article.title = "悄悄换掉的标题"
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    return verdict_given(open_in_a_tab, by=office.reviewers[0])


def the_picture_is_swapped_under_the_reader(office: Office) -> bool:
    picture = a_picture()
    _article, turn = rounds.submitted(office, steps=("review:1",), lead_image=picture)
    swap(picture)
    return verdict_given(rounds.due(turn), by=office.reviewers[0])


# Attacks on the signature. Those that forge rows act as somebody with a database shell.


def nobody_in_particular_signs(office: Office) -> bool:
    article, turn = rounds.passed(office)
    return signed(article, turn, by=office.mo)


def the_signed_article_lies_in_the_bin(office: Office) -> bool:
    article, turn = rounds.passed(office)
    Article.objects.filter(pk=article.pk).update(trashed_at=NOW)
    return signed(article, turn, by=office.fang)


def a_turn_is_forged_to_have_passed(office: Office) -> bool:
    article, turn = rounds.submitted(office)
    Turn.objects.filter(pk=turn.pk).update(status=states.PASSED)
    return signed(article, turn, by=office.fang)


def steps_are_forged_void(office: Office) -> bool:
    article, turn = rounds.submitted(office)
    turn.steps.update(status=states.VOID)
    Turn.objects.filter(pk=turn.pk).update(status=states.PASSED)
    return signed(article, turn, by=office.fang)


def the_plan_was_weaker_while_it_was_read(office: Office) -> bool:
    weak = rounds.plan("review:1")
    article, turn = rounds.passed(office, steps=("review:1",))
    plan_actions.change_plan(weak, name="strict", steps=["proofread:1", "review:1", "review:2"], by=None, now=NOW)
    return signed(article, turn, by=office.fang)


def a_revision_is_forged_after_approval(office: Office) -> bool:
    article, turn = rounds.passed(office)
    Revision.objects.filter(pk=turn.revision_id).update(content=turn.revision.content | {"title": "没有人读过的标题"})
    return signed(article, turn, by=office.fang)


def the_picture_is_swapped_before_the_signature(office: Office) -> bool:
    picture = a_picture()
    article, turn = rounds.passed(office, lead_image=picture)
    swap(picture)
    return signed(article, turn, by=office.fang)


def the_bytes_are_swapped_on_the_disk(office: Office) -> bool:
    picture = a_picture()
    article, turn = rounds.passed(office, lead_image=picture)
    with picture.file.storage.open(picture.file.name, "wb") as opened:
        opened.write(drawing("blue"))
    return signed(article, turn, by=office.fang)


def the_file_of_a_picture_is_gone(office: Office) -> bool:
    picture = a_picture()
    article, turn = rounds.passed(office, lead_image=picture)
    picture.file.storage.delete(picture.file.name)
    return signed(article, turn, by=office.fang)


def a_verdict_is_forged_for_the_writer(office: Office) -> bool:
    article, turn = rounds.passed(office)
    turn.steps.filter(kind="review").update(by=office.an)
    return signed(article, turn, by=office.fang)


def a_verdict_is_forged_for_somebody_without_a_post(office: Office) -> bool:
    article, turn = rounds.passed(office)
    turn.steps.filter(kind="review").update(by=office.mo)
    return signed(article, turn, by=office.fang)


def a_reader_signs(office: Office) -> bool:
    chen = office.reviewers[0]
    factories.post(chen, Role.CHIEF_EDITOR, office.unit)
    article, turn = rounds.passed(office)
    return signed(article, turn, by=chen)


def the_writer_signs(office: Office) -> bool:
    factories.post(office.an, Role.CHIEF_EDITOR, office.unit)
    article, turn = rounds.passed(office)
    return signed(article, turn, by=office.an)


def the_writer_signs_as_stand_in(office: Office) -> bool:
    StandIn.objects.create(post=Post.objects.get(user=office.fang), user=office.an, starts_on=TODAY, ends_on=TODAY)
    article, turn = rounds.passed(office)
    return signed(article, turn, by=office.an)


def the_writers_are_forged_away(office: Office) -> bool:
    """The list of writers is emptied and the writer signs: the gate asks the revisions, too."""
    factories.post(office.an, Role.CHIEF_EDITOR, office.unit)
    article, turn = rounds.passed(office)
    turn.writers.clear()
    return signed(article, turn, by=office.an)


def the_section_was_closed(office: Office) -> bool:
    article, turn = rounds.passed(office)
    Section.objects.filter(pk=office.section.pk).update(closed_at=NOW)
    return signed(article, turn, by=office.fang)


def the_section_went_to_another_unit(office: Office) -> bool:
    article, turn = rounds.passed(office)
    office.site.unit = factories.unit()
    office.site.save()
    return signed(article, turn, by=office.fang)


def an_old_hash_is_signed(office: Office) -> bool:
    article, turn = rounds.passed(office)
    return signed(article, turn, by=office.fang, seen="0" * 64)


# The guards, and how each is planted broken.


def let_everybody_judge(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policies, "apart", lambda reading, person_id: ())


def forget_the_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policies, "may_take", lambda reading, person_id, has_post: ())
    patch.setattr(states.STEP, "sources", lambda verb: (states.AHEAD, states.DUE))


def give_everybody_a_post(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queries, "post_for", lambda person, role, unit, day: Post.objects.filter(role=role, unit=unit).first())


def believe_every_hash(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(actions, "_refuse_other_text", lambda turn, seen_sha256: None)


def believe_every_hash_and_keep_turns(patch: pytest.MonkeyPatch) -> None:
    believe_every_hash(patch)
    patch.setattr(actions, "supersede", lambda subject, by, now: None)


def without(*names: str) -> Patch:
    """The gate without these questions."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for name in names:
            patch.delitem(gate.sign._things, name)

    return plant


@dataclass(frozen=True, slots=True)
class Case:
    attack: Callable[[Office], bool]
    broken: Patch | None = None


CASES = [
    Case(the_writer_reviews, let_everybody_judge),
    Case(the_writer_stands_in_for_the_reviewer, let_everybody_judge),
    Case(a_co_editor_reviews, let_everybody_judge),
    Case(one_reader_takes_two_steps),
    Case(one_reader_takes_a_second_step_as_stand_in),
    Case(a_later_step_comes_first, forget_the_order),
    Case(somebody_without_a_post_reviews, give_everybody_a_post),
    Case(a_reviewer_of_last_year_reviews, give_everybody_a_post),
    Case(an_old_hash_is_replayed, believe_every_hash),
    Case(the_second_tab_approves_what_the_first_tab_saw, believe_every_hash_and_keep_turns),
    Case(the_picture_is_swapped_under_the_reader, believe_every_hash),
    Case(nobody_in_particular_signs, without("10.post")),
    Case(the_signed_article_lies_in_the_bin, without("20.bin")),
    Case(a_turn_is_forged_to_have_passed, without("30.turn")),
    Case(steps_are_forged_void, without("30.turn")),
    Case(the_plan_was_weaker_while_it_was_read, without("40.plan")),
    Case(a_revision_is_forged_after_approval, without("50.hash")),
    Case(the_picture_is_swapped_before_the_signature, without("50.hash")),
    Case(the_bytes_are_swapped_on_the_disk, without("80.media")),
    Case(the_file_of_a_picture_is_gone, without("80.media")),
    Case(a_verdict_is_forged_for_the_writer, without("60.apart", "65.verdicts")),
    Case(a_verdict_is_forged_for_somebody_without_a_post, without("65.verdicts")),
    Case(a_reader_signs, without("60.apart")),
    Case(the_writer_signs, without("60.apart")),
    Case(the_writer_signs_as_stand_in, without("60.apart")),
    Case(the_writers_are_forged_away, without("60.apart")),
    Case(the_section_was_closed, without("70.sections")),
    Case(the_section_went_to_another_unit, without("70.sections")),
    Case(an_old_hash_is_signed),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.attack.__name__)
def test_the_attack_is_refused(case: Case) -> None:
    assert not case.attack(factories.office())
    assert oracle.breaches() == []


@pytest.mark.parametrize("case", [case for case in CASES if case.broken], ids=lambda case: case.attack.__name__)
def test_the_attack_gets_through_when_its_guard_is_gone(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    office = factories.office()
    assert case.broken is not None
    case.broken(monkeypatch)

    assert case.attack(office), "the guard that this attack tests is another one"


@pytest.mark.parametrize(
    "attack",
    [a_revision_is_forged_after_approval, a_verdict_is_forged_for_the_writer, a_reader_signs, the_writer_signs, steps_are_forged_void],
    ids=lambda attack: attack.__name__,
)
def test_the_oracle_sees_what_gets_through(attack: Callable[[Office], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    office = factories.office()
    without("30.turn", "50.hash", "60.apart", "65.verdicts")(monkeypatch)

    assert attack(office)
    assert oracle.breaches()


def test_the_database_itself_lets_nobody_take_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    office = factories.office()
    let_everybody_judge(monkeypatch)
    chen = office.reviewers[0]
    factories.post(chen, Role.REVIEWER_2, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    rounds.take(rounds.due(turn), by=chen)

    with pytest.raises(IntegrityError), transaction.atomic():
        rounds.take(rounds.due(turn), by=chen)


def test_the_gate_sees_two_steps_of_one_reader_where_the_database_would_not() -> None:
    office = factories.office()
    article, _turn = rounds.passed(office, steps=("review:1", "review:2"))
    case = release_queries.case_of(article, verb="sign", by=office.fang, now=NOW)
    for step in case.steps:
        step.by = office.reviewers[0]

    assert "releases.reader_took_two_steps" in {obstacle.code for obstacle in obstacles.not_apart(case)}


def test_an_edit_between_approval_and_signature_starts_a_new_turn() -> None:
    office = factories.office()
    article, turn = rounds.passed(office)
    article.title = "签发前改的标题"
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)

    turn.refresh_from_db()
    assert turn.status == states.SUPERSEDED
    assert not signed(article, turn, by=office.fang)


def test_a_revert_is_an_edit() -> None:
    """Going back to an old revision, even to one that once passed, needs a new turn, and whoever reverts has written."""
    office = factories.office()
    ding = office.reviewers[1]
    factories.post(ding, Role.EDITOR, office.unit)
    article, turn = rounds.passed(office, steps=("review:1", "review:2"))
    old = turn.revision
    article.title = "另一个标题"
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    again = old.as_object()
    articles.save(again, seen_revision_id=article.latest_revision_id, by=ding, now=NOW, reverted_to=old)

    assert not signed(article, turn, by=office.fang)
    second = articles.submit(Article.objects.get(pk=article.pk), by=office.an, now=NOW)
    rounds.take(rounds.due(second), by=office.reviewers[0])
    assert not verdict_given(rounds.due(second), by=ding)


def test_a_placement_changed_behind_the_revision_does_not_go_out() -> None:
    office = factories.office()
    article, turn = rounds.passed(office, title="读过的标题")
    Placement.objects.filter(article=article).update(own_title="没有人读过的标题")

    assert signed(article, turn, by=office.fang)
    assert Standing.objects.get(article=article).title == "读过的标题"
    assert oracle.breaches() == []


def test_a_section_moved_meanwhile_gives_its_new_address() -> None:
    office = factories.office()
    article, turn = rounds.passed(office)
    Section.objects.filter(pk=office.section.pk).update(address="moved/news")

    assert signed(article, turn, by=office.fang)
    assert article.addresses.get().path.startswith("moved/news/")


def test_a_superuser_is_nobody_here() -> None:
    office = factories.office()
    root = factories.user("root", is_superuser=True, is_staff=True)
    article, turn = rounds.submitted(office, steps=("review:1",))

    assert not verdict_given(rounds.due(turn), by=root)
    rounds.take(rounds.due(turn), by=office.reviewers[0])
    assert not signed(article, turn, by=root)
    with pytest.raises(NotAllowed):
        actions.recall(turn, by=root, now=NOW)
    with pytest.raises(NotAllowed):
        actions.return_passed(turn, comment="no", by=root, now=NOW)


def test_a_plan_weakened_for_a_day_leaves_a_trace_and_does_not_help() -> None:
    office = factories.office()
    strict = ["proofread:1", "review:1", "review:2"]
    plan = rounds.plan(*strict)
    manager = factories.person("manager", Role.OPERATOR, office.unit)
    plan_actions.change_plan(plan, name="weak", steps=["review:1"], by=manager, now=NOW)
    article, turn = rounds.passed(office)
    plan_actions.change_plan(plan, name="strict", steps=strict, by=manager, now=NOW)

    with pytest.raises(NotPossible) as refused:
        releases.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["releases.plan_misses_step"] * 2
    assert Event.objects.filter(verb="reviews.change_plan", by=manager).count() == 2


def test_only_a_site_manager_of_the_site_changes_its_plan() -> None:
    office, other = factories.office(), factories.office("water")
    plan = rounds.plan("review:1", "review:2", site=office.site)
    for person in (office.an, office.fang, other.an, factories.person("manager", Role.SITE_MANAGER, other.unit)):
        with pytest.raises(NotAllowed):
            plan_actions.change_plan(plan, name="weak", steps=["review:1"], by=person, now=NOW)
    assert ReviewPlan.objects.get().steps == ["review:1", "review:2"]


def test_a_stale_signature_names_both_hashes() -> None:
    office = factories.office()
    article, turn = rounds.passed(office)

    with pytest.raises(Stale) as stale:
        releases.sign(article, seen_sha256="0" * 64, by=office.fang, now=timezone.now())

    assert stale.value.data == {"seen": "0" * 64, "current": turn.content_sha256}


def a_picture() -> Picture:
    collection = Collection.get_first_root_node()
    return Picture.objects.create(title="校门", description="新落成的校门", file=ContentFile(drawing("red"), name="gate.png"), collection=collection)


def swap(picture: Picture) -> None:
    """Other bytes under the same picture, digest and all: the model refuses this, so it takes a shell on the server."""
    with picture.file.storage.open(picture.file.name, "wb") as opened:
        opened.write(drawing("blue"))
    Picture.objects.filter(pk=picture.pk).update(sha256=hashing.sha256(drawing("blue")))


def drawing(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), colour).save(made, "PNG")
    return made.getvalue()

"""Random people doing random things: whatever they try, no signed release breaks the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.kernel.errors import FangtangError
from fangtang.people.models import Post, StandIn
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.releases import gate
from fangtang.reviews import actions, plan_actions, policies, queries
from fangtang.reviews.models import Turn
from tests import factories
from tests.factories import NOW, TODAY
from tests.reviews import oracle, rounds

PEOPLE = 5
PLANS = (("review:1",), ("proofread:1", "review:1"), ("review:1", "review:2"), ("proofread:1", "review:1", "proofread:2"))
who = st.integers(0, PEOPLE - 1)


class Newsroom(RuleBasedStateMachine):
    """Five people who hold every post, so that only the separation of duties can stop them; one article; a plan that changes."""

    signatures = 0

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.office = factories.office()
        self.people = [factories.user() for _ in range(PEOPLE)]
        for person in self.people:
            for role in (Role.EDITOR, Role.PROOFREADER, Role.REVIEWER_1, Role.REVIEWER_2, Role.CHIEF_EDITOR):
                factories.post(person, role, self.office.unit)
        self.plan = rounds.plan(*PLANS[0])
        self.article = factories.article(by=self.people[0], unit=self.office.unit, sections=(self.office.section,))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Whether the act was possible."""
        try:
            with transaction.atomic():
                act()
        except (FangtangError, IntegrityError):
            return False
        return True

    def fresh(self) -> Article:
        return Article.objects.get(pk=self.article.pk)

    def turn(self) -> Turn | None:
        return queries.open_turn_of(self.article)

    @rule(by=st.sampled_from((0, 0, 0, 0, 1)), word=st.sampled_from("甲乙丙丁"))
    def edit(self, by: int, word: str) -> None:
        article = self.fresh()
        article.title = f"标题{word}"
        self.attempt(lambda: articles.save(article, seen_revision_id=article.latest_revision_id, by=self.people[by], now=NOW))

    @rule(by=who)
    def submit(self, by: int) -> None:
        self.attempt(lambda: articles.submit(self.fresh(), by=self.people[by], now=NOW))

    @precondition(lambda self: self.turn() is not None)
    @rule(by=who, position=st.sampled_from((None, None, None, None, 0, 1, 2)), is_old_hash=st.sampled_from((False, False, False, True)))
    def approve(self, by: int, position: int | None, is_old_hash: bool) -> None:
        """The step that is due, or now and then any other."""
        turn = self.turn()
        assert turn is not None
        steps = list(turn.steps.all())
        step = (queries.due_step(turn) if position is None else None) or steps[(position or 0) % len(steps)]
        person = self.people[by]
        seen = "0" * 64 if is_old_hash else turn.content_sha256
        given = {"seen_sha256": seen, "comment": "", "by": person, "now": NOW}
        if step.kind == "proofread":
            self.attempt(lambda: actions.proofread(step, marks=[], signature=str(person), **given))
        else:
            self.attempt(lambda: actions.approve(step, **given))

    @precondition(lambda self: self.turn() is not None)
    @rule(by=who)
    def return_it(self, by: int) -> None:
        turn = self.turn()
        assert turn is not None
        step = queries.due_step(turn)
        if step:
            self.attempt(lambda: actions.send_back(step, seen_sha256=turn.content_sha256, comment="no", by=self.people[by], now=NOW))

    @rule(order=st.permutations(range(PEOPLE)))
    def everybody_tries(self, order: list[int]) -> None:
        """A whole round: the first submits, then each tries every step that is due and the signature, until it is signed or nobody may go on."""
        self.submit(order[0])
        for by in order * 3:
            if self.turn() is not None:
                self.approve(by, None, is_old_hash=False)
            if self.turn() is not None:
                self.sign(by)

    @precondition(lambda self: self.turn() is not None)
    @rule(by=who)
    def sign(self, by: int) -> None:
        turn = self.turn()
        assert turn is not None
        before = self.plan.steps
        if self.attempt(lambda: releases.sign(self.fresh(), seen_sha256=turn.content_sha256, by=self.people[by], now=NOW)):
            Newsroom.signatures += 1
            assert set(before) <= {step.name for step in turn.steps.all()}, "a step of the plan was left out"

    @rule(by=who)
    def withdraw(self, by: int) -> None:
        self.attempt(lambda: releases.withdraw(self.fresh(), reason="why", by=self.people[by], now=NOW))

    @rule(steps=st.sampled_from(PLANS))
    def change_plan(self, steps: tuple[str, ...]) -> None:
        plan_actions.change_plan(self.plan, name="plan", steps=steps, by=None, now=NOW)

    @rule(by=who, holder=who, role=st.sampled_from((Role.REVIEWER_1, Role.CHIEF_EDITOR)))
    def stand_in(self, by: int, holder: int, role: str) -> None:
        post = Post.objects.get(user=self.people[holder], role=role)
        StandIn.objects.create(post=post, user=self.people[by], starts_on=TODAY, ends_on=TODAY)

    @invariant()
    def every_release_keeps_the_rules(self) -> None:
        assert oracle.breaches() == []


QUICK = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
@pytest.mark.slow
def test_no_random_newsroom_breaks_the_rules() -> None:
    Newsroom.signatures = 0

    run_state_machine_as_test(Newsroom, settings=QUICK)

    assert Newsroom.signatures >= 5, "too few texts came through to prove anything"


@pytest.mark.django_db
@pytest.mark.slow
def test_a_newsroom_without_separation_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same machine with the guard planted broken must find a breach; otherwise it proves nothing."""
    monkeypatch.setattr(policies, "apart", lambda reading, person_id: ())
    monkeypatch.delitem(gate.sign._things, "60.apart")

    with pytest.raises(AssertionError, match=r"judged what they wrote|took two steps"):
        run_state_machine_as_test(Newsroom, settings=QUICK)

"""A text on its way: opened, read by the right people, signed."""

from __future__ import annotations

from collections.abc import Sequence

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.people.models import User
from fangtang.releases import actions as releases
from fangtang.releases.models import Release
from fangtang.reviews import actions, queries, states
from fangtang.reviews.models import ReviewPlan, Step, StepKind, Turn
from tests import factories
from tests.factories import NOW, Office

FULL = ("proofread:1", "review:1", "proofread:2", "review:2", "proofread:3", "review:3")


def plan(*steps: str, **place: object) -> ReviewPlan:
    """A plan for the whole body, or for the place named."""
    return ReviewPlan.objects.create(name="plan", steps=list(steps), **place)


def submitted(office: Office, *, steps: Sequence[str] = ("proofread:1", "review:1"), **fields: object) -> tuple[Article, Turn]:
    """An's article, handed in; the body's plan is `steps`."""
    ReviewPlan.objects.get_or_create(site=None, section=None, sensitivity="", defaults={"name": "plan", "steps": list(steps)})
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), **fields)
    return article, articles.submit(article, by=office.an, now=NOW)


def due(turn: Turn) -> Step:
    step = queries.due_step(turn)
    assert step is not None
    return step


def reader(step: Step, office: Office) -> User:
    """Whose step it is in this office."""
    return (office.proofreaders if step.kind == StepKind.PROOFREAD else office.reviewers)[step.level - 1]


def take(step: Step, *, by: User) -> None:
    """A friendly verdict."""
    sha256 = step.turn.content_sha256
    if step.kind == StepKind.PROOFREAD:
        actions.proofread(step, seen_sha256=sha256, marks=[], signature=str(by), comment="", by=by, now=NOW)
    else:
        actions.approve(step, seen_sha256=sha256, comment="", by=by, now=NOW)


def passed(office: Office, *, steps: Sequence[str] = ("proofread:1", "review:1"), **fields: object) -> tuple[Article, Turn]:
    """The same, read through."""
    article, turn = submitted(office, steps=steps, **fields)
    return article, read_through(turn, office)


def read_through(turn: Turn, office: Office) -> Turn:
    while step := queries.due_step(turn):
        take(step, by=reader(step, office))
    turn.refresh_from_db()
    assert turn.status == states.PASSED
    return turn


def released(office: Office, **fields: object) -> tuple[Article, Release]:
    """The same, signed by Fang."""
    article, turn = passed(office, **fields)
    return article, releases.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW)

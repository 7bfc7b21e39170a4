"""Who is told what when a turn moves, and the sentences of these notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangtang.notices import actions as notices
from fangtang.notices import registry
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.queries import today
from fangtang.people.roles import Role
from fangtang.reviews import queries, states
from fangtang.reviews.models import Turn
from fangtang.reviews.presenters import step_name


def step_due(turn: Turn, *, now: datetime) -> None:
    """Tell everybody who may take the step that is due; where nobody may, those who can give somebody the post."""
    step = queries.due_step(turn)
    if step is None:
        return
    day = today(now)
    facts = queries.facts_of(turn) | {"kind": step.kind, "level": step.level}
    if able := queries.eligible(step, day=day):
        notices.tell(able, code="review.due", facts=facts, url=reverse("desk:step", args=[step.pk]), now=now)
    else:
        operators = people.holders(Role.OPERATOR, unit=turn.unit, day=day)
        notices.tell(operators, code="review.nobody", facts=facts | {"unit": str(turn.unit)}, url=reverse("people:appoint"), now=now)


def ready(turn: Turn, *, now: datetime) -> None:
    """Tell the chief editors who may sign."""
    chiefs = queries.holders_apart(turn, role=Role.CHIEF_EDITOR, day=today(now))
    notices.tell(chiefs, code="review.ready", facts=queries.facts_of(turn), url=reverse("desk:sign", args=[turn.object_id]), now=now)


def returned(turn: Turn, *, comment: str, by: User, now: datetime) -> None:
    """Tell the writers, whoever opened the turn, and everybody who had approved; not the one who returned it."""
    approved = turn.steps.filter(status=states.APPROVED).values("by_id")
    concerned = User.objects.filter(Q(pk__in=turn.writers.values("pk")) | Q(pk=turn.opened_by_id) | Q(pk__in=approved)).exclude(pk=by.pk)
    facts = queries.facts_of(turn) | {"comment": comment.strip()[:300]}
    notices.tell(concerned, code="review.returned", facts=facts, url=reverse("desk:turn", args=[turn.pk]), now=now)


@registry.sentences.register("review.due")
def _due(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” waits for you: %(step)s.") % {"title": facts["title"], "step": step_name(facts["kind"], facts["level"])}


@registry.sentences.register("review.nobody")
def _nobody(facts: Mapping[str, Any]) -> str:
    said = _("“%(title)s” of %(unit)s waits for %(step)s, and nobody holds a post for it who neither wrote nor read this text. Give somebody the post.")
    return said % {**facts, "step": step_name(facts["kind"], facts["level"])}


@registry.sentences.register("review.ready")
def _ready(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” has passed every step and waits for your signature.") % facts


@registry.sentences.register("review.returned")
def _returned(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” was returned: %(comment)s") % facts

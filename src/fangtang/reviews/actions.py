"""What people decide about turns and steps.

Every act locks the turn's row first, so that two acts on one turn follow each other; then checks every rule afresh; then moves the rows by
guarded UPDATEs; then writes the event; then tells people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from wagtail.models import Revision

from fangtang.audit import actions as audit
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible, Obstacle, Stale
from fangtang.kernel.text import clean, one_line
from fangtang.people.models import Post, Unit, User
from fangtang.people.queries import today
from fangtang.people.roles import Role
from fangtang.reviews import plans, policies, queries, states, telling
from fangtang.reviews.marks import cleaned
from fangtang.reviews.models import Step, StepKind, Turn


@transaction.atomic
def open_turn(  # noqa: PLR0913 - each is a fact of the turn; a value object would only hide them
    *,
    subject: models.Model,
    revision: Revision,
    unit: Unit,
    title: str,
    content_sha256: str,
    steps: Sequence[str],
    writers: Iterable[User],
    by: User,
    now: datetime,
) -> Turn:
    """Start a round of reading of one revision, with its steps in order; the first is due at once.

    Whoever saved a revision since the last release counts as a writer, named in `writers` or not. Raises Invalid for an unsound plan and
    NotPossible "reviews.turn_open" when a turn of this subject is still being read.
    """
    if faults := plans.faults(steps):
        raise Invalid(faults[0], steps=list(steps))
    if queries.open_turn_of(subject):
        raise NotPossible("reviews.turn_open")
    latest = queries.turns_of(subject).aggregate(most=Max("number"))["most"] or 0
    turn = Turn.objects.create(
        content_type=queries.content_type(subject),
        object_id=subject.pk,
        unit=unit,
        title=title,
        number=latest + 1,
        revision=revision,
        content_sha256=content_sha256,
        opened_by=by,
        opened_at=now,
    )
    turn.writers.set({writer.pk for writer in writers} | queries.writers_between(subject, until_revision=revision.pk))
    Step.objects.bulk_create(
        Step(turn=turn, position=position, kind=kind, level=level, status=states.AHEAD if position > 1 else states.DUE)
        for position, (kind, level) in enumerate(map(plans.split, steps), start=1)
    )
    _record("reviews.open_turn", turn, by=by, now=now, number=turn.number, sha256=content_sha256, steps=list(steps))
    telling.step_due(turn, now=now)
    return turn


@transaction.atomic
def supersede(subject: models.Model, *, by: User | None, now: datetime) -> None:
    """The subject was edited: the turn being read or waiting for the signature ends. Without such a turn nothing happens."""
    turn = queries.open_turn_of(subject)
    if turn is None:
        return
    turn = _locked(turn)
    if turn.status in queries.LIVE:
        _close(turn, verb="edit", now=now)
        _record("reviews.supersede", turn, by=by, now=now)


@transaction.atomic
def recall(turn: Turn, *, by: User, now: datetime) -> None:
    """An editor takes the text back from review. Raises NotAllowed for anybody who is no editor of the unit today."""
    turn = _locked(turn)
    if queries.post_for(by, role=Role.EDITOR, unit=turn.unit, day=today(now)) is None:
        raise NotAllowed("reviews.recall")
    _close(turn, verb="recall", now=now)
    _record("reviews.recall", turn, by=by, now=now)


@transaction.atomic
def proofread(step: Step, *, seen_sha256: str, marks: Sequence[dict[str, Any]], signature: str, comment: str, by: User, now: datetime) -> None:
    """Sign a proofread of exactly the text seen. `signature` is the person's full name as they typed it.

    Raises Invalid "reviews.signature_differs" or "reviews.mark_…", else as `approve`.
    """
    step = _taking(step, kind=StepKind.PROOFREAD, seen_sha256=seen_sha256, by=by, now=now)
    kept = cleaned(marks)
    if not one_line(signature) or one_line(signature) != one_line(str(by)):
        raise Invalid("reviews.signature_differs")
    _take(step, verb="approve", by=by, now=now, comment=comment, marks=kept, signature=one_line(signature))
    _go_on(step.turn, now=now)


@transaction.atomic
def approve(step: Step, *, seen_sha256: str, comment: str, by: User, now: datetime) -> None:
    """Approve exactly the text seen.

    Raises NotPossible with every obstacle (policies.may_take), NotAllowed without a post for the step, Stale when the text seen is not the
    one of this turn or no longer the present one.
    """
    step = _taking(step, kind=StepKind.REVIEW, seen_sha256=seen_sha256, by=by, now=now)
    _take(step, verb="approve", by=by, now=now, comment=comment)
    _go_on(step.turn, now=now)


@transaction.atomic
def send_back(step: Step, *, seen_sha256: str, comment: str, marks: Sequence[dict[str, Any]] = (), by: User, now: datetime) -> None:
    """Return the text to its writers, with a comment that says why. Raises Invalid "reviews.comment_missing", else as `approve`."""
    step = _taking(step, kind=None, seen_sha256=seen_sha256, by=by, now=now)
    _take(step, verb="return", by=by, now=now, comment=_reason(comment), marks=cleaned(marks))
    _close(step.turn, verb="return", now=now)
    telling.returned(step.turn, comment=comment, by=by, now=now)


@transaction.atomic
def return_passed(turn: Turn, *, comment: str, by: User, now: datetime) -> None:
    """A chief editor returns a text that passed every step instead of signing it. Raises NotAllowed, Invalid, NotPossible."""
    turn = _locked(turn)
    if queries.post_for(by, role=Role.CHIEF_EDITOR, unit=turn.unit, day=today(now)) is None:
        raise NotAllowed("reviews.return_passed")
    if turn.status != states.PASSED:
        raise NotPossible("reviews.turn_not_passed", status=turn.status)
    reason = _reason(comment)
    _close(turn, verb="return", now=now)
    _record("reviews.return_passed", turn, by=by, now=now, comment_length=len(reason))
    telling.returned(turn, comment=reason, by=by, now=now)


@transaction.atomic
def mark_released(turn: Turn, *, by: User, now: datetime) -> None:
    """The passed turn was signed. Only `releases` calls this, in its transaction; one of two signers wins, the other gets NotPossible."""
    turn = _locked(turn)
    _close(turn, verb="sign", now=now)
    _record("reviews.mark_released", turn, by=by, now=now)


def _locked(turn: Turn) -> Turn:
    """The turn as it stands, its row locked until commit (SQLite: the whole database is)."""
    return Turn.objects.select_for_update(of=("self",)).select_related("unit").get(pk=turn.pk)


def _taking(step: Step, *, kind: str | None, seen_sha256: str, by: User, now: datetime) -> Step:
    """The step read afresh under lock, with `post` set to the post acted for, after every rule was asked."""
    turn = _locked(step.turn)
    step = turn.steps.get(pk=step.pk)
    step.turn = turn
    step.post = queries.post_for(by, role=step.role, unit=turn.unit, day=today(now))
    if kind is not None and step.kind != kind:
        raise NotPossible("reviews.other_kind", kind=step.kind)
    _refuse(policies.may_take(queries.reading_of(step), person_id=by.pk, has_post=step.post is not None))
    _refuse_other_text(turn, seen_sha256=seen_sha256)
    return step


def _refuse_other_text(turn: Turn, *, seen_sha256: str) -> None:
    """What the reader saw is what this turn is about, and what stands on the desk now."""
    current = queries.present_sha256(turn)
    if not seen_sha256 == turn.content_sha256 == current:
        raise Stale("reviews.text_changed", seen=seen_sha256, current=current)


def _refuse(obstacles: Sequence[Obstacle]) -> None:
    if any(obstacle.code == "reviews.no_post" for obstacle in obstacles):
        raise NotAllowed("reviews.no_post")
    if obstacles:
        raise NotPossible("reviews.step_not_possible", obstacles=obstacles)


def _take(step: Step, *, verb: str, by: User, now: datetime, comment: str, marks: Sequence[dict[str, Any]] = (), signature: str = "") -> None:
    moved = Step.objects.filter(pk=step.pk, status__in=states.STEP.sources(verb), turn__status=states.OPEN).update(
        status=states.STEP.after(states.DUE, verb),
        by=by,
        post=step.post,
        at=now,
        content_sha256=step.turn.content_sha256,
        comment=comment.strip(),
        marks=list(marks),
        signature=signature,
    )
    if not moved:
        raise NotPossible("reviews.step_not_due", status=step.status)
    facts = {"step": step.name, "verdict": verb, "sha256": step.turn.content_sha256, "post": _pk(step.post), "marks": len(marks)}
    _record("reviews.take_step", step.turn, by=by, now=now, **facts)


def _pk(post: Post | None) -> int | None:
    return post.pk if post else None


def _go_on(turn: Turn, *, now: datetime) -> None:
    """Make the next step due, or the turn passed."""
    following = turn.steps.filter(status=states.AHEAD).first()
    if following is None:
        _move(turn, verb="pass")
        telling.ready(turn, now=now)
    else:
        turn.steps.filter(pk=following.pk, status__in=states.STEP.sources("open")).update(status=states.DUE)
        telling.step_due(turn, now=now)


def _close(turn: Turn, *, verb: str, now: datetime) -> None:
    """End the turn; steps that nobody took become void."""
    _move(turn, verb=verb, closed_at=now)
    turn.steps.filter(status__in=states.STEP.sources("end")).update(status=states.VOID)


def _move(turn: Turn, *, verb: str, **fields: Any) -> None:
    """Guarded: raises NotPossible when the turn is in no status from which the verb leads."""
    after = states.TURN.after(turn.status, verb)
    if not Turn.objects.filter(pk=turn.pk, status=turn.status).update(status=after, **fields):
        raise NotPossible("reviews.turn_moved", status=turn.status)
    turn.status = after


def _reason(comment: str) -> str:
    said = clean(comment).strip()
    if not said:
        raise Invalid("reviews.comment_missing")
    return said


def _record(verb: str, turn: Turn, *, by: User | None, now: datetime, **facts: Any) -> None:
    audit.record(verb, by=by, now=now, subject=turn, unit_id=turn.unit_id, **facts)

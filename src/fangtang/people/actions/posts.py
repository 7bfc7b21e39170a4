"""Appointing, dismissing, naming a stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from fangtang.audit.actions import record
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible, Obstacle
from fangtang.people import policies, queries
from fangtang.people.models import Post, Reach, StandIn, Unit, User
from fangtang.people.policies import Term
from fangtang.people.roles import Role


@transaction.atomic
def appoint(  # noqa: PLR0913  a post has this many sides
    user: User, *, role: str, unit: Unit, reach: str, starts_on: date, ends_on: date | None, by: User | None, now: datetime
) -> Post:
    """Give a post. Raises NotAllowed "people.appoint", Invalid "people.no_such_role", NotPossible "people.appoint" with every reason."""
    _let_operator(by, unit=unit, reach=reach, now=now, code="people.appoint")
    if role not in Role.values or reach not in Reach.values:
        raise Invalid("people.no_such_role", role=role, reach=reach)
    person = User.objects.select_for_update().get(pk=user.pk)
    wanted = Term(role, unit.pk, starts_on, ends_on)
    decided = policies.obstacles_to_deciding(by_id=by.pk if by else None, user_id=person.pk)
    _refuse("people.appoint", (*decided, *policies.obstacles_to_holding(wanted, held=terms_of(person))))
    post = Post.objects.create(user=person, role=role, unit=unit, reach=reach, starts_on=starts_on, ends_on=ends_on)
    record("people.appoint", by=by, now=now, subject=post, unit_id=unit.pk, user=person.pk, role=role, reach=reach, **_days(starts_on, ends_on))
    return post


@transaction.atomic
def dismiss(post: Post, *, ends_on: date, by: User | None, now: datetime) -> None:
    """Let a post end with this day. One that would end before it began is taken away. Raises NotAllowed, NotPossible "people.dismiss"."""
    _let_operator(by, unit=post.unit, reach=post.reach, now=now, code="people.dismiss")
    locked = Post.objects.select_for_update().get(pk=post.pk)
    _refuse("people.dismiss", policies.obstacles_to_ending(ends_on=ends_on, post=_term(locked)))
    record("people.dismiss", by=by, now=now, subject=locked, unit_id=locked.unit_id, user=locked.user_id, role=locked.role, ends_on=ends_on.isoformat())
    if ends_on < locked.starts_on:
        _take_away(locked)
        return
    locked.stand_ins.filter(starts_on__gt=ends_on).delete()
    locked.stand_ins.filter(ends_on__gt=ends_on).update(ends_on=ends_on)
    locked.ends_on = ends_on
    locked.save(update_fields=["ends_on"])


def _take_away(post: Post) -> None:
    """A post in which somebody acted stays in the record."""
    try:
        post.delete()
    except ProtectedError as held:
        raise NotPossible("people.dismiss", obstacles=(Obstacle("people.acted_in_post"),)) from held


@transaction.atomic
def stand_in(post: Post, *, user: User, starts_on: date, ends_on: date, by: User | None, now: datetime) -> StandIn:
    """Let somebody act for a post on some of its days. Raises NotAllowed, NotPossible "people.stand_in" with every reason."""
    _let_operator(by, unit=post.unit, reach=post.reach, now=now, code="people.stand_in")
    person = User.objects.select_for_update().get(pk=user.pk)
    wanted = Term(post.role, post.unit_id, starts_on, ends_on)
    obstacles = (
        *policies.obstacles_to_deciding(by_id=by.pk if by else None, user_id=person.pk),
        *policies.obstacles_to_standing_in(wanted, post=_term(post), is_holder=post.user_id == person.pk),
        *policies.obstacles_to_holding(wanted, held=terms_of(person)),
    )
    _refuse("people.stand_in", obstacles)
    standing = StandIn.objects.create(post=post, user=person, starts_on=starts_on, ends_on=ends_on)
    record("people.stand_in", by=by, now=now, subject=post, unit_id=post.unit_id, user=person.pk, role=post.role, **_days(starts_on, ends_on))
    return standing


def terms_of(user: User) -> Iterator[Term]:
    """Everything this person holds or stands in for, whenever."""
    yield from map(_term, user.posts.all())
    for standing in user.stands_in.select_related("post"):
        yield Term(standing.post.role, standing.post.unit_id, standing.starts_on, standing.ends_on)


def _let_operator(by: User | None, *, unit: Unit, reach: str, now: datetime, code: str) -> None:
    """Operators give no more reach than they have themselves."""
    if by and not queries.may_operate(by, unit_path=unit.path, reach=reach, day=queries.today(now)):
        raise NotAllowed(code)


def _refuse(code: str, obstacles: Iterable[Obstacle]) -> None:
    found = tuple(obstacles)
    if found:
        raise NotPossible(code, obstacles=found)


def _term(post: Post) -> Term:
    return Term(post.role, post.unit_id, post.starts_on, post.ends_on)


def _days(starts_on: date, ends_on: date | None) -> dict[str, str | None]:
    return {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else None}

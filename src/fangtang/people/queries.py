"""What people ask about posts: who holds which role for which unit on a day, stand-ins included. Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from fangtang.people.models import Post, Reach, Unit, User
from fangtang.people.roles import Role

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Duty:
    """One role that somebody has in one unit today; `post_id` says by which post, also when standing in for its holder."""

    role: str
    unit_id: int
    unit_path: str
    reach: str
    post_id: int

    def covers(self, unit_path: str) -> bool:
        """Whether a unit at this tree path is within reach."""
        return unit_path == self.unit_path or (self.reach == Reach.BELOW and unit_path.startswith(self.unit_path))


def today(now: datetime | None = None) -> date:
    """The body's local day of a moment (aware)."""
    return timezone.localtime(now).date()


def in_force(day: date, *, prefix: str = "") -> Q:
    """The condition that a post (or, with a prefix, a related one) is in force on a day."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day}))


def duties(person: Person, *, day: date) -> tuple[Duty, ...]:
    """Everything this person may act as on a day: own posts and posts they stand in for. () for anonymous and inactive people."""
    if not person.is_authenticated or not person.is_active:
        return ()
    own = Q(user=person)
    standing_in = Q(stand_ins__user=person, stand_ins__starts_on__lte=day, stand_ins__ends_on__gte=day)
    posts = Post.objects.filter(in_force(day)).filter(own | standing_in).select_related("unit").distinct().order_by("pk")
    return tuple(Duty(post.role, post.unit_id, post.unit.path, post.reach, post.pk) for post in posts)


def units_of(person: Person, *, roles: Iterable[str], day: date) -> QuerySet[Unit]:
    """The units for which this person has one of the roles on a day, reach included."""
    wanted = frozenset(roles)
    found = Q(pk__in=[])
    for duty in duties(person, day=day):
        if duty.role in wanted:
            found |= Q(path__startswith=duty.unit_path) if duty.reach == Reach.BELOW else Q(pk=duty.unit_id)
    return Unit.objects.filter(found)


def holders(role: str, *, unit: Unit, day: date) -> QuerySet[User]:
    """The people who may act in this role for this unit on a day, stand-ins included; active ones only, in the order of their ids."""
    above = [unit.path[:length] for length in range(Unit.steplen, len(unit.path), Unit.steplen)]
    reaching = Q(unit=unit) | Q(unit__path__in=above, reach=Reach.BELOW)
    posts = Post.objects.filter(in_force(day), reaching, role=role)
    acting = Q(posts__in=posts) | Q(stands_in__post__in=posts, stands_in__starts_on__lte=day, stands_in__ends_on__gte=day)
    return User.objects.filter(acting, is_active=True).distinct().order_by("pk")


def may_operate(person: Person, *, unit_path: str, reach: str, day: date) -> bool:
    """Whether this person is operator for the unit at this path; with reach "below" also for all units under it."""
    operating = [duty for duty in duties(person, day=day) if duty.role == Role.OPERATOR and duty.covers(unit_path)]
    return any(duty.reach == Reach.BELOW or reach == Reach.UNIT for duty in operating)


def may_keep(person: Person, *, user: User, day: date) -> bool:
    """Whether this operator looks after a login: reaches its unit, and every unit for which the login has a post today or later."""
    if person.pk == user.pk:
        return False
    ahead = user.posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).values_list("unit__path", "reach")
    own = [(user.unit.path, Reach.UNIT)] if user.unit else []
    places = [*own, *ahead]
    return bool(places) and all(may_operate(person, unit_path=path, reach=reach, day=day) for path, reach in places)


def people_seen_by(person: Person, *, roles: Iterable[str], day: date) -> QuerySet[User]:
    """The logins of the units within reach of these roles: kept there, or with a post there, past ones included."""
    units = units_of(person, roles=roles, day=day)
    return User.objects.filter(Q(unit__in=units) | Q(posts__unit__in=units)).distinct()

"""The body, its units, its people and their posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from fangtang.audit.actions import record
from fangtang.demo import city, people
from fangtang.media.actions import shelf_for
from fangtang.people import actions
from fangtang.people.models import Post, Reach, Unit, User
from fangtang.people.roles import Role

REACHING_BELOW = {"county": {Role.PROOFREADER, Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3, Role.CHIEF_EDITOR, Role.SITE_MANAGER}}
OF_THE_WHOLE_BODY = {Role.OPERATOR, Role.SECURITY_OFFICER, Role.AUDITOR, Role.SUPERVISOR, Role.COORDINATOR}


def found_units(*, now: datetime) -> dict[str, Unit]:
    """The body and its tree of units, by key; each with its shelf for pictures and files."""
    body = actions.found_body(city.BODY_NAME, short_name=city.BODY_SHORT_NAME, now=now)
    units: dict[str, Unit] = {}
    for row in city.unit_rows():
        values = {"body": body, "key": row.key, "name": row.name, "short_name": row.short_name, "kind": row.kind}
        parent = units.get(row.parent_key or "")
        units[row.key] = Unit.objects.get(pk=parent.pk).add_child(**values) if parent else Unit.add_root(**values)
    # Wagtail keeps collections sorted by name: made in that order, none has to move.
    for unit in sorted(units.values(), key=lambda unit: unit.name.lower()):
        shelf_for(unit)
    return {unit.key: unit for unit in Unit.objects.all()}


def appoint_people(units: dict[str, Unit], *, seed: int, password: str, starts_on: date, now: datetime) -> None:
    """Everybody with their post; all demo logins share one password."""
    hashed = make_password(password)
    rows = list(people.people(seed))
    users = [User(username=row.user_name, full_name=row.full_name, email=row.email, unit=units.get(row.unit_key), password=hashed) for row in rows]
    User.objects.bulk_create(users, batch_size=500)
    by_name = {user.username: user for user in User.objects.all()}
    posts = [
        Post(user=by_name[row.user_name], unit=units[row.unit_key], role=row.role, reach=_reach(units[row.unit_key], row.role), starts_on=starts_on)
        for row in rows
        if row.role
    ]
    Post.objects.bulk_create(posts, batch_size=500)
    record("people.found", by=None, now=now, people=len(users), posts=len(posts))


def appoint_team(unit: Unit, team: Iterable[tuple[str, str]], *, password: str, starts_on: date) -> None:
    """One person for each (label, role), with plain names: "区教委 editor"."""
    hashed = make_password(password)
    for label, role in team:
        user = User.objects.create(username=f"{unit.key}.{label}", full_name=f"{unit.short_name} {label}", unit=unit, password=hashed)
        Post.objects.create(user=user, unit=unit, role=role, reach=_reach(unit, role), starts_on=starts_on)


def _reach(unit: Unit, role: str) -> str:
    if role in OF_THE_WHOLE_BODY or role in REACHING_BELOW.get(unit.kind, set()):
        return Reach.BELOW
    return Reach.UNIT

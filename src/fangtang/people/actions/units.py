"""Founding the body; opening and changing units."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fangtang.audit.actions import record
from fangtang.kernel.errors import Invalid, NotAllowed
from fangtang.people import queries, registry
from fangtang.people.models import Body, Reach, Unit, UnitKind, User


@transaction.atomic
def found_body(name: str, *, now: datetime, short_name: str = "") -> Body:
    """Make the body of this database; there is one, and only the machine that sets up an instance makes it. Raises Invalid "people.body_founded"."""
    there = Body.objects.first()
    if there:
        raise Invalid("people.body_founded", name=there.name)
    body = Body.objects.create(name=name, short_name=short_name)
    record("people.found_body", by=None, now=now, subject=body)
    return body


@transaction.atomic
def open_unit(key: str, *, name: str, kind: str, under: Unit | None, by: User | None, now: datetime, short_name: str = "") -> Unit:
    """Add a unit to the tree (under None: a root of the body, only by the machine) and let the other rooms prepare what a unit needs.

    Raises NotAllowed "people.open_unit", Invalid "people.key_taken", "people.no_such_kind".
    """
    _let(by, under=under, now=now)
    if kind not in UnitKind.values:
        raise Invalid("people.no_such_kind", kind=kind)
    if Unit.objects.filter(key=key).exists():
        raise Invalid("people.key_taken", key=key)
    values = {"body": under.body if under else Body.objects.get(), "key": key, "name": name, "short_name": short_name, "kind": kind}
    unit: Unit = Unit.objects.get(pk=under.pk).add_child(**values) if under else Unit.add_root(**values)
    record("people.open_unit", by=by, now=now, subject=unit, unit_id=unit.pk, key=key)
    for prepare in registry.unit_opened:
        prepare(unit)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, name: str, short_name: str, kind: str, by: User | None, now: datetime) -> None:
    """Change what a unit is called. Its key and place stay. Nothing happens when nothing differs. Raises NotAllowed "people.change_unit"."""
    if by and not queries.may_operate(by, unit_path=unit.path, reach=Reach.UNIT, day=queries.today(now)):
        raise NotAllowed("people.change_unit")
    wanted = {"name": name, "short_name": short_name, "kind": kind}
    changed = {field: value for field, value in wanted.items() if getattr(unit, field) != value}
    if not changed:
        return
    Unit.objects.filter(pk=unit.pk).update(**changed)
    unit.refresh_from_db()
    record("people.change_unit", by=by, now=now, subject=unit, unit_id=unit.pk, fields=sorted(changed))


def _let(by: User | None, *, under: Unit | None, now: datetime) -> None:
    if by and (under is None or not queries.may_operate(by, unit_path=under.path, reach=Reach.BELOW, day=queries.today(now))):
        raise NotAllowed("people.open_unit")

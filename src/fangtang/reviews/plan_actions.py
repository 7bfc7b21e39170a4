"""What site managers and operators decide about review plans. Each change is an event: a plan made weaker for a day does not go unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from fangtang.audit import actions as audit
from fangtang.kernel.errors import Invalid, NotAllowed
from fangtang.outlets.models import Section, Site
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.reviews import plans
from fangtang.reviews.models import ReviewPlan


@transaction.atomic
def lay_down(
    *, name: str, steps: Sequence[str], site: Site | None = None, section: Section | None = None, sensitivity: str = "", by: User | None, now: datetime
) -> ReviewPlan:
    """A new plan for a section, a site, or the whole body.

    Raises NotAllowed for anybody but a site manager of the site (an operator for the body), Invalid for an unsound plan or "reviews.plan_taken".
    """
    plan = ReviewPlan(name=name, site=site, section=section, sensitivity=sensitivity, steps=_sound(steps))
    _require(plan, by=by, now=now)
    if ReviewPlan.objects.filter(site=site, section=section, sensitivity=sensitivity).exists():
        raise Invalid("reviews.plan_taken")
    plan.save()
    _record("reviews.lay_down_plan", plan, by=by, now=now)
    return plan


@transaction.atomic
def change_plan(plan: ReviewPlan, *, name: str, steps: Sequence[str], by: User | None, now: datetime) -> None:
    """Another name or other steps. Its place and sensitivity stay. Turns already open are measured against it at the signature. Raises as `lay_down`."""
    _require(plan, by=by, now=now)
    before = list(plan.steps)
    plan.name, plan.steps = name, _sound(steps)
    plan.save(update_fields=["name", "steps"])
    _record("reviews.change_plan", plan, by=by, now=now, before=before)


@transaction.atomic
def drop_plan(plan: ReviewPlan, *, by: User | None, now: datetime) -> None:
    """Remove a plan; the next wider one counts from now on. Raises NotAllowed."""
    _require(plan, by=by, now=now)
    _record("reviews.drop_plan", plan, by=by, now=now)
    plan.delete()


def _sound(steps: Sequence[str]) -> list[str]:
    if faults := plans.faults(steps):
        raise Invalid(faults[0], steps=list(steps))
    return list(steps)


def _require(plan: ReviewPlan, *, by: User | None, now: datetime) -> None:
    """The machine (None) may; people need the post for the place."""
    if by is None:
        return
    day = people.today(now)
    unit = plan_unit_id(plan)
    if unit is None:
        allowed = any(duty.role == Role.OPERATOR for duty in people.duties(by, day=day))
    else:
        allowed = people.units_of(by, roles={Role.SITE_MANAGER, Role.OPERATOR}, day=day).filter(pk=unit).exists()
    if not allowed:
        raise NotAllowed("reviews.plan")


def plan_unit_id(plan: ReviewPlan) -> int | None:
    """The unit of the plan's site; None for a plan of the whole body."""
    site = plan.site or (plan.section.site if plan.section else None)
    return site.unit_id if site else None


def _record(verb: str, plan: ReviewPlan, *, by: User | None, now: datetime, **facts: Any) -> None:
    audit.record(verb, by=by, now=now, subject=plan, unit_id=plan_unit_id(plan), steps=list(plan.steps), sensitivity=plan.sensitivity, **facts)

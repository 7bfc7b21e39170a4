"""What people ask about incidents and about what stands."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from fangtang.people import queries as people
from fangtang.people.models import Post, Unit, User
from fangtang.people.roles import Role
from fangtang.snapshots.models import Incident

WATCHING = frozenset({Role.SECURITY_OFFICER, Role.OPERATOR})
"""Who is told of incidents and looks at them."""


def incidents_for(person: User, *, day: date) -> QuerySet[Incident]:
    """Incidents on the sites of units that this person watches; those of the whole store for whoever watches a top unit. The newest first, those that
    nobody has looked at before the others."""
    units = people.units_of(person, roles=WATCHING, day=day)
    concerned = Q(sites__unit__in=units)
    if units.filter(depth=1).exists():
        concerned |= Q(sites=None)
    found = Incident.objects.filter(pk__in=Incident.objects.filter(concerned).values("pk"))
    return found.order_by(F("seen_at").desc(nulls_first=True), "-at", "-pk")


def unseen_for(person: User, *, day: date) -> QuerySet[Incident]:
    """Of these, those that nobody has looked at."""
    return incidents_for(person, day=day).filter(seen_at=None)


def units_of(incident: Incident) -> tuple[str, ...]:
    """Paths of the units concerned: those of its sites, the top units for an incident of the whole store."""
    found = tuple(Unit.objects.filter(pk__in=incident.sites.values("unit")).values_list("path", flat=True))
    return found or tuple(Unit.get_root_nodes().values_list("path", flat=True))


def people_told(incident: Incident, *, now: datetime) -> list[User]:
    """Security officers and operators who watch a unit concerned."""
    day, paths = people.today(now), units_of(incident)
    posts = Post.objects.filter(people.in_force(day), role__in=WATCHING).select_related("user")
    candidates = {post.user.pk: post.user for post in posts}
    seen = (user for user in candidates.values() if people.units_of(user, roles=WATCHING, day=day).filter(path__in=paths).exists())
    return [user for user in seen if user.is_active]

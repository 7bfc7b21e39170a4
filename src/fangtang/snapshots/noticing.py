"""Writing down what the guard tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from fangtang.audit import actions as audit
from fangtang.notices import actions as notices
from fangtang.outlets.models import Site
from fangtang.snapshots import queries
from fangtang.snapshots.models import Incident


@transaction.atomic
def take_up(told: Mapping[str, Any], *, now: datetime) -> Incident | None:
    """Write down what the guard tells, log it, and tell the security officers and operators of the units concerned. None when it was written before.

    Raises KeyError, ValueError, TypeError for what is no incident of the guard.
    """
    places = [dict(place) for place in told["places"]]
    values = {
        "at": datetime.fromisoformat(told["at"]),
        "kind": str(told["kind"])[:40],
        "noticed": str(told["noticed"])[:20],
        "count": int(told["count"]),
        "restored": int(told["restored"]),
        "places": places,
        "about": dict(told.get("about") or {}),
    }
    incident, is_new = Incident.objects.get_or_create(number=str(told["id"])[:80], defaults=values)
    if not is_new:
        return None
    incident.sites.set(Site.objects.filter(key__in=[str(key) for key in told["sites"]]))
    facts: dict[str, Any] = {"kind": incident.kind, "count": incident.count, "restored": incident.restored, "sites": sorted(told["sites"])}
    audit.record("snapshots.notice_incident", by=None, now=now, subject=incident, number=incident.number, **facts)
    to = queries.people_told(incident, now=now)
    notices.tell(to, code="snapshots.incident", facts=facts, url=reverse("desk:incident", args=[incident.pk]), now=now)
    return incident

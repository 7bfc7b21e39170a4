"""What people decide about incidents."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fangtang.audit import actions as audit
from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.kernel.text import clean
from fangtang.people.models import User
from fangtang.snapshots.models import Incident


@transaction.atomic
def look_at(incident: Incident, *, note: str, by: User, now: datetime) -> None:
    """Somebody has looked at it and says what came of it. Raises Invalid snapshots.note_missing, NotPossible snapshots.seen_before."""
    said = clean(note).strip()
    if not said:
        raise Invalid("snapshots.note_missing")
    if not Incident.objects.filter(pk=incident.pk, seen_at=None).update(seen_at=now, seen_by=by, note=said):
        raise NotPossible("snapshots.seen_before")
    audit.record("snapshots.look_at_incident", by=by, now=now, subject=incident, number=incident.number)

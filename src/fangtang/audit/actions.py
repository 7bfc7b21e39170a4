"""The one door into the event log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from fangtang.audit.models import Event
from fangtang.audit.subjects import subject_name


def record(verb: str, *, by: AbstractBaseUser | None, now: datetime, subject: models.Model | None = None, unit_id: int | None = None, **facts: Any) -> Event:
    """Write one event in the caller's transaction. Outside of one it refuses (RuntimeError): an act and its event stand or fall together.

    `verb` is "app.verb" in the imperative; `facts` are JSON-safe and hold no personal data.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb}: an audit event outside of a transaction")
    return Event.objects.create(at=now, verb=verb, by_id=by.pk if by else None, subject=subject_name(subject) if subject else "", unit_id=unit_id, facts=facts)

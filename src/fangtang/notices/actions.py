"""Telling people something: a row each, in the caller's transaction. The mail goes out afterwards, by `effects`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from fangtang.notices import registry, tasks
from fangtang.notices.models import Notice
from fangtang.people.models import User


def tell(to: Iterable[User], *, code: str, facts: Mapping[str, Any], url: str, now: datetime) -> None:
    """Leave one notice for each person, once even when named twice, and nudge the mail after commit.

    `facts` are JSON-safe values for the code's sentence; `url` is a path on the desk. Raises KeyError for a code without a sentence.
    """
    registry.sentences.get(code)
    people = {person.pk: person for person in to}
    Notice.objects.bulk_create(
        Notice(to=person, code=code, facts=dict(facts), url=url, created_at=now, mail_due_at=now, mail=_mail_state(person)) for person in people.values()
    )
    if any(person.email for person in people.values()):
        transaction.on_commit(tasks.nudge)


def _mail_state(person: User) -> str:
    return Notice.Mail.WAITING if person.email and person.is_active else Notice.Mail.NONE

"""Telling people about releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from fangtang.notices import actions as notices
from fangtang.people import queries as people
from fangtang.people.models import Post, User
from fangtang.people.roles import Role
from fangtang.releases.models import Release


def decided(release: Release, *, code: str, now: datetime) -> None:
    """Tell the writers of what went out, or came down."""
    last = Release.objects.filter(article=release.article, turn__isnull=False).select_related("turn").last()
    if last and last.turn:
        _tell(release, last.turn.writers.exclude(pk=release.by_id or 0), code=code, facts={"reason": release.reason[:300]}, now=now)


def failed(release: Release, *, now: datetime) -> None:
    """Tell the signer and the operators that a release could not be put on the sites; in the caller's transaction."""
    operators = Post.objects.filter(people.in_force(people.today(now)), role=Role.OPERATOR).values("user_id")
    _tell(
        release,
        User.objects.filter(Q(pk=release.by_id or 0) | Q(pk__in=operators)),
        code="release.failed",
        facts={"error": release.error_code, "data": release.error_data},
        now=now,
    )


def _tell(release: Release, to: QuerySet[User], *, code: str, facts: Mapping[str, Any], now: datetime) -> None:
    facts = {"title": release.title, "release": release.pk, **facts}
    notices.tell(to, code=code, facts=facts, url=reverse("desk:release", args=[release.pk]), now=now)

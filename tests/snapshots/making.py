"""Releases for tests of the builder: decided as `releases` decides them, without playing the review each time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from fangtang.articles import content
from fangtang.articles.models import Article, Placement
from fangtang.outlets.models import Section
from fangtang.people.models import User
from fangtang.releases import standings
from fangtang.releases.models import Release, ReleaseKind
from fangtang.reviews import states
from fangtang.reviews.models import Turn
from tests import factories

NOW = factories.NOW


def article(*sections: Section, by: User, title: str = "", **fields: Any) -> Article:
    """An article with a text, placed in sections, not released."""
    return factories.article(by=by, unit=sections[0].site.unit, sections=sections, title=title, **fields)


def place(article: Article, *sections: Section, **how: Any) -> None:
    """Replace its placements in the working copy."""
    article.placements = [Placement(section=section, **how) for section in sections]
    article.save()


@transaction.atomic
def release(article: Article, *, by: User, now: datetime = NOW) -> Release:
    """Decide that the article goes out as it is saved now."""
    revision = article.save_revision(user=by)
    revision.refresh_from_db()  # its content as JSON keeps it
    made = Release.objects.create(article=article, kind=ReleaseKind.SIGN, turn=_turn(article, revision, by=by, now=now), **_named(revision), by=by, at=now)
    standings.put_up(made, content=revision.as_object())
    return made


def _named(revision: Revision) -> dict[str, Any]:
    return {"revision": revision, "content_sha256": content.content_sha256(revision)}


def _turn(article: Article, revision: Revision, *, by: User, now: datetime) -> Turn:
    """A turn that was read and signed, as far as the builder can see."""
    kind = ContentType.objects.get_for_model(Article)
    number = Turn.objects.filter(content_type=kind, object_id=article.pk).count() + 1
    return Turn.objects.create(
        content_type=kind,
        object_id=article.pk,
        unit=article.unit,
        title=article.title,
        number=number,
        status=states.RELEASED,
        opened_by=by,
        opened_at=now,
        closed_at=now,
        **_named(revision),
    )


@transaction.atomic
def withdraw(article: Article, *, by: User, notice: str = "", now: datetime = NOW) -> Release:
    """Decide that it comes down."""
    last = Release.objects.filter(article=article).latest("pk")
    made = Release.objects.create(
        article=article,
        kind=ReleaseKind.WITHDRAW,
        revision=last.revision,
        content_sha256=last.content_sha256,
        by=by,
        at=now,
        reason="错误",
        public_notice=notice,
    )
    standings.take_down(made)
    return made


def local_now() -> datetime:
    return timezone.now()

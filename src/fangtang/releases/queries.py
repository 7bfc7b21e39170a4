"""What people ask about releases: what stands in the way, what was decided, what stands where. Read-only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from wagtail.models import Revision

from fangtang.articles.models import Article
from fangtang.kernel.errors import Obstacle
from fangtang.people.models import Unit, User
from fangtang.people.queries import today
from fangtang.releases import gate
from fangtang.releases.models import Release, ReleaseKind, Standing
from fangtang.reviews import queries as reviews
from fangtang.reviews.models import Turn


def obstacles(article: Article, *, verb: str, by: User, now: datetime) -> tuple[Obstacle, ...]:
    """Everything that stands in the way of this person doing `verb` ("sign" or "withdraw") now; () when nothing does."""
    return in_the_way(case_of(article, verb=verb, by=by, now=now), verb=verb)


def in_the_way(case: gate.Case, *, verb: str) -> tuple[Obstacle, ...]:
    """The same for a case that was read already."""
    return tuple(obstacle for look in gate.VERBS[verb] for obstacle in look(case))


def case_of(article: Article, *, verb: str, by: User, now: datetime) -> gate.Case:
    """What the gate looks at, read afresh from the database."""
    article = Article.objects.select_related("unit", "latest_revision").get(pk=article.pk)
    turn = reviews.open_turn_of(article) if verb == "sign" else None
    revision = _revision(article, turn, verb=verb)
    content = revision.as_object() if revision else article
    return gate.Case(
        article=article,
        unit=turn.unit if turn else content.unit,
        turn=turn,
        revision=revision,
        content=content,
        steps=tuple(turn.steps.select_related("by", "post__unit")) if turn else (),
        by=by,
        now=now,
        day=today(now),
    )


def _revision(article: Article, turn: Turn | None, *, verb: str) -> Revision | None:
    """The turn's; without one, what stands in public for a withdrawal, else the newest."""
    if turn is not None:
        return turn.revision
    last = last_signed_of(article) if verb == "withdraw" else None
    return last.revision if last else article.latest_revision


def last_of(article: Article) -> Release | None:
    """The newest decision about an article; None when it was never released."""
    return Release.objects.filter(article=article).select_related("revision", "by").last()


def last_signed_of(article: Article) -> Release | None:
    """The newest decision by which the article went out, signed or taken over."""
    return Release.objects.filter(article=article).exclude(kind=ReleaseKind.WITHDRAW).select_related("revision").last()


def is_standing(article: Article) -> bool:
    """Whether the article stands in public somewhere now."""
    return Standing.objects.filter(article=article).exists()


def first_at(article: Article) -> datetime | None:
    """The moment of the first release; None when there was none."""
    return Release.objects.filter(article=article).exclude(kind=ReleaseKind.WITHDRAW).order_by("pk").values_list("at", flat=True).first()


def recent(*, units: QuerySet[Unit]) -> QuerySet[Release]:
    """Releases of articles of these units, the newest first."""
    found = Release.objects.filter(article__unit__in=units).order_by("-pk")
    return found.select_related("article", "article__unit", "by").defer("article__body")


def decisions_of(article: Article) -> QuerySet[Release]:
    """Every decision about an article, the newest first."""
    return Release.objects.filter(article=article).select_related("by").order_by("-pk")

"""In which state an article is, as people call it. Nothing of it is stored: it follows from the newest turn and from the releases.

Two questions, two answers: where is the working copy (draft, in review, returned, ready to sign, settled), and what stands in public
(asked of `registry.statuses`, where `releases` registers standing, withdrawn and legacy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, CharField, Expression, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangtang.articles import registry
from fangtang.articles.models import Article
from fangtang.reviews import states
from fangtang.reviews.models import Turn


@dataclass(frozen=True, slots=True)
class Status:
    """One status: its code, what people call it, and the condition that an article has it (made anew for each query)."""

    code: str
    label: Promise
    condition: Callable[[], Expression | Q]


DRAFT, IN_REVIEW, RETURNED, READY, SETTLED = "draft", "in_review", "returned", "ready", "settled"

LIVE = {IN_REVIEW: states.OPEN, READY: states.PASSED}
"""Stages that a turn of this status says at once: an article has one such turn at most, and it is the newest."""

LABELS: dict[str, Promise] = {
    DRAFT: _("Draft"),
    IN_REVIEW: _("In review"),
    RETURNED: _("Returned"),
    READY: _("Ready to sign"),
    SETTLED: _("Nothing new"),
}


def with_stage(articles: QuerySet[Article]) -> QuerySet[Article]:
    """The articles with `stage`: where the working copy is."""
    newest = Turn.objects.filter(content_type=ContentType.objects.get_for_model(Article), object_id=OuterRef("pk")).order_by("-number")
    return articles.annotate(turn_status=Subquery(newest.values("status")[:1]), released_revision=_released_revision()).annotate(
        stage=Case(
            When(turn_status=states.OPEN, then=Value(IN_REVIEW)),
            When(turn_status=states.PASSED, then=Value(READY)),
            When(latest_revision_id=F("released_revision"), then=Value(SETTLED)),
            When(turn_status=states.RETURNED, then=Value(RETURNED)),
            default=Value(DRAFT),
            output_field=CharField(),
        )
    )


def public_of(article: Article) -> tuple[Status, ...]:
    """What an article is in public, as the registered statuses say; () when it never was."""
    return tuple(status for status in registry.statuses if Article.objects.filter(pk=article.pk).filter(status.condition()).exists())


def choices() -> list[tuple[str, Promise]]:
    """Every status a list can be filtered by."""
    return [*LABELS.items(), *((status.code, status.label) for status in registry.statuses)]


def having(articles: QuerySet[Article], code: str) -> QuerySet[Article]:
    """Those of this status. Raises KeyError for a status that nobody registered."""
    if code in LIVE:
        live = Turn.objects.filter(content_type=ContentType.objects.get_for_model(Article), status=LIVE[code])
        return articles.filter(pk__in=live.values("object_id"))
    if code in LABELS:
        return with_stage(articles).filter(stage=code)
    return articles.filter(registry.statuses.get(code).condition())


def _released_revision() -> Expression:
    asked = [ask() for ask in registry.released_revisions]
    nothing = Value(None, output_field=BigIntegerField())
    return Coalesce(*asked, nothing, output_field=BigIntegerField()) if asked else nothing


def stage_of(article: Article) -> str:
    """The stage of one saved article."""
    return str(with_stage(Article.objects.filter(pk=article.pk)).values_list("stage", flat=True).get())

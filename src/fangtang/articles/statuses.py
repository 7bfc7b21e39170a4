"""In which state an article is, as people call it. Nothing of it is stored: it follows from the newest turn and from the releases.

Two questions, two answers: where is the working copy (draft, in review, returned, ready to sign, settled), and what stands in public
(asked of `registry.statuses`, where `releases` registers standing, withdrawn and legacy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, CharField, Exists, Expression, OuterRef, Q, QuerySet, Subquery, Value, When
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

LIVE = (states.OPEN, states.PASSED)
"""An article has one turn of these at most, and it is the newest."""

LABELS: dict[str, Promise] = {
    DRAFT: _("Draft"),
    IN_REVIEW: _("In review"),
    RETURNED: _("Returned"),
    READY: _("Ready to sign"),
    SETTLED: _("Nothing new"),
}


def with_stage(articles: QuerySet[Article]) -> QuerySet[Article]:
    """The articles with `stage`: where the working copy is."""
    newest = Turn.objects.filter(content_type=_content_type(), object_id=OuterRef("pk")).order_by("-number")
    return articles.annotate(turn_status=Subquery(newest.values("status")[:1])).annotate(
        stage=Case(
            When(turn_status=states.OPEN, then=Value(IN_REVIEW)),
            When(turn_status=states.PASSED, then=Value(READY)),
            When(_released(), then=Value(SETTLED)),
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
    return articles.filter(STAGES[code]() if code in STAGES else registry.statuses.get(code).condition())


def _content_type() -> ContentType:
    return ContentType.objects.get_for_model(Article)


def _newest_is(*wanted: str) -> Q:
    """Whose newest turn is open, passed or returned: a set, and a small one beside all articles, so that a list asks nothing for each row."""
    turns = Turn.objects.filter(content_type=_content_type(), status__in=wanted)
    if states.RETURNED in wanted:
        newer = Turn.objects.filter(content_type=_content_type(), object_id=OuterRef("object_id"), number__gt=OuterRef("number"))
        turns = turns.filter(~Exists(newer))
    return Q(pk__in=turns.values("object_id"))


def _released() -> Q:
    """Whose newest revision went out."""
    found = Q(pk__in=[])
    for condition in registry.released:
        found |= Q(condition())
    return found


STAGES: dict[str, Callable[[], Q]] = {
    DRAFT: lambda: ~_newest_is(*LIVE, states.RETURNED) & ~_released(),
    IN_REVIEW: lambda: _newest_is(states.OPEN),
    RETURNED: lambda: _newest_is(states.RETURNED) & ~_released(),
    READY: lambda: _newest_is(states.PASSED),
    SETTLED: lambda: ~_newest_is(*LIVE) & _released(),
}
"""The same as conditions of a list."""


def stage_of(article: Article) -> str:
    """The stage of one saved article."""
    return str(with_stage(Article.objects.filter(pk=article.pk)).values_list("stage", flat=True).get())

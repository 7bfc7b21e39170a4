"""From which articles a page starts. The guard in front of every address asks the same question first; here it is asked again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from wagtail.models import Revision

from fangtang.articles import queries
from fangtang.articles.models import Article
from fangtang.kernel.sent import decimal_id
from fangtang.kernel.text import shortened
from fangtang.people import queries as people


class Editable:
    """Articles of units for which this person is editor."""

    request: Any
    object: Any

    def scope(self) -> QuerySet[Article]:
        return queries.editable_by(self.request.user, day=people.today()).select_related("latest_revision__user", "unit")

    def get_page_subtitle(self) -> str:
        """The title, short enough for a heading and a breadcrumb."""
        return shortened(str(self.object), most=60) if getattr(self, "object", None) else super().get_page_subtitle()  # type: ignore[misc]

    def get_base_object_queryset(self) -> QuerySet[Article]:
        return self.scope()


class Visible(Editable):
    """Articles of units that a publishing post of this person reaches."""

    def scope(self) -> QuerySet[Article]:
        return queries.visible_to(self.request.user, day=people.today()).select_related("latest_revision__user", "unit")


def found(scope: QuerySet[Article], pk: object) -> Article:
    """The article of this id within the scope, or 404; also for an id that is none."""
    return get_object_or_404(scope, pk=decimal_id(pk))


def revision_of(article: Article, pk: object) -> Revision:
    """A revision of this very article, or 404."""
    return get_object_or_404(Revision.objects.for_instance(article), pk=decimal_id(pk))

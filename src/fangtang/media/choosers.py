"""Choosing many pictures or files at once: Wagtail's views, which look for whatever is sent as an id.

Wagtail has no setting for them; its choosers take their views from attributes, which are set here before any address is made.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fangtang.kernel.sent import decimal_id


class OnlyIds:
    """What is no id is left out."""

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_objects([pk for pk in map(decimal_id, pks) if pk is not None])  # type: ignore[misc]  # Wagtail's view beside this mixin
        return found


def install() -> None:
    """Give both choosers our view. A second call does nothing."""
    from wagtail.documents.views import chooser as documents
    from wagtail.images.views import chooser as images

    for viewset in (images.viewset, documents.viewset):
        theirs = viewset.chosen_multiple_view_class
        if not issubclass(theirs, OnlyIds):
            viewset.chosen_multiple_view_class = type(f"Our{theirs.__name__}", (OnlyIds, theirs), {})

"""Reading: the article as it is, its history, two revisions side by side, previews."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision
from wagtail.snippets.views import snippets

from fangtang.articles import presenters, previews
from fangtang.articles.models import Article
from fangtang.articles.views.scope import Editable, Visible, found, revision_of
from fangtang.outlets.previews import WholeForms


class ArticleInspectView(Visible, snippets.InspectView):
    """The newest revision for reading."""

    template_name = "articles/inspect.html"
    page_title = _("Read")

    def get_object(self, queryset: Any = None) -> Article:
        return found(self.scope(), self.pk)

    def get_fields(self) -> list[str]:
        return []

    def get_edit_url(self) -> str | None:
        mine = self.permission_policy.user_has_permission_for_instance(self.request.user, "change", self.object)
        return super().get_edit_url() if mine else None

    def get_delete_url(self) -> None:
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revision = self.object.latest_revision
        reading = presenters.read_view(revision) if revision else None
        progress = presenters.progress(self.object, by=self.request.user)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"reading": reading, "progress": progress, "article": self.object}


class ArticleHistoryView(Visible, snippets.HistoryView):
    any_permission_required = ("view",)

    def get_object(self) -> Article:
        return found(self.scope(), self.pk)

    def get_edit_url(self, instance: Article) -> str | None:
        mine = self.permission_policy.user_has_permission_for_instance(self.request.user, "change", instance)
        return super().get_edit_url(instance) if mine else None

    def get_filterset_class(self) -> None:
        return None

    @property
    def header_buttons(self) -> list[Any]:
        return super().header_buttons if self.get_edit_url(self.object) else []


class ArticleCompareView(Visible, snippets.RevisionsCompareView):
    permission_required = "view"

    def get_object(self, queryset: Any = None) -> Article:
        return found(self.scope(), self.pk)

    def get_edit_url(self) -> str | None:
        mine = self.permission_policy.user_has_permission_for_instance(self.request.user, "change", self.object)
        return super().get_edit_url() if mine else None


class ArticleRevisionPreview(Visible, snippets.PreviewRevisionView):
    permission_required = "view"

    def get_object(self) -> Article:
        return found(self.scope(), self.pk)

    def get_revision_object(self) -> Revision:
        return revision_of(self.object, self.revision_id)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the words that the revision kept."""
        return previews.of_revision(self.revision_object, request.GET.get("mode", ""))


class ArticlePreviewOnEdit(WholeForms, Editable, snippets.PreviewOnEditView):
    def get_object(self) -> Article:
        article: Article = found(self.scope(), self.kwargs["pk"]).get_latest_revision_as_object()
        return article


class ArticlePreviewOnAdd(WholeForms, Editable, snippets.PreviewOnCreateView):
    """What is previewed before it is saved has no row and no owner but who writes it."""

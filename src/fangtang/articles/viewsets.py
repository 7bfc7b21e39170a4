"""The articles' pages as a Wagtail viewset, with only the addresses that we use."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import TabbedInterface
from wagtail.snippets.views.snippets import SnippetViewSet

from fangtang.articles.models import Article
from fangtang.articles.panels import EDITOR
from fangtang.articles.permissions import ArticlePolicy
from fangtang.articles.views import bulk, editing, listing, reading, verbs

LEFT_OUT = ("usage", "copy")


class ArticleViewSet(SnippetViewSet):
    model = Article
    admin_url_namespace = "articles"
    base_url_path = "articles"
    icon = "doc-full-inverse"
    menu_label = _("Articles")
    menu_name = "articles"
    menu_order = 150
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    add_item_label: ClassVar = _("Write an article")
    index_view_class = listing.ArticleIndexView
    add_view_class = editing.ArticleCreateView
    edit_view_class = editing.ArticleEditView
    delete_view_class = verbs.TrashView
    history_view_class = reading.ArticleHistoryView
    inspect_view_class = reading.ArticleInspectView
    revisions_view_class = reading.ArticleRevisionPreview
    revisions_compare_view_class = reading.ArticleCompareView
    revisions_revert_view_class = editing.ArticleRevertView
    preview_on_add_view_class = reading.ArticlePreviewOnAdd
    preview_on_edit_view_class = reading.ArticlePreviewOnEdit
    lock_view_class = verbs.ArticleLockView
    unlock_view_class = verbs.ArticleUnlockView

    @cached_property
    def permission_policy(self) -> ArticlePolicy:
        return ArticlePolicy(self.model)

    def get_edit_handler(self) -> TabbedInterface:
        return EDITOR.bind_to_model(self.model)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        without = {"usage_url_name": None, "copy_url_name": None}
        return super().get_common_view_kwargs(**{**without, **kwargs})

    @property
    def delete_view(self) -> Any:
        return verbs.TrashView.as_view()

    def get_urlpatterns(self) -> list[URLPattern]:
        kept = [pattern for pattern in super().get_urlpatterns() if pattern.name not in LEFT_OUT]
        return [
            *kept,
            path("take-back/<str:pk>/", verbs.TakeBackView.as_view(), name="take_back"),
            path("bulk/<slug:act>/", bulk.BulkView.as_view(), name="bulk"),
        ]

    def register_chooser_viewset(self) -> None:
        """Nobody chooses articles yet; a chooser would be one more door."""

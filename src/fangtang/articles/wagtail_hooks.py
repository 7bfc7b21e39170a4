"""Where articles appear on the desk."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from fangtang.articles.models import Article
from fangtang.articles.viewsets import ArticleViewSet
from fangtang.outlets.choosers import section_chooser

register_snippet(ArticleViewSet)


@hooks.register("register_admin_viewset")
def register_section_chooser() -> object:
    return section_chooser


@hooks.register("insert_global_admin_css")
def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("articles/desk.css"))


@hooks.register("insert_editor_js")
def preview() -> str:
    return format_html('<script src="{}" defer></script>', static("articles/preview.js"))


class SubmitMenuItem(ActionMenuItem):
    """Save, then hand to the first reader."""

    name = "action-submit"
    label = _("Save and submit for review")
    icon_name = "resubmit"
    order = 10

    def is_shown(self, context: dict[str, Any]) -> bool:
        article = context.get("instance")
        return not context.get("locked_for_user") and not (article and article.trashed_at)


@hooks.register("register_snippet_action_menu_item")
def submit(model: type) -> ActionMenuItem | None:
    return SubmitMenuItem() if model is Article else None

"""The register's pages as Wagtail viewsets, with only the addresses that we use."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from fangtang.outlets import views
from fangtang.outlets.models import Home, Section, Site


def only(patterns: list[URLPattern], *names: str) -> list[URLPattern]:
    """The patterns of these names."""
    return [pattern for pattern in patterns if pattern.name in names]


WITHOUT = dict.fromkeys(("add_url_name", "delete_url_name", "usage_url_name"))
"""Pages that the register does not have: a site is opened by the operator's command and never deleted."""


class SiteViewSet(ModelViewSet):
    """The sites I manage and their profiles."""

    model = Site
    url_namespace = "sites_register"
    url_prefix = "register/sites"
    icon = "site"
    menu_label = _("Sites")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = views.SiteIndexView
    edit_view_class = views.SiteEditView
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("name"), FieldPanel("description"), FieldPanel("language")], heading=_("Site")),
            MultiFieldPanel([FieldPanel("colour"), FieldPanel("accent"), FieldPanel("emblem")], heading=_("Look")),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("sponsor", "undertaker", "identification_code", "icp_number", "police_number")],
                heading=_("Required at the foot of every page"),
            ),
            MultiFieldPanel([FieldPanel(name) for name in ("address", "postcode", "phone", "email")], heading=_("Contact")),
        ]
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return only(super().get_urlpatterns(), "index", "index_results", "edit")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{**WITHOUT, "history_url_name": None, **kwargs})


class SectionViewSet(ViewSet):
    """The sections of one site."""

    name = "sections"
    url_prefix = "register/sections"

    def get_urlpatterns(self) -> list[URLPattern]:
        policy = {"permission_policy": ModelPermissionPolicy(Section)}
        return [
            path("site/<int:site_pk>/", views.SectionTreeView.as_view(**policy), name="of_site"),
            path("site/<int:site_pk>/new/", views.SectionAddView.as_view(**policy), name="add"),
            path("<int:pk>/", views.SectionEditView.as_view(**policy), name="edit"),
            path("<int:pk>/<slug:verb>/", views.SectionVerbView.as_view(**policy), name="verb"),
        ]


class HomeViewSet(SnippetViewSet):
    """Home pages: layout, live preview, history."""

    model = Home
    url_prefix = "register/homes"
    icon = "home"
    menu_label = _("Home pages")
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = views.HomeIndexView
    edit_view_class = views.HomeEditView
    preview_on_edit_view_class = views.HomePreviewView
    list_display: ClassVar = ["site"]

    def get_urlpatterns(self) -> list[URLPattern]:
        wanted = ("list", "list_results", "edit", "preview_on_edit", "history", "history_results", "revisions_view", "revisions_revert", "revisions_compare")
        return only(super().get_urlpatterns(), *wanted)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{**WITHOUT, **kwargs})

    def register_chooser_viewset(self) -> None:
        """Nobody chooses home pages; a chooser would be one more door."""

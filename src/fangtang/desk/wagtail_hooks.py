"""Where the desk appears in Wagtail's admin: its addresses, its home, its menu, its look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from fangtang.desk.panels import panels_for
from fangtang.people.roles import REVIEWERS, Role
from fangtang.people.side_bar import RoleMenuItem
from fangtang.snapshots.queries import WATCHING

UNUSED_MENUS = frozenset({"explorer", "reports", "settings", "help"})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern | URLResolver]:
    return [path("", include("fangtang.desk.urls"))]


@hooks.register("construct_homepage_panels")
def home(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = panels_for(request)


@hooks.register("construct_main_menu", order=1000)
def without_unused(request: HttpRequest, items: list[MenuItem]) -> None:
    """Pages, reports and Wagtail's settings are nobody's here."""
    items[:] = [entry for entry in items if entry.name not in UNUSED_MENUS]


@hooks.register("register_admin_menu_item")
def waiting() -> MenuItem:
    readers = frozenset({Role.PROOFREADER, *REVIEWERS})
    return RoleMenuItem(_("Waiting for me"), reverse("desk:work", args=["waiting"]), roles=readers, name="desk-waiting", icon_name="glasses", order=10)


@hooks.register("register_admin_menu_item")
def ready() -> MenuItem:
    chiefs = frozenset({Role.CHIEF_EDITOR})
    return RoleMenuItem(_("Ready to sign"), reverse("desk:work", args=["ready"]), roles=chiefs, name="desk-ready", icon_name="edit", order=20)


@hooks.register("register_admin_menu_item")
def plans() -> MenuItem:
    managers = frozenset({Role.SITE_MANAGER, Role.OPERATOR})
    return RoleMenuItem(_("Review plans"), reverse("desk:plans"), roles=managers, name="desk-plans", icon_name="list-ol", order=800)


@hooks.register("register_admin_menu_item")
def what_stands() -> MenuItem:
    return RoleMenuItem(_("Public sites"), reverse("desk:snapshots"), roles=WATCHING, name="desk-snapshots", icon_name="globe", order=810)


@hooks.register("register_admin_menu_item")
def incidents() -> MenuItem:
    return RoleMenuItem(_("Incidents"), reverse("desk:incidents"), roles=WATCHING, name="desk-incidents", icon_name="warning", order=820)


@hooks.register("insert_global_admin_css")
def look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("register_icons")
def icons(known: list[str]) -> list[str]:
    """Wagtail has no arrow that turns back."""
    return [*known, "desk/icons/undo.svg"]

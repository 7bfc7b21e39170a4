"""Where people and the log appear on the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from fangtang.people.roles import Role
from fangtang.people.side_bar import RoleMenuItem


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern | URLResolver]:
    return [path("people/", include("fangtang.people.urls"))]


@hooks.register("register_admin_menu_item")
def people() -> MenuItem:
    return RoleMenuItem(_("People"), reverse_lazy("people:index"), roles=[Role.OPERATOR, Role.SECURITY_OFFICER], name="people", icon_name="group", order=700)


@hooks.register("register_admin_menu_item")
def units() -> MenuItem:
    keepers = [Role.OPERATOR, Role.SECURITY_OFFICER]
    return RoleMenuItem(_("Units"), reverse_lazy("people:units"), roles=keepers, name="units", icon_name="folder-open-inverse", order=710)


@hooks.register("register_admin_menu_item")
def events() -> MenuItem:
    return RoleMenuItem(_("Event log"), reverse_lazy("people:events"), roles=[Role.AUDITOR], name="events", icon_name="list-ul", order=720)

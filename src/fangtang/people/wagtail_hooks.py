"""Where people and the log appear on the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from fangtang.people import queries
from fangtang.people.roles import Role


class RoleMenuItem(MenuItem):
    """Shown to people who have one of the roles today."""

    def __init__(self, label: Any, url: Any, *, roles: Iterable[str], **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.roles = frozenset(roles)

    def is_shown(self, request: HttpRequest) -> bool:
        return any(duty.role in self.roles for duty in queries.duties(request.user, day=queries.today()))


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

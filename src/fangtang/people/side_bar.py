"""The desk's side bar: entries by role, and the person's name at its foot, where Wagtail would show the first name, which nobody has, or the login."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.telepath import register
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, MainMenuModule

from fangtang.people import queries


class RoleMenuItem(MenuItem):
    """Shown to people who have one of the roles today."""

    def __init__(self, label: Any, url: Any, *, roles: Iterable[str], **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.roles = frozenset(roles)

    def is_shown(self, request: HttpRequest) -> bool:
        return any(duty.role in self.roles for duty in queries.duties(request.user, day=queries.today()))


class NamedMenu(BaseSidebarAdapter):
    """Wagtail's menu with the full name of the person signed in."""

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, menu: MainMenuModule) -> list[Any]:
        entries, account, person = menu.js_args()
        return [entries, account, person | {"name": str(menu.user)}]


register(NamedMenu(), MainMenuModule)

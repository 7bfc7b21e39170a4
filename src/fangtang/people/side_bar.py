"""The person's name at the foot of the side bar: Wagtail would show the first name, which nobody has here, or the login."""

from __future__ import annotations

from typing import Any

from wagtail.admin.telepath import register
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, MainMenuModule


class NamedMenu(BaseSidebarAdapter):
    """Wagtail's menu with the full name of the person signed in."""

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, menu: MainMenuModule) -> list[Any]:
        entries, account, person = menu.js_args()
        return [entries, account, person | {"name": str(menu.user)}]


register(NamedMenu(), MainMenuModule)

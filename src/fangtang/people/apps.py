"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    name = "fangtang.people"

    def ready(self) -> None:
        from fangtang.people import checks, doors, side_bar, sign_in, wagtail_doors  # noqa: F401  registering is what their import does

        autodiscover_modules("access")

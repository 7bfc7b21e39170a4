"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "fangtang.media"

    def ready(self) -> None:
        from fangtang.media import actions, choosers, permissions
        from fangtang.people import registry

        permissions.install()
        choosers.install()
        registry.unit_opened.register("media.shelf")(actions.shelf_for)

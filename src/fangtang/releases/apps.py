"""Django's handle on this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "fangtang.releases"

    def ready(self) -> None:
        import_module("fangtang.releases.obstacles")
        import_module("fangtang.releases.legacy")
        import_module("fangtang.releases.sentences")
        import_module("fangtang.releases.pinned")
        import_module("fangtang.releases.sources")

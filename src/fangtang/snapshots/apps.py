"""Django's handle on this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    name = "fangtang.snapshots"

    def ready(self) -> None:
        import_module("fangtang.snapshots.listeners")
        import_module("fangtang.snapshots.sentences")

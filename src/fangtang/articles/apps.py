"""Django's handle on this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ArticlesConfig(AppConfig):
    name = "fangtang.articles"

    def ready(self) -> None:
        import_module("fangtang.articles.sources")
        autodiscover_modules("article_statuses")

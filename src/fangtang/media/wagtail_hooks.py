"""Where uploads appear on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from fangtang.media import views


@hooks.register("register_admin_urls")
def uploads() -> list[URLPattern]:
    return [path("uploads/<path:name>", views.upload, name="fangtang_uploads")]

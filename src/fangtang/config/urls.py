"""Every address of the dynamic side. Public pages are not here: they are files (`snapshots.serve`)."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("desk/documents/", include(wagtaildocs_urls)),
    path("desk/", include("fangtang.people.outer_urls")),
    path("desk/", include(wagtailadmin_urls)),
]

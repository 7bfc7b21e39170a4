"""The frame of every desk page: Wagtail's own header with the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def page(request: HttpRequest, template: str, *, title: str, icon: str, status: int = 200, **context: Any) -> HttpResponse:
    """A desk page under "Desk > title"."""
    trail = [{"url": reverse("wagtailadmin_home"), "label": _("Desk")}, {"url": "", "label": title}]
    frame = {"breadcrumbs_items": trail, "header_icon": icon, "header_title": title, "page_title": title}
    return render(request, template, frame | context, status=status)

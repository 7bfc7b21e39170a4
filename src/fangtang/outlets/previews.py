"""How a page that is not public yet is shown on the desk: for one pair of eyes, quietly. Home pages are drawn by whoever registered.

A preview loads nothing from elsewhere and runs nothing; no cache keeps it, no robot follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

from fangtang.outlets.registry import home_previews

if TYPE_CHECKING:
    from fangtang.outlets.models import Home

QUIET = "default-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'none'; form-action 'none'; frame-ancestors 'self'"
"""Content security policy of a preview: it shows, and does nothing."""


class WholeForms:
    """For Wagtail's previews of what is being typed: a form that no browser of ours sent (the count of blocks missing) is answered with 400."""

    def validate_form(self, form: Any) -> bool:
        try:
            return bool(super().validate_form(form))  # type: ignore[misc]  # Wagtail's view beside this mixin
        except (KeyError, ValueError) as broken:
            raise BadRequest from broken


def quiet(html: bytes) -> HttpResponse:
    """A drawn page as an answer of the desk."""
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = QUIET
    response["Referrer-Policy"] = "no-referrer"
    return response


def page(home: Home) -> HttpResponse:
    """The home page with the layout it has in memory, saved or not."""
    draw = next(iter(home_previews), None)
    return quiet(draw(home) if draw else escape(_("No theme is installed to draw a preview.")).encode())

"""How a page that is not public yet is shown on the desk: for one pair of eyes, quietly. Home pages are drawn by whoever registered.

A preview loads nothing from elsewhere and runs nothing; no cache keeps it, no robot follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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


_ORDER = re.compile(r"(.+)-\d+-order")


def whole(is_valid: Callable[[Any], bool], form: Any) -> bool:
    """Whether a form with blocks is valid; one that no browser of ours sent (parts missing, no JSON where JSON belongs) is answered with 400."""
    try:
        _look_at_blocks(form.data)
        return bool(is_valid(form))
    except (KeyError, ValueError) as broken:
        raise BadRequest from broken


def _look_at_blocks(sent: Mapping[str, Any]) -> None:
    """Raises ValueError for two blocks in one place, which Wagtail would compare, and for an id that no database holds."""
    taken: set[tuple[str, str]] = set()
    for name, value in sent.items():
        if name.endswith("-id") and "\0" in str(value):
            raise ValueError(name)
        found = _ORDER.fullmatch(name)
        if found and not sent.get(name.removesuffix("order") + "deleted"):
            place = (found[1], str(value).strip())
            if place in taken:
                raise ValueError(name)
            taken.add(place)


class WholeForms:
    """For Wagtail's previews of what is being typed (see `whole`)."""

    def validate_form(self, form: Any) -> bool:
        return whole(super().validate_form, form)  # type: ignore[misc]  # Wagtail's view beside this mixin


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

"""The one answer to every address that does not exist or that the person may not have: same status, same headers, same bytes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.users.models import UserProfile

from fangtang.people.models import User


def not_found(request: HttpRequest) -> HttpResponse:
    """The page in the language of the person; it says nothing about the address."""
    with translation.override(language_of(request)):
        return HttpResponse(render_to_string("people/not_found.html"), status=404, headers={"Cache-Control": "no-store"})


def language_of(request: HttpRequest) -> str:
    """The language that the person chose for the desk, else the body's."""
    if not isinstance(request.user, User):
        return translation.get_language() or ""
    profile = UserProfile.objects.filter(user=request.user).first()
    return profile.get_preferred_language() if profile else translation.get_language() or ""

"""The guard in front of every address: asks the declaration before anything else looks at the request.

It resolves the address itself, so that it stands before the CSRF check and before the router's own 404: an address that somebody may not
have, an address that does not exist and an object that does not exist give one and the same answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone, translation

from fangtang.kernel.sent import decimal_id
from fangtang.people import access, queries
from fangtang.people.not_found import language_of, not_found

Respond = Callable[[HttpRequest], HttpResponseBase]

HIDDEN = frozenset({403, 404})


class AccessGuard:
    """Refuses what is not declared, and whom the declaration does not admit; makes every refusal of a view look the same."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = _resolved(request)
        rule = access.declared(access.door(match)) if match else None
        if rule and rule.who is access.Who.PUBLIC and request.method in rule.methods:
            # Before somebody signed in, the browser knows a language; Wagtail's words for scripts are asked for by people signed in too.
            known = request.user.is_authenticated
            with translation.override(language_of(request) if known else translation.get_language_from_request(request)):
                return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        if match is None or rule is None or not _can_be(request, match) or not _admits(rule, request, match):
            return not_found(request)
        response = self.get_response(request)
        return not_found(request) if response.status_code in HIDDEN and not _is_csrf_failure(request) else response


access_guard = AccessGuard


def _resolved(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _can_be(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether a row can be called what the address calls it: no null character, no number with more digits than a database counts."""
    asked = [text for name, values in request.GET.lists() for text in (name, *values)]
    captured = [value for value in (*match.args, *match.kwargs.values()) if str(value).isdecimal()]
    return not any("\0" in text for text in (request.path_info, *asked)) and None not in map(decimal_id, captured)


def _admits(rule: access.Access, request: HttpRequest, match: ResolverMatch) -> bool:
    if request.method not in rule.methods:
        return False
    duties = queries.duties(request.user, day=queries.today(timezone.now()))
    return rule.admits(duties, request, match.kwargs or {str(place): value for place, value in enumerate(match.args)})


def _is_csrf_failure(request: HttpRequest) -> bool:
    """Django's own 403 for a form without its token, which a person must be able to read; the CSRF check marks every request that it let through."""
    return not getattr(request, "csrf_processing_done", False)

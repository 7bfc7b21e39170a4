"""Worklists, a page at a time."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from fangtang.desk import worklists
from fangtang.desk.pages import page
from fangtang.people.models import User
from fangtang.people.queries import today

ROWS_A_PAGE = 25


def worklist(request: HttpRequest, name: str) -> HttpResponse:
    """One worklist of the person signed in."""
    wanted = worklists.WORKLISTS.get(name)
    if wanted is None:
        raise Http404
    found = wanted.rows(cast(User, request.user), today())
    some = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("p"))
    rows = [wanted.present(row) for row in worklists.some(found, (some.number - 1) * ROWS_A_PAGE, some.number * ROWS_A_PAGE)]
    elided = some.paginator.get_elided_page_range(some.number)
    context: dict[str, Any] = {"worklist": wanted, "rows": rows, "items": some, "tabs": worklists.WORKLISTS.values(), "elided": elided}
    return page(request, "desk/worklist.html", title=str(wanted.title), icon=wanted.icon, **context)

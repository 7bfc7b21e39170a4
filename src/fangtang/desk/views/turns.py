"""A turn: its record, the text as it will read, and what editors and chief editors may do with it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fangtang.articles import presenters as articles
from fangtang.articles import previews
from fangtang.articles.models import Article
from fangtang.desk import comparing, forms, presenters, worklists
from fangtang.desk.pages import page
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible
from fangtang.people.models import User
from fangtang.people.queries import today
from fangtang.people.roles import Role
from fangtang.reviews import actions, states
from fangtang.reviews import presenters as review_presenters
from fangtang.reviews import queries as reviews
from fangtang.reviews.models import Turn


def reading_of(turn: Turn) -> dict[str, Any]:
    """What every page about a turn shows."""
    content: Article = turn.revision.as_object()
    before = worklists.last_released_content(turn)
    return {
        "turn": turn,
        "content": content,
        "facts": list(articles.facts_of(content)),
        "places": presenters.places_of(content),
        "steps": presenters.steps_of(turn),
        "turn_status": review_presenters.TURN_STATUS[turn.status],
        "writers": "、".join(map(str, turn.writers.order_by("pk"))),
        "comparison": comparing.pieces(comparing.lines_of(before), comparing.lines_of(content)) if before else None,
        "opened_at": presenters.moment(turn.opened_at),
    }


def turn(request: HttpRequest, turn_id: int) -> HttpResponse:
    """The record of a turn, open or over."""
    return _shown(request, _turn(turn_id))


def text(request: HttpRequest, turn_id: int) -> HttpResponse:
    """The text of the turn's revision as it will read on a site (`?site=`, the key of one on which it is placed); for a frame."""
    return previews.of_revision(_turn(turn_id).revision, request.GET.get("site", ""))


def send_back(request: HttpRequest, turn_id: int) -> HttpResponse:
    """A chief editor returns a passed turn."""
    wanted = _turn(turn_id)
    form = forms.ReturnForm(request.POST)
    if not form.is_valid():
        return _shown(request, wanted, return_form=form, status=422)
    try:
        actions.return_passed(wanted, comment=form.cleaned_data["comment"], by=cast(User, request.user), now=timezone.now())
    except NotAllowed as denied:
        raise Http404 from denied
    except (NotPossible, Invalid) as refused:
        return _shown(request, wanted, return_form=form, errors=presenters.sentences(refused), status=refused.status)
    messages.success(request, _("Returned: “%(title)s”.") % {"title": wanted.title})
    return redirect("desk:turn", wanted.pk)


def recall(request: HttpRequest, turn_id: int) -> HttpResponse:
    """An editor takes the text back."""
    wanted = _turn(turn_id)
    try:
        actions.recall(wanted, by=cast(User, request.user), now=timezone.now())
    except NotAllowed as denied:
        raise Http404 from denied
    except NotPossible as refused:
        return _shown(request, wanted, errors=presenters.sentences(refused), status=refused.status)
    messages.success(request, _("Taken back: “%(title)s”.") % {"title": wanted.title})
    return redirect("desk:turn", wanted.pk)


def _turn(turn_id: int) -> Turn:
    return get_object_or_404(Turn.objects.select_related("unit", "revision", "opened_by"), pk=turn_id)


def _shown(request: HttpRequest, wanted: Turn, *, status: int = 200, **extra: Any) -> HttpResponse:
    wanted.refresh_from_db(fields=["status"])
    person, day = cast(User, request.user), today()
    may = {role: reviews.post_for(person, role=role, unit=wanted.unit, day=day) is not None for role in (Role.EDITOR, Role.CHIEF_EDITOR)}
    context = {
        "obstacles": presenters.said(reviews.obstacles_to_reading(wanted, day=day)),
        "may_write": may[Role.EDITOR] and wanted.status in (states.RETURNED, states.RECALLED),
        "may_recall": may[Role.EDITOR] and wanted.status in reviews.LIVE,
        "may_return": may[Role.CHIEF_EDITOR] and wanted.status == states.PASSED,
        "may_sign": may[Role.CHIEF_EDITOR] and wanted.status == states.PASSED,
        "return_form": forms.ReturnForm(),
    }
    title = _("Turn %(number)d") % {"number": wanted.number}
    return page(request, "desk/turn.html", title=title, icon="history", status=status, **(context | reading_of(wanted) | extra))

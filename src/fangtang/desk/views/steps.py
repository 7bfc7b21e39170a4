"""A step: the text, what is known about it, the turn so far, and the verdict."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fangtang.desk import forms, presenters, worklists
from fangtang.desk.pages import page
from fangtang.desk.views.turns import reading_of
from fangtang.kernel.errors import FangtangError, Invalid, NotAllowed, NotPossible, Stale
from fangtang.kernel.sent import decimal_id
from fangtang.people.models import User
from fangtang.people.queries import today
from fangtang.reviews import actions, policies, states
from fangtang.reviews import presenters as review_presenters
from fangtang.reviews import queries as reviews
from fangtang.reviews.marks import MOST_MARKS
from fangtang.reviews.models import Step, StepKind

VERDICTS = {"approve": states.APPROVED, "return": states.SENT_BACK}


def step(request: HttpRequest, step_id: int) -> HttpResponse:
    """Show the step (GET) or take it (POST). A second click on a verdict already given leads on as the first did."""
    wanted = get_object_or_404(Step.objects.select_related("turn", "turn__unit", "turn__revision"), pk=step_id)
    if request.method != "POST":
        return _shown(request, wanted, form=_form(wanted), marks=_marks(wanted))
    form, marks = _form(wanted, request), _marks(wanted, request)
    verdict = request.POST.get("verdict", "")
    if verdict not in VERDICTS or not (form.is_valid() and (marks is None or marks.is_valid())):
        return _shown(request, wanted, form=form, marks=marks, status=422 if verdict else 200)
    try:
        _take(wanted, verdict, form=form.cleaned_data, marks=marks, by=cast(User, request.user))
    except NotAllowed as denied:
        raise Http404 from denied
    except (NotPossible, Stale, Invalid) as refused:
        if _is_taken(wanted, verdict, by=cast(User, request.user)):
            return _onward(request, wanted, verdict)
        return _shown(request, wanted, form=form, marks=marks, refused=refused, status=refused.status)
    return _onward(request, wanted, verdict)


def _take(wanted: Step, verdict: str, *, form: dict[str, Any], marks: Any, by: User) -> None:
    seen = {"seen_sha256": form["seen_sha256"], "comment": form["comment"], "by": by, "now": timezone.now()}
    made = [mark.cleaned_data for mark in marks if mark.cleaned_data] if marks is not None else []
    if verdict == "return":
        actions.send_back(wanted, marks=made, **seen)
    elif wanted.kind == StepKind.PROOFREAD:
        actions.proofread(wanted, marks=made, signature=form["signature"], **seen)
    else:
        actions.approve(wanted, **seen)


def _is_taken(wanted: Step, verdict: str, *, by: User) -> bool:
    return Step.objects.filter(pk=wanted.pk, by=by, status=VERDICTS[verdict]).exists()


def _onward(request: HttpRequest, taken: Step, verdict: str) -> HttpResponse:
    """To the next step that waits for this person, else to the list."""
    done = _("Approved: “%(title)s”.") if verdict == "approve" else _("Returned: “%(title)s”.")
    messages.success(request, done % {"title": taken.turn.title})
    following = worklists.next_waiting(cast(User, request.user), day=today(), after=taken)
    return redirect("desk:step", following.pk) if following else redirect("desk:work", "waiting")


def _form(wanted: Step, request: HttpRequest | None = None) -> forms.VerdictForm:
    kind = forms.ProofreadForm if wanted.kind == StepKind.PROOFREAD else forms.VerdictForm
    return kind(request.POST if request else None, initial={"seen_sha256": wanted.turn.content_sha256})


def _marks(wanted: Step, request: HttpRequest | None = None) -> Any:
    """The marks' form set of a proofread; None for a review. "More rows" asks for empty ones without losing any."""
    if wanted.kind != StepKind.PROOFREAD:
        return None
    if request is None:
        return forms.MarkForms(prefix="marks")
    posted = request.POST.copy()
    total = decimal_id(posted.get("marks-TOTAL_FORMS", ""))
    if "more" in posted and total is not None:
        posted["marks-TOTAL_FORMS"] = str(min(total + 3, MOST_MARKS))
    return forms.MarkForms(posted, prefix="marks")


def _shown(request: HttpRequest, wanted: Step, *, form: forms.VerdictForm, marks: Any, refused: FangtangError | None = None, status: int = 200) -> HttpResponse:
    person = cast(User, request.user)
    wanted.refresh_from_db(fields=["status", "by"])
    wanted.turn.refresh_from_db(fields=["status"])
    has_post = reviews.post_for(person, role=wanted.role, unit=wanted.turn.unit, day=today()) is not None
    obstacles = policies.may_take(reviews.reading_of(wanted), person_id=person.pk, has_post=has_post)
    able = reviews.eligible(wanted, day=today()) if wanted.status == states.DUE else User.objects.none()
    return page(
        request,
        "desk/step.html",
        title=review_presenters.step_name(wanted.kind, wanted.level),
        icon="glasses",
        status=status,
        step=wanted,
        form=form,
        marks=marks,
        errors=presenters.sentences(refused) if refused else [],
        obstacles=presenters.said(obstacles),
        able="、".join(map(str, able[:8])),
        is_proofread=wanted.kind == StepKind.PROOFREAD,
        **reading_of(wanted.turn),
    )

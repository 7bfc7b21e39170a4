"""Review plans, for the managers of sites and for operators."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fangtang.desk import forms
from fangtang.desk.pages import page
from fangtang.kernel.errors import Invalid, NotAllowed
from fangtang.outlets.models import Site
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.reviews import plan_actions, presenters
from fangtang.reviews import plans as plan_values
from fangtang.reviews import queries as reviews
from fangtang.reviews.models import ReviewPlan, Sensitivity


def plans(request: HttpRequest) -> HttpResponse:
    """The plans of the sites this person manages, and what counts where there is none."""
    found = reviews.plans_managed_by(cast(User, request.user), day=people.today())
    rows = [(plan, _names(plan.steps)) for plan in found]
    defaults = [(Sensitivity(sensitivity).label, _names(steps)) for sensitivity, steps in plan_values.DEFAULT.items()]
    return page(request, "desk/plans.html", title=_("Review plans"), icon="list-ol", rows=rows, defaults=defaults)


def add(request: HttpRequest) -> HttpResponse:
    """A new plan."""
    person, day = cast(User, request.user), people.today()
    sites = Site.objects.filter(unit__in=people.units_of(person, roles={Role.SITE_MANAGER, Role.OPERATOR}, day=day)).order_by("name")
    is_operator = any(duty.role == Role.OPERATOR for duty in people.duties(person, day=day))
    form = forms.NewPlanForm(request.POST or None, sites=sites, is_operator=is_operator)
    if request.method == "POST" and form.is_valid():
        place = {"section": form.cleaned_data["section"]} if form.cleaned_data["section"] else {"site": form.cleaned_data["site"]}
        sensitivity = form.cleaned_data["sensitivity"]
        try:
            plan_actions.lay_down(name=form.cleaned_data["name"], steps=form.steps, sensitivity=sensitivity, by=person, now=timezone.now(), **place)
        except NotAllowed as denied:
            raise Http404 from denied
        except Invalid as wrong:
            form.add_error(None, presenters.sentence(wrong.code, wrong.data))
        else:
            return _done(request, _("The plan counts from now on."))
    return _form_page(request, form, title=_("New review plan"))


def change(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Another name or other steps."""
    plan = _plan(request, plan_id)
    form = forms.PlanForm(request.POST or None, steps=plan.steps, initial={"name": plan.name})
    if request.method == "POST" and form.is_valid():
        try:
            plan_actions.change_plan(plan, name=form.cleaned_data["name"], steps=form.steps, by=cast(User, request.user), now=timezone.now())
        except Invalid as wrong:
            form.add_error(None, presenters.sentence(wrong.code, wrong.data))
        else:
            return _done(request, _("The plan counts from now on."))
    return _form_page(request, form, title=plan.name, plan=plan)


def delete(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Remove a plan, after asking."""
    plan = _plan(request, plan_id)
    if request.method == "POST":
        plan_actions.drop_plan(plan, by=cast(User, request.user), now=timezone.now())
        return _done(request, _("The plan is gone; the next wider one counts."))
    return page(request, "desk/plan_delete.html", title=plan.name, icon="bin", plan=plan, steps=_names(plan.steps))


def _plan(request: HttpRequest, plan_id: int) -> ReviewPlan:
    return get_object_or_404(reviews.plans_managed_by(cast(User, request.user), day=people.today()), pk=plan_id)


def _names(steps: list[str] | tuple[str, ...]) -> str:
    return " → ".join(presenters.step_name(*plan_values.split(name)) for name in steps)


def _form_page(request: HttpRequest, form: forms.PlanForm, *, title: str, plan: ReviewPlan | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, "desk/plan.html", title=title, icon="list-ol", status=status, form=form, plan=plan)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("desk:plans")

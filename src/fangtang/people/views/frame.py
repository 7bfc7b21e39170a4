"""What the pages share: Wagtail's frame, and a form whose decision is one action."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from fangtang.kernel.errors import FangtangError, Invalid, NotAllowed, NotPossible
from fangtang.people import presenters, queries
from fangtang.people.models import Reach, Unit, User
from fangtang.people.roles import Role

PEOPLE = {"url": reverse_lazy("people:index"), "label": _("People")}
UNITS = {"url": reverse_lazy("people:units"), "label": _("Units")}
KEEPERS = (Role.OPERATOR, Role.SECURITY_OFFICER)


def asker(request: HttpRequest) -> User:
    """Who asks; the guard lets nobody else through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def today() -> date:
    """The body's day."""
    return queries.today(timezone.now())


def operated(request: HttpRequest) -> QuerySet[Unit]:
    """The units for which the asker is operator."""
    return queries.units_of(asker(request), roles=[Role.OPERATOR], day=today())


def opened_below(request: HttpRequest) -> QuerySet[Unit]:
    """The units below which the asker may open others: operated with everything under them."""
    reaching = [duty.unit_path for duty in queries.duties(asker(request), day=today()) if duty.role == Role.OPERATOR and duty.reach == Reach.BELOW]
    below = Q(pk__in=[])
    for path in reaching:
        below |= Q(path__startswith=path)
    return Unit.objects.filter(below)


def reached(request: HttpRequest) -> QuerySet[Unit]:
    """The units whose people the asker may see."""
    return queries.units_of(asker(request), roles=KEEPERS, day=today())


class DecisionView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """A form whose sending is one action. What the action refuses is said above the form, and nothing typed is lost."""

    template_name = "people/decision.html"
    submit_label: Any = _("Save")
    done: Any = ""
    explanation: Any = ""
    trail: ClassVar[list[dict[str, Any]]] = [PEOPLE]

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        """Call the action; the address to go to next."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            following = self.decide(form, by=asker(self.request), now=timezone.now())
        except NotAllowed:
            raise Http404 from None
        except (NotPossible, Invalid) as error:
            return self._refused(form, error)
        messages.success(self.request, self.done)
        return HttpResponseRedirect(following)

    def _refused(self, form: forms.Form, error: FangtangError) -> HttpResponse:
        for sentence in presenters.sentences(error):
            form.add_error(None, str(sentence))
        return self.form_invalid(form)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), *self.trail, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {**found, "submit_label": self.submit_label, "explanation": self.explanation, "media": found["form"].media}


def back_to(name: str, *args: object) -> str:
    """The address of a page of ours."""
    return redirect(name, *args).url

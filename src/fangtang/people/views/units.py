"""The tree of units."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from fangtang.people import actions, queries
from fangtang.people.forms import NewUnitForm, UnitForm
from fangtang.people.models import Unit, User
from fangtang.people.views.frame import UNITS, DecisionView, back_to, opened_below, operated, reached, today


class UnitsView(WagtailAdminTemplateMixin, TemplateView):
    """The units within reach in the order of the tree, with how many people hold a post there today."""

    template_name = "people/units.html"
    page_title = _("Units")
    header_icon = "folder-open-inverse"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = Count("posts__user", filter=Q(queries.in_force(today(), prefix="posts__")), distinct=True)
        units = list(reached(self.request).annotate(people=held).order_by("path"))
        top = min((unit.depth for unit in units), default=1)
        rows = [(unit, unit.depth - top) for unit in units]
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "operated": set(operated(self.request).values_list("pk", flat=True)),
            "may_open": opened_below(self.request).exists(),
        }


class OpenUnitView(DecisionView):
    """A new unit below one that the asker operates."""

    page_title = _("Open a unit")
    header_icon = "folder-open-inverse"
    form_class = NewUnitForm
    submit_label = _("Open")
    done = _("The unit is open.")
    trail = [UNITS]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "units": opened_below(self.request)}

    def get_initial(self) -> dict[str, Any]:
        return {"under": self.request.GET.get("under")}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        actions.open_unit(by=by, now=now, **form.cleaned_data)
        return back_to("people:units")


class ChangeUnitView(DecisionView):
    """What a unit is called."""

    page_title = _("Change a unit")
    header_icon = "folder-open-inverse"
    form_class = UnitForm
    done = _("The unit is changed.")
    trail = [UNITS]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.unit = get_object_or_404(Unit, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.unit.name, "short_name": self.unit.short_name, "kind": self.unit.kind}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        actions.change_unit(self.unit, by=by, now=now, **form.cleaned_data)
        return back_to("people:units")

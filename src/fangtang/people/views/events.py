"""The event log for auditors: what happened in the units within their reach. The log itself lies below this room (`audit.queries`)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from fangtang.audit import queries as audit
from fangtang.audit.models import Event
from fangtang.audit.queries import Mark, Wanted
from fangtang.kernel.sent import decimal_id
from fangtang.people import queries
from fangtang.people.forms import YEARS, DayField
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role
from fangtang.people.views.frame import asker, today

PAGE = 50


class FilterForm(forms.Form):
    """What is looked for."""

    verb = forms.RegexField(
        r"^[a-z_]+\.[a-z_]*$", label=_("Act"), required=False, help_text=_("For example people.appoint, or people. for everything about people.")
    )
    by = forms.CharField(label=_("Login name of the person"), required=False)
    subject = forms.CharField(label=_("Subject"), required=False, help_text=_("For example people.user:12"))
    since = DayField(label=_("From"), required=False, widget=AdminDateInput)
    until = DayField(label=_("Until"), required=False, widget=AdminDateInput)

    def wanted(self, request: HttpRequest) -> Wanted:
        """What the form asks for, within reach. A name that nobody has finds nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        return Wanted(
            verb=asked.get("verb", ""),
            by_id=_person(asked.get("by", "")),
            subject=asked.get("subject", ""),
            since=_start(asked["since"]) if asked.get("since") else None,
            until=_start(asked["until"] + timedelta(days=1)) if asked.get("until") else None,
            unit_ids=_within_reach(request),
        )


class EventsView(WagtailAdminTemplateMixin, TemplateView):
    """One page of events, newest first. There is no number of pages: nobody counts a million rows to show fifty."""

    template_name = "people/events.html"
    page_title = _("Event log")
    header_icon = "list-ul"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FilterForm(self.request.GET)
        found = list(audit.events(form.wanted(self.request), after=_mark(self.request)).select_related("by")[: PAGE + 1])
        shown = found[:PAGE]
        asked = urlencode({name: self.request.GET.get(name, "") for name in form.fields if self.request.GET.get(name)})
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "media": form.media,
            "rows": [(event, sorted(event.facts.items())) for event in shown],
            "unit_names": dict(Unit.objects.filter(pk__in={event.unit_id for event in shown}).values_list("pk", "name")),
            "asked": asked,
            "is_first": "seq" not in self.request.GET,
            "older": urlencode({"at": shown[-1].at.isoformat(), "seq": shown[-1].seq}) if len(found) > PAGE else "",
        }


def csv_of_events(request: HttpRequest) -> StreamingHttpResponse:
    """The same events as a sheet, sent row by row."""
    wanted = FilterForm(request.GET).wanted(request)
    answer = StreamingHttpResponse(_lines(audit.each(wanted)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="events-{today():%Y%m%d}.csv"'
    return answer


class _Echo:
    """What csv.writer needs of a file: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(events: Iterable[Event]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([gettext("Number"), gettext("At"), gettext("Act"), gettext("By"), gettext("Subject"), gettext("Unit"), gettext("Facts")])
    for event in events:
        by = event.by.get_username() if event.by else ""
        cells = [event.seq, event.at.isoformat(), event.verb, by, event.subject, event.unit_id or "", _told(event)]
        yield writer.writerow([_harmless(str(cell)) for cell in cells])


def _harmless(cell: str) -> str:
    """A spreadsheet runs what starts like a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _told(event: Event) -> str:
    return json.dumps(event.facts, ensure_ascii=False, sort_keys=True) if event.facts else ""


def _within_reach(request: HttpRequest) -> frozenset[int] | None:
    """The units that the auditor reaches; None when that is every unit, so that events of the whole body are seen too."""
    reached = frozenset(queries.units_of(asker(request), roles=[Role.AUDITOR], day=today()).values_list("pk", flat=True))
    return None if len(reached) == Unit.objects.count() else reached


def _person(username: str) -> int | None:
    if not username:
        return None
    return User.objects.filter(username=username.strip()).values_list("pk", flat=True).first() or -1


def _start(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _mark(request: HttpRequest) -> Mark | None:
    """Where the page before ended; None for anything that is no such place."""
    seq = decimal_id(request.GET.get("seq", ""))
    try:
        at = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        return None
    return Mark(at, seq) if at and at.year in YEARS and timezone.is_aware(at) and seq is not None else None

"""What stands on the public sites, and what the guard found there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fangtang.desk import forms, presenters
from fangtang.desk.pages import page
from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.outlets.models import Site
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.snapshots import actions, queries
from fangtang.snapshots import presenters as snapshots_in_words
from fangtang.snapshots.models import Built, Incident
from fangtang.snapshots.store import Layout
from fangtang.snapshots.store.records import believed

ROWS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on a site: the number of its snapshot and since when, until when the signed record holds, and what is the matter; "" for nothing."""

    site: Site
    serial: int | None
    since: str
    until: str
    trouble: str


def snapshots(request: HttpRequest) -> HttpResponse:
    """Every site of the units that this person watches."""
    units = people.units_of(cast(User, request.user), roles=queries.WATCHING, day=people.today())
    found = Paginator(Site.objects.filter(unit__in=units).select_related("unit", "wagtail_site").order_by("name"), ROWS_A_PAGE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {"items": found, "elided": found.paginator.get_elided_page_range(found.number)}
    return page(request, "desk/snapshots.html", title=_("Public sites"), icon="globe", rows=_standings(list(found)), **context)


def _standings(sites: list[Site]) -> list[Standing]:
    layout, built = Layout(Path(settings.SNAPSHOT_ROOT)), Built.objects.in_bulk([site.pk for site in sites])
    return [_standing(site, layout, built.get(site.pk)) for site in sites]


def _standing(site: Site, layout: Layout, built: Built | None) -> Standing:
    try:
        document = layout.record(site.key)
        record = believed(document) if document else None
    except (Invalid, OSError):
        return Standing(site, None, "", "", _("The signed record cannot be read."))
    if record is None:
        return Standing(site, None, "", "", _("It was never built."))
    trouble = _trouble(is_on_record=layout.current(site.key) == record.snapshot.root_sha256, is_expired=record.is_expired(timezone.now()), built=built)
    return Standing(site, record.snapshot.serial, presenters.moment(record.snapshot.at), presenters.moment(record.expires), trouble)


def _trouble(*, is_on_record: bool, is_expired: bool, built: Built | None) -> str:
    if not is_on_record:
        return _("What is served is not what was signed.")
    if is_expired:
        return _("The signed record has expired: mirrors no longer believe it. Does the sweeper run?")
    if built is None or built.is_stale or built.pending:
        return _("Changes wait to be built.")
    if not built.root_sha256:
        return _("An earlier snapshot was put back; it stands until the next release.")
    return ""


def incidents(request: HttpRequest) -> HttpResponse:
    """What the guard told, that which nobody has looked at first."""
    wanted = queries.incidents_for(cast(User, request.user), day=people.today()).select_related("seen_by").prefetch_related("sites")
    found = Paginator(wanted, ROWS_A_PAGE).get_page(request.GET.get("p"))
    rows = [presenters.incident_row(incident) for incident in found]
    elided = found.paginator.get_elided_page_range(found.number)
    return page(request, "desk/incidents.html", title=_("Incidents"), icon="warning", rows=rows, items=found, elided=elided)


def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """What was foreign where, what was done about it, and a word on what came of it."""
    found = get_object_or_404(Incident.objects.select_related("seen_by").prefetch_related("sites"), pk=incident_id)
    form = forms.IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.look_at(found, note=form.cleaned_data["note"], by=cast(User, request.user), now=timezone.now())
        except Invalid:
            form.add_error("note", _("Say what came of it."))
        except NotPossible:
            form.add_error(None, _("Somebody else has looked at it meanwhile."))
            found.refresh_from_db()
        else:
            messages.success(request, _("Noted."))
            return redirect("desk:incidents")
    context: dict[str, Any] = {
        "incident": found,
        "kind": snapshots_in_words.kind(found.kind),
        "noticed": snapshots_in_words.noticed(found.noticed),
        "state": snapshots_in_words.state(found.count, found.restored),
        "at": presenters.moment(found.at),
        "places": [place | {"said": snapshots_in_words.kind(place.get("reason", ""))} for place in found.places],
        "more": found.count - len(found.places),
        "about": sorted(found.about.items()),
        "seen_at": presenters.moment(found.seen_at),
        "form": form,
    }
    return page(request, "desk/incident.html", title=_("Incident"), icon="warning", status=422 if form.errors else 200, **context)

"""The desk's home: incidents, and each worklist with its count and its first rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from fangtang.desk import presenters, worklists
from fangtang.people import queries as people
from fangtang.snapshots import queries as snapshots

ROWS = 5


class WorkPanel(Component):
    """One worklist in brief."""

    template_name = "desk/work_panel.html"

    def __init__(self, request: HttpRequest, worklist: worklists.Worklist, *, order: int) -> None:
        self.worklist = worklist
        self.order = order
        rows = worklist.rows(request.user, people.today())  # type: ignore[arg-type]  # the guard lets nobody anonymous in
        self.count = rows.count()
        self.rows = [worklist.present(row) for row in worklists.some(rows, 0, ROWS)] if self.count else []

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"worklist": self.worklist, "count": self.count, "rows": self.rows, "more": self.count - len(self.rows)}


class IncidentsPanel(Component):
    """Incidents that nobody has looked at: before everything else."""

    template_name = "desk/incidents_panel.html"
    order = -1

    def __init__(self, request: HttpRequest) -> None:
        found = snapshots.unseen_for(request.user, day=people.today())  # type: ignore[arg-type]  # the guard lets nobody anonymous in
        self.count = found.count()
        self.rows = [presenters.incident_row(row) for row in found[:ROWS]] if self.count else []

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"count": self.count, "rows": self.rows, "more": self.count - len(self.rows)}


def panels_for(request: HttpRequest) -> list[Component]:
    """Incidents to look at; the worklists in their order: those with something in them, and the empty ones that belong to the person's posts."""
    roles = {duty.role for duty in people.duties(request.user, day=people.today())}
    found = [WorkPanel(request, worklist, order=order) for order, worklist in enumerate(worklists.WORKLISTS.values())]
    shown: list[Component] = [panel for panel in found if panel.count or panel.worklist.roles & roles]
    incidents = IncidentsPanel(request) if roles & snapshots.WATCHING else None
    return [incidents, *shown] if incidents and incidents.count else shown

"""What people ask of the event log: all about one subject, all by one person, a page of what happened. Read-only.

Nothing here counts: a log of a million events is read in pages, newest first, each starting where the one before ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q

from fangtang.audit.models import Event, Events
from fangtang.audit.subjects import subject_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events. Everything None or "": all of them.

    `verb` is a whole one ("people.appoint") or a room with its dot ("people."). `since` and `until` are aware moments, `until` excluded.
    `unit_ids` limits to units; None: no limit, events of the whole body included.
    """

    verb: str = ""
    by_id: int | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    unit_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two events: everything after it is older."""

    at: datetime
    seq: int


def of_subject(row: models.Model) -> Events:
    """Everything that happened to a row, oldest first."""
    return Event.objects.filter(subject=subject_name(row)).order_by("seq")


def by_person(user_id: int) -> Events:
    """Everything that a person did, newest first."""
    return Event.objects.filter(by=user_id).order_by("-at", "-seq")


def events(wanted: Wanted, *, after: Mark | None = None) -> Events:
    """The wanted events, newest first, older than the mark."""
    found = Event.objects.filter(_condition(wanted)).order_by("-at", "-seq")
    return found.filter(Q(at__lt=after.at) | Q(at=after.at, seq__lt=after.seq), at__lte=after.at) if after else found


def each(wanted: Wanted, *, chunk: int = 2000) -> Iterator[Event]:
    """All wanted events, newest first, read chunk by chunk, so that neither memory nor a cursor is held for a million of them."""
    mark: Mark | None = None
    while page := list(events(wanted, after=mark).select_related("by")[:chunk]):
        yield from page
        mark = Mark(page[-1].at, page[-1].seq)


def _condition(wanted: Wanted) -> Q:
    found = Q()
    if wanted.verb.endswith("."):
        # Not as a range: databases would then sort everything of the room instead of walking by time until the page is full.
        found &= Q(verb__startswith=wanted.verb)
    elif wanted.verb:
        found &= Q(verb=wanted.verb)
    if wanted.by_id is not None:
        found &= Q(by=wanted.by_id)
    if wanted.subject:
        found &= Q(subject=wanted.subject)
    if wanted.since:
        found &= Q(at__gte=wanted.since)
    if wanted.until:
        found &= Q(at__lt=wanted.until)
    if wanted.unit_ids is not None:
        found &= Q(unit_id__in=wanted.unit_ids)
    return found

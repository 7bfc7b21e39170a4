"""The worklists: what waits for a person, what of theirs is on its way, what went out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangtang.articles.models import Article
from fangtang.desk import presenters
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import PUBLISHING, REVIEWERS, Role
from fangtang.releases import queries as releases
from fangtang.releases.models import Release
from fangtang.reviews import queries as reviews
from fangtang.reviews.models import Step, Turn

Lists = Callable[[User, date], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Worklist:
    """One list of the desk: its name in addresses, its title, what to say when it is empty, its rows and how one is shown.

    People with one of `roles` see it on their home page also when it is empty.
    """

    name: str
    title: Promise
    empty: Promise
    icon: str
    rows: Lists
    present: Callable[[Any], presenters.Row]
    roles: frozenset[str] = frozenset()


def some(rows: QuerySet[Any], start: int, stop: int) -> list[Any]:
    """These rows of a list, in its order: their ids first, so that nothing long is read or sorted besides them."""
    return list(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[start:stop])))


def _waiting(person: User, day: date) -> QuerySet[Step]:
    return reviews.waiting_for(person, day=day)


def _barred(person: User, day: date) -> QuerySet[Step]:
    return reviews.barred_for(person, day=day)


def _mine(person: User, day: date) -> QuerySet[Turn]:
    return reviews.mine_in_review(person).filter(unit__in=people.units_of(person, roles=PUBLISHING, day=day))


def _returned(person: User, day: date) -> QuerySet[Turn]:
    return reviews.returned_to(person).filter(unit__in=people.units_of(person, roles=PUBLISHING, day=day))


def _ready(person: User, day: date) -> QuerySet[Turn]:
    return reviews.ready_for(person, day=day)


def _released(person: User, day: date) -> QuerySet[Release]:
    return releases.recent(units=people.units_of(person, roles=PUBLISHING, day=day))


WORKLISTS = {
    worklist.name: worklist
    for worklist in (
        Worklist(
            "waiting", _("Waiting for me"), _("Nothing waits for you."), "glasses", _waiting, presenters.step_row, frozenset({Role.PROOFREADER, *REVIEWERS})
        ),
        Worklist("ready", _("Ready to sign"), _("Nothing waits for your signature."), "edit", _ready, presenters.ready_row, frozenset({Role.CHIEF_EDITOR})),
        Worklist("returned", _("Returned to me"), _("Nothing was returned to you."), "undo", _returned, presenters.turn_row),
        Worklist("mine", _("Mine in review"), _("Nothing of yours is being read."), "time", _mine, presenters.turn_row, frozenset({Role.EDITOR})),
        Worklist("released", _("Recently released"), _("Nothing was released yet."), "upload", _released, presenters.release_row, frozenset(PUBLISHING)),
        Worklist("barred", _("For somebody else"), _("Nothing waits that only others may read."), "lock", _barred, presenters.step_row),
    )
}


def next_waiting(person: User, *, day: date, after: Step | None = None) -> Step | None:
    """The next step that this person may take, the oldest first; not the one just taken."""
    return reviews.waiting_for(person, day=day).exclude(pk=after.pk if after else 0).first()


def last_released_content(turn: Turn) -> Article | None:
    """The article as it last went out before this turn; None when it never did."""
    last = Release.objects.filter(article_id=turn.object_id, at__lt=turn.opened_at).exclude(kind="withdraw").select_related("revision").last()
    return last.revision.as_object() if last else None

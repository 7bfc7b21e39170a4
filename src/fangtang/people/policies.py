"""May somebody be appointed, stand in, be dismissed? Pure: plain values in, obstacles out.

The separation of the three offices (operator, security officer, auditor: 三员分立) follows GB/T 22239-2019, 8.1.5: system, audit and security
administration are three people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fangtang.kernel.errors import Obstacle

OFFICES = frozenset({"operator", "security_officer", "auditor"})


@dataclass(frozen=True, slots=True)
class Term:
    """A role for some days, both included; `ends_on` None: no end. `unit_id` is the unit it is held in."""

    role: str
    unit_id: int
    starts_on: date
    ends_on: date | None

    def overlaps(self, other: Term) -> bool:
        """Whether there is a day on which both are held."""
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)


def obstacles_to_holding(wanted: Term, *, held: Iterable[Term]) -> tuple[Obstacle, ...]:
    """Why somebody who holds these terms cannot hold another: days the wrong way round, the same post twice, two of the three offices at once."""
    meanwhile = [term for term in held if term.overlaps(wanted)]
    return (*_wrong_days(wanted), *_held_already(wanted, meanwhile), *_second_office(wanted, meanwhile))


def obstacles_to_deciding(*, by_id: int | None, user_id: int) -> tuple[Obstacle, ...]:
    """Why this person may not give that one a post: nobody gives one to themselves. `by_id` None is the machine that sets up an instance."""
    return (Obstacle("people.not_yourself"),) if by_id == user_id else ()


def obstacles_to_standing_in(wanted: Term, *, post: Term, is_holder: bool) -> tuple[Obstacle, ...]:
    """Why somebody cannot stand in for a post on these days: they hold it, or it is not held on all of them."""
    found = [Obstacle("people.stands_in_for_oneself")] if is_holder else []
    if wanted.starts_on < post.starts_on or (post.ends_on and (wanted.ends_on or date.max) > post.ends_on):
        found.append(Obstacle("people.stand_in_outside_post"))
    return tuple(found)


def obstacles_to_ending(*, ends_on: date, post: Term) -> tuple[Obstacle, ...]:
    """Why a post cannot end on this day: dismissing shortens, it never prolongs."""
    return (Obstacle("people.prolongs"),) if post.ends_on and ends_on > post.ends_on else ()


def _wrong_days(wanted: Term) -> tuple[Obstacle, ...]:
    return (Obstacle("people.ends_before_start"),) if wanted.ends_on and wanted.ends_on < wanted.starts_on else ()


def _held_already(wanted: Term, meanwhile: Iterable[Term]) -> tuple[Obstacle, ...]:
    same = any(term.role == wanted.role and term.unit_id == wanted.unit_id for term in meanwhile)
    return (Obstacle("people.held_already"),) if same else ()


def _second_office(wanted: Term, meanwhile: Iterable[Term]) -> tuple[Obstacle, ...]:
    others = sorted({term.role for term in meanwhile if term.role in OFFICES - {wanted.role}})
    return (Obstacle("people.second_office", {"held": others}),) if wanted.role in OFFICES and others else ()

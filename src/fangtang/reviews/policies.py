"""May this person take this step? Plain values in, obstacles out.

The rules of separation (三审三校): nobody judges what they wrote, nobody takes two steps of one turn, steps are taken in their order, and
only with a post of today.
"""

from __future__ import annotations

from dataclasses import dataclass

from fangtang.kernel.errors import Obstacle
from fangtang.reviews import states


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules look at: the status of turn and step, who wrote (user ids) and who took a step of this turn (user ids)."""

    turn_status: str
    step_status: str
    writers: frozenset[int]
    takers: frozenset[int]


def may_take(reading: Reading, *, person_id: int, has_post: bool) -> tuple[Obstacle, ...]:
    """Every reason why this person may not take the step now; () when they may. `has_post`: whether a post of today fits the step."""
    found = []
    if reading.turn_status != states.OPEN:
        found.append(Obstacle("reviews.turn_closed", {"status": reading.turn_status}))
    elif reading.step_status != states.DUE:
        found.append(Obstacle("reviews.step_not_due", {"status": reading.step_status}))
    found.extend(apart(reading, person_id=person_id))
    if not has_post:
        found.append(Obstacle("reviews.no_post"))
    return tuple(found)


def apart(reading: Reading, *, person_id: int) -> tuple[Obstacle, ...]:
    """Separation of duties alone: not a writer, no other step of this turn."""
    found = []
    if person_id in reading.writers:
        found.append(Obstacle("reviews.wrote_it"))
    if person_id in reading.takers:
        found.append(Obstacle("reviews.took_a_step"))
    return tuple(found)

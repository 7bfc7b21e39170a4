"""Turns, steps and their obstacles as sentences for people, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from fangtang.reviews import plans, states

SENTENCES: Mapping[str, Promise] = {
    "reviews.turn_open": lazy("This text is already being read."),
    "reviews.turn_closed": lazy("This round of reading is over; nobody can give a verdict any more."),
    "reviews.turn_not_passed": lazy("This text is not waiting for a signature."),
    "reviews.turn_moved": lazy("Somebody else has just decided about this text."),
    "reviews.no_such_move": lazy("This is not possible any more: somebody else has decided meanwhile."),
    "reviews.turn.no_such_move": lazy("This is not possible any more: somebody else has decided meanwhile."),
    "reviews.step_not_due": lazy("This step is not due: the order of the steps is kept, and each is taken once."),
    "reviews.other_kind": lazy("This step is taken in another way."),
    "reviews.wrote_it": lazy("You wrote in this text, and nobody judges what they wrote."),
    "reviews.took_a_step": lazy("You have already taken a step of this round, and nobody takes two."),
    "reviews.no_post": lazy("You hold no post for this step today."),
    "reviews.nobody_for_step": lazy("%(step)s is still to be taken, and nobody holds a post for it who neither wrote nor read this text."),
    "reviews.text_changed": lazy("The text was changed after you opened this page. Your words are kept below; please read the text again."),
    "reviews.signature_differs": lazy("The signature is not your full name. Please type your name exactly as it stands on the right of the field."),
    "reviews.comment_missing": lazy("Please say why the text is returned, so that its writers know what to do."),
    "reviews.mark_without_quote": lazy("Mark %(position)d proposes something but quotes no place in the text."),
    "reviews.mark_too_long": lazy("Mark %(position)d is longer than %(most)d characters."),
    "reviews.mark_unknown_field": lazy("Mark %(position)d has an unknown field."),
    "reviews.marks_too_many": lazy("There are more than %(most)d marks. Please return the text instead."),
    "reviews.plan_unknown_step": lazy("A plan is made of proofreads 1 to 3 and reviews 1 to 4."),
    "reviews.plan_step_twice": lazy("A step stands in the plan twice."),
    "reviews.plan_without_review": lazy("A plan needs at least one review."),
    "reviews.plan_levels_fall": lazy("The levels of one kind must rise: proofread 1 before proofread 2, review 1 before review 2."),
    "reviews.plan_taken": lazy("There is a plan for this place and sensitivity already. Change that one."),
}


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code; the code itself where there is none (a test holds that there is one for each)."""
    return str(SENTENCES[code]) % facts if code in SENTENCES else code


# Every name is a text of its own: Chinese counts them with words (一校, 二审), not with digits.
STEP_NAMES: Mapping[str, Mapping[int, Promise]] = {
    plans.PROOFREAD: {1: lazy("Proofread 1"), 2: lazy("Proofread 2"), 3: lazy("Proofread 3")},
    plans.REVIEW: {1: lazy("Review 1"), 2: lazy("Review 2"), 3: lazy("Review 3"), 4: lazy("Review 4")},
}


def step_name(kind: str, level: int) -> str:
    """ "Proofread 1", "Review 2"."""
    return str(STEP_NAMES[kind][level])


STEP_STATUS: Mapping[str, Promise] = {
    states.AHEAD: lazy("later"),
    states.DUE: lazy("due now"),
    states.APPROVED: lazy("approved"),
    states.SENT_BACK: lazy("returned"),
    states.VOID: lazy("not taken"),
}
TURN_STATUS: Mapping[str, Promise] = {
    states.OPEN: lazy("Being read"),
    states.PASSED: lazy("Passed, waits for the signature"),
    states.RETURNED: lazy("Returned"),
    states.SUPERSEDED: lazy("Ended by an edit"),
    states.RECALLED: lazy("Taken back"),
    states.RELEASED: lazy("Signed"),
}

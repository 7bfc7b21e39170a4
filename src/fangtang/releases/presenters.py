"""Releases and their obstacles as sentences for people, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from fangtang.kernel.errors import Obstacle
from fangtang.people.models import User
from fangtang.releases import registry, states
from fangtang.reviews import presenters as reviews

SENTENCES: Mapping[str, Promise] = {
    "releases.not_chief_editor": lazy("Only a chief editor of the unit can decide this."),
    "releases.in_bin": lazy("The article is in the bin."),
    "releases.not_submitted": lazy("The newest text has not been submitted for review."),
    "releases.step_waits": lazy("%(step)s is still to be taken."),
    "releases.step_not_approved": lazy("%(step)s was not approved. A new round is needed."),
    "releases.nobody_for_step": lazy("%(step)s is still to be taken, and nobody holds a post for it who neither wrote nor read this text."),
    "releases.plan_misses_step": lazy("The review plan now also asks for %(step)s. Submit the article again to start a round with it."),
    "releases.steps_out_of_order": lazy("The steps were not taken in their order. A new round is needed."),
    "releases.text_differs": lazy("What would go out is not what was approved: text, places, pictures or files have changed since."),
    "releases.text_changed": lazy("The text that you saw is not the one that passed. Please read this page again."),
    "releases.signer_wrote_it": lazy("You wrote in this text, and nobody signs what they wrote."),
    "releases.signer_took_a_step": lazy("You took a step of this round, and the signature is a step of its own."),
    "releases.reader_wrote_it": lazy("%(step)s was taken by %(person)s, who wrote in this text. A new round is needed."),
    "releases.reader_took_two_steps": lazy("%(person)s took more than one step of this round. A new round is needed."),
    "releases.reader_had_no_post": lazy("%(step)s was taken by %(person)s, who held no post for it that day. A new round is needed."),
    "releases.proofread_unsigned": lazy("%(step)s is not signed. A new round is needed."),
    "releases.no_section": lazy("The article is placed in no section."),
    "releases.section_deleted": lazy("A section in which the article is placed is gone. Place the article elsewhere and submit it again."),
    "releases.section_closed": lazy("The section “%(section)s” of “%(site)s” is closed."),
    "releases.section_refuses": lazy("The section “%(section)s” of “%(site)s” takes no articles of this unit."),
    "releases.media_missing": lazy("The picture or file “%(title)s” is missing."),
    "releases.media_changed": lazy("The picture or file “%(title)s” is not the one that was uploaded: its bytes have changed."),
    "releases.stands_nowhere": lazy("The article stands nowhere in public."),
    "releases.reason_missing": lazy("Please give the reason. It is kept with the decision."),
    "releases.not_failed": lazy("This release has not failed."),
    "releases.not_imported": lazy("“%(title)s” was not imported, so it must be reviewed."),
    "releases.released_before": lazy("“%(title)s” was released before."),
    "releases.submitted_before": lazy("“%(title)s” was submitted for review, so the review decides."),
    "releases.edited_since_import": lazy("“%(title)s” was edited since its import, so it must be reviewed."),
}

STATUS: Mapping[str, Promise] = {
    states.DECIDED: lazy("Decided, waiting to be built"),
    states.BUILDING: lazy("Being built"),
    states.SERVED: lazy("Carried out"),
    states.FAILED: lazy("Failed"),
}


def sentence(obstacle: Obstacle) -> str:
    """One whole sentence; obstacles of reviews included. Steps are named as people name them."""
    facts = dict(obstacle.data)
    if "kind" in facts and "level" in facts:
        facts["step"] = reviews.step_name(facts["kind"], facts["level"])
    if obstacle.code in SENTENCES:
        return str(SENTENCES[obstacle.code]) % facts
    return reviews.sentence(obstacle.code, facts)


def failure(code: str, data: Mapping[str, Any]) -> str:
    """Why a release waits or failed, as one sentence in the active language; "" for no code. A code without a sentence is shown as it is."""
    return registry.failures.get(code)(data) if code in registry.failures else code


def clearers(obstacle: Obstacle) -> str:
    """Names of who can clear it, at most five; "" when only time, or nobody, can."""
    names = [str(user) for user in User.objects.filter(pk__in=obstacle.clearers).order_by("pk")[:6]]
    return "、".join(names[:5]) + (" …" if len(names) > 5 else "")

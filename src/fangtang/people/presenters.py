"""Sentences for people about why something cannot be decided."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fangtang.kernel.errors import FangtangError, NotPossible, Obstacle
from fangtang.people.models import User
from fangtang.people.roles import Role

SENTENCES = {
    "people.not_yourself": _("Nobody gives a post to themselves. Ask another operator."),
    "people.ends_before_start": _("The last day lies before the first."),
    "people.held_already": _("This person holds the same post on some of these days already."),
    "people.second_office": _("This person is {held} on some of these days. Operator, security officer and auditor must be three people."),
    "people.stands_in_for_oneself": _("The holder of a post cannot stand in for it."),
    "people.stand_in_outside_post": _("The post is not held on all of these days."),
    "people.prolongs": _("The post ends before that day already. To prolong it, appoint the person again."),
    "people.acted_in_post": _("Something was decided in this post already, so it cannot be taken away as if it had never been. Let it end today."),
    "people.key_taken": _("Another unit has this key. Choose another one."),
    "people.username_taken": _("Somebody has this login name already. Choose another one."),
}


def sentence(obstacle: Obstacle) -> object:
    """What a person reads about an obstacle."""
    held = "、".join(str(Role(role).label) for role in obstacle.data.get("held", ()))
    return format_lazy(SENTENCES[obstacle.code], held=held)


def sentences(error: FangtangError) -> Iterable[object]:
    """What a person reads about an error that an action raised: every reason."""
    obstacles = error.obstacles if isinstance(error, NotPossible) else (Obstacle(error.code),)
    return [sentence(obstacle) for obstacle in obstacles]


def invitation_path(person: User, word: str) -> str:
    """The path at which this person chooses a password with the word of `actions.invite`."""
    return reverse("people_welcome", args=[urlsafe_base64_encode(force_bytes(person.pk)), word])

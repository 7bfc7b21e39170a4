"""What people decide about units, people and posts. Operators decide, each for the units within reach; nobody gives a post to themselves."""

from __future__ import annotations

from fangtang.people.actions.logins import accept_invitation, add_person, change_person, invite, set_password
from fangtang.people.actions.posts import appoint, dismiss, stand_in
from fangtang.people.actions.units import change_unit, found_body, open_unit

__all__ = [
    "accept_invitation",
    "add_person",
    "appoint",
    "change_person",
    "change_unit",
    "dismiss",
    "found_body",
    "invite",
    "open_unit",
    "set_password",
    "stand_in",
]

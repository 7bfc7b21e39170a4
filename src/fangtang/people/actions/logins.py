"""Logins: adding people, changing them, inviting them to choose a password. Nobody ever types another person's password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from wagtail.users.models import UserProfile

from fangtang.audit.actions import record
from fangtang.kernel.errors import Invalid, NotAllowed
from fangtang.people import queries
from fangtang.people.models import Reach, Unit, User


@transaction.atomic
def add_person(username: str, *, full_name: str, email: str, language: str, unit: Unit, by: User | None, now: datetime) -> User:
    """Make a login that cannot sign in yet (`invite`, then `appoint`). `unit` is the one whose operators look after it.

    Raises NotAllowed "people.add_person", Invalid "people.username_taken".
    """
    if by and not queries.may_operate(by, unit_path=unit.path, reach=Reach.UNIT, day=queries.today(now)):
        raise NotAllowed("people.add_person")
    if User.objects.filter(username=username).exists():
        raise Invalid("people.username_taken")
    user = User(username=username, full_name=full_name, email=email, unit=unit)
    user.set_unusable_password()
    user.save()
    _set_language(user, language)
    record("people.add_person", by=by, now=now, subject=user, unit_id=unit.pk)
    return user


@transaction.atomic
def change_person(user: User, *, full_name: str, email: str, language: str, is_active: bool, by: User | None, now: datetime) -> None:
    """Change name, address, language, and whether the login works. Raises NotAllowed "people.change_person"."""
    _let_keeper(user, by=by, now=now, code="people.change_person")
    wanted: dict[str, Any] = {"full_name": full_name, "email": email, "is_active": is_active}
    changed = {field: value for field, value in wanted.items() if getattr(user, field) != value}
    for field, value in changed.items():
        setattr(user, field, value)
    user.save(update_fields=list(changed))
    fields = sorted([*changed, "language"] if _set_language(user, language) else changed)
    if fields:
        record("people.change_person", by=by, now=now, subject=user, unit_id=user.unit_id, fields=fields)


@transaction.atomic
def invite(user: User, *, by: User | None, now: datetime) -> str:
    """A word with which this person, once, may choose a password within Django's PASSWORD_RESET_TIMEOUT. An older word stays good until one is used.

    Raises NotAllowed "people.invite".
    """
    _let_keeper(user, by=by, now=now, code="people.invite")
    record("people.invite", by=by, now=now, subject=user, unit_id=user.unit_id)
    return default_token_generator.make_token(user)


@transaction.atomic
def accept_invitation(user: User, *, token: str, password: str, now: datetime) -> None:
    """Choose the password that an invitation allows; the word is used up. Raises NotAllowed "people.no_invitation"."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active or not default_token_generator.check_token(locked, token):
        raise NotAllowed("people.no_invitation")
    set_password(locked, password=password, by=locked, now=now)


@transaction.atomic
def set_password(user: User, *, password: str, by: User | None, now: datetime) -> None:
    """Only by the person themself, or the machine that sets up an instance. Raises NotAllowed "people.set_password"."""
    if by is not None and by.pk != user.pk:
        raise NotAllowed("people.set_password")
    user.set_password(password)
    user.save(update_fields=["password"])
    record("people.set_password", by=by, now=now, subject=user)


def _set_language(user: User, language: str) -> bool:
    """Whether it was another one before."""
    profile = UserProfile.get_for_user(user)
    if profile.preferred_language == language:
        return False
    profile.preferred_language = language
    profile.save(update_fields=["preferred_language"])
    return True


def _let_keeper(user: User, *, by: User | None, now: datetime, code: str) -> None:
    """Whoever can invite a person could sign in as them: an operator must reach every unit that the person's rights reach into."""
    if by and not queries.may_keep(by, user=user, day=queries.today(now)):
        raise NotAllowed(code)

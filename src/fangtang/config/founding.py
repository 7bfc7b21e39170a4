"""`fangtang found`: from an empty database to a body with its top unit, its main site and an operator who opens everything else on the desk.

Made of the actions of the rooms, in one transaction. The operator chooses the password with the invitation that is printed, as everybody
does; `--password` asks for it here instead.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import datetime
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from rich.console import Console

from fangtang.outlets.actions import Host, open_site
from fangtang.outlets.models import Site
from fangtang.people import actions, queries
from fangtang.people.models import Body, Reach, Unit, UnitKind, User
from fangtang.people.presenters import invitation_path
from fangtang.people.roles import Role

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def run(words: list[str], console: Console) -> int:
    """Found the body as the words say; 0, or 1 when the chosen passwords differ or are too weak. Raises Invalid "people.body_founded"."""
    asked = _parser().parse_args(words)
    there = Body.objects.first()
    if there:
        console.print(
            f"This database belongs to {there.name} already. Whoever lost their password gets another invitation with: fangtang invite LOGIN", soft_wrap=True
        )
        return 1
    password = _typed(console) if asked.password else ""
    if password is None:
        return 1
    now = timezone.now()
    operator, word = found(asked, password=password, now=now)
    console.print(f"· {asked.name}, {asked.unit}, the site {asked.site_host} and the operator {operator} ({operator.username}) are there", soft_wrap=True)
    if word:
        console.print(f"· {operator} chooses a password here, within {settings.PASSWORD_RESET_TIMEOUT // 3600} hours:")
        sys.stdout.write(f"{settings.DESK_URL}{invitation_path(operator, word)}\n")
    console.print(f"· Then sign in at {settings.DESK_URL}/desk/ and open units, add people, give posts. A site manager adds the sections.", soft_wrap=True)
    return 0


@transaction.atomic
def found(asked: Namespace, *, password: str, now: datetime) -> tuple[User, str]:
    """Body, top unit, main site, operator: all or none. The operator, and the word of the invitation ("" when there is a password).

    Raises Invalid "people.body_founded".
    """
    actions.found_body(asked.name, short_name=asked.short_name, now=now)
    top = actions.open_unit(asked.unit_key, name=asked.unit, kind=UnitKind.CITY, under=None, by=None, now=now)
    host = Host(asked.site_host, _port(), is_default=True)
    open_site(host=host, key=asked.site_key, unit=top, by=None, now=now, name=asked.site_name or asked.name, sponsor=asked.unit)
    operator = actions.add_person(
        asked.operator, full_name=asked.operator_name, email=asked.operator_email, language=settings.LANGUAGE_CODE, unit=top, by=None, now=now
    )
    post: dict[str, Any] = {"role": Role.OPERATOR, "unit": top, "reach": Reach.BELOW, "starts_on": queries.today(now), "ends_on": None}
    actions.appoint(operator, **post, by=None, now=now)
    if password:
        actions.set_password(operator, password=password, by=None, now=now)
        return operator, ""
    return operator, actions.invite(operator, by=None, now=now)


def _port() -> int:
    """Behind nginx sites stand at the usual port of https; without it at that of the embedded server."""
    return 443 if settings.PUBLIC_SCHEME == "https" else settings.PORT


def _typed(console: Console) -> str | None:
    """A password typed twice and strong enough; None when it is not, which is said."""
    typed = getpass("Password of the operator: ")
    if typed != getpass("Once more: "):
        console.print("The two passwords differ. Nothing was founded.")
        return None
    try:
        validate_password(typed)
    except ValidationError as weak:
        console.print(" ".join(weak.messages), "Nothing was founded.")
        return None
    return typed


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="fangtang found", description="Found the body in an empty database: body, top unit, main site, operator.")
    parser.add_argument("--name", required=True, type=_fit(Body, "name"), help="name of the body: 方塘市")
    parser.add_argument("--short-name", default="", type=_fit(Body, "short_name"))
    parser.add_argument("--unit", required=True, type=_fit(Unit, "name"), help="name of the top unit, under which all others stand: 市政府办公室")
    parser.add_argument("--unit-key", default="office", type=_fit(Unit, "key"), help="short ASCII name of it, for imports (default: office)")
    parser.add_argument("--site-host", required=True, type=_host, help="host name of the main site: www.example.gov")
    parser.add_argument("--site-name", type=_fit(Site, "name"), help="(default: the name of the body)")
    parser.add_argument("--site-key", default="www", type=_fit(Site, "key"), help="short ASCII name of it, for commands and imports (default: www)")
    parser.add_argument("--operator", required=True, type=_fit(User, "username"), metavar="LOGIN", help="login name of the first operator")
    parser.add_argument("--operator-name", required=True, type=_fit(User, "full_name"), metavar="NAME", help="full name of the operator: 姓名")
    parser.add_argument("--operator-email", default="", type=_fit(User, "email"), metavar="ADDRESS", help="where notices are mailed to")
    parser.add_argument("--password", action="store_true", help="ask for the operator's password here, instead of printing an invitation")
    return parser


def _fit(model: type[models.Model], name: str) -> Callable[[str], str]:
    """What a field of the database takes."""
    field = model._meta.get_field(name)

    def checked(typed: str) -> str:
        try:
            return str(field.clean(typed.strip(), None))  # type: ignore[union-attr]  # a field of a column, no relation
        except ValidationError as wrong:
            raise ArgumentTypeError(" ".join(wrong.messages)) from wrong

    return checked


def _host(typed: str) -> str:
    name = typed.strip().lower()
    if not HOST.fullmatch(name):
        raise ArgumentTypeError(f"{typed} is no host name. Write it without https:// and without a port: www.example.gov")
    return name

"""`fangtang invite LOGIN`: an invitation for somebody whom no operator can invite, above all the only operator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fangtang.people import actions
from fangtang.people.models import User
from fangtang.people.presenters import invitation_path


class Command(BaseCommand):
    help = "Print the address at which somebody chooses a password, once; for an operator who cannot sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        person = User.objects.filter(username=login).first()
        if person is None:
            raise CommandError(f"Nobody has the login name {login}.")
        if not person.is_active:
            raise CommandError(f"{person} may not sign in, so an invitation would not help. An operator can allow it again.")
        word = actions.invite(person, by=None, now=timezone.now())
        self.stdout.write(settings.DESK_URL + invitation_path(person, word))

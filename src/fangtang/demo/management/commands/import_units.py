"""`fangtang import units FILE --column NAME`: units from a list of names, each with a site and people, beside the reference city.

For trying real material: a CSV in which some column names the unit of each row, read as `fangtang import articles` reads one. Names that are
there already are left as they are; rows that cannot be read, or whose name is too long, are told with their line.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from rich.progress import track

from fangtang.articles.importing import sentences
from fangtang.articles.importing.readers import BadRow, RowFile
from fangtang.demo import city
from fangtang.demo.load import founding, logins, opening
from fangtang.demo.people import SITE_TEAM
from fangtang.kernel import text
from fangtang.kernel.errors import Invalid
from fangtang.media.actions import shelf_for
from fangtang.people.models import Unit, UnitKind
from fangtang.people.queries import today

NAME_MOST = 100
SHORT_NAME_MOST = 40
KINDS = {"镇": UnitKind.TOWN, "乡": UnitKind.TOWN, "街道": UnitKind.TOWN}
COLOURS = [(row.colour, row.accent) for row in city.departments()]


class Command(BaseCommand):
    help = "Make a unit, a site and a team for every name in a column of a CSV file, below the highest unit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--column", required=True, help="the column that names the unit")

    def handle(self, *args: Any, file: Path, column: str, **options: Any) -> None:
        top = Unit.get_first_root_node()
        if top is None:
            raise CommandError("There is no body yet. Make the reference city first: fangtang seed")
        names, unread = _names(file, column)
        for line in unread:
            self.stderr.write(line)
        names = [name for name in names if not Unit.objects.filter(name=name).exists()]
        now = timezone.now()
        with transaction.atomic():
            for number, name in enumerate(track(names, description="Units")):
                _make(name, number=number, top=top, now=now)
        self.stdout.write(f"· {len(names)} units with their sites; everybody signs in with the demo password. Build them with: fangtang site build")


def _names(file: Path, column: str) -> tuple[list[str], list[str]]:
    """The names, each once in the order of the file, and a sentence for every row that gives none."""
    try:
        with RowFile(file) as rows:
            if rows.columns and column not in rows.columns:
                raise CommandError(f"{file.name} has no column “{column}”. It has: {', '.join(rows.columns)}")
            names: dict[str, None] = {}
            unread: list[str] = []
            for row in rows:
                name = "" if isinstance(row, BadRow) else text.one_line(row.values.get(column, ""))
                if isinstance(row, BadRow):
                    unread.append(f"Line {row.line}: {sentences.sentence(row.code, row.data)}")
                elif len(name) > NAME_MOST:
                    unread.append(f"Line {row.line}: the name has {len(name)} characters; at most {NAME_MOST} are possible.")
                elif name:
                    names[name] = None
            return list(names), unread
    except OSError as error:
        raise CommandError(f"{file.name} cannot be read: {error}") from error
    except Invalid as error:
        raise CommandError(sentences.sentence(error.code, error.data)) from error


def key_of(name: str) -> str:
    """An ASCII key from a Chinese name, by its reading: "区教委" → "qujiaowei"; a host label, so at most 50 characters."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:50].strip("-") or "unit"


def _make(name: str, *, number: int, top: Unit, now: datetime) -> None:
    key = key_of(name)
    if Unit.objects.filter(key=key).exists():
        raise CommandError(f"“{name}” would have the key “{key}”, which is taken. Nothing was made.")
    kind = next((kind for ending, kind in KINDS.items() if name.endswith(ending)), UnitKind.DEPARTMENT)
    unit = Unit.objects.get(pk=top.pk).add_child(body=top.body, key=key, name=name, short_name=text.shortened(name, most=SHORT_NAME_MOST), kind=kind)
    shelf_for(unit)
    starts_on = today(now) - timedelta(days=365)
    founding.appoint_team(unit, SITE_TEAM, password=logins.password(), starts_on=starts_on)
    try:
        opening.open_plain(unit, colours=COLOURS[number % len(COLOURS)], contributor=top, port=settings.PORT, now=now)
    except Invalid as error:
        raise CommandError(f"“{name}” would have its site at {error.data.get('hostname', key)}, where another site is. Nothing was made.") from error

"""`fangtang seed`: make the reference city 方塘市.

The city stands or falls whole (one transaction); a larger `--size` then adds articles "from the former website" in batches, through the
import, and can be killed and run again.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from fangtang.audit.actions import record
from fangtang.demo import city, texts
from fangtang.demo.load import earlier, founding, logins, opening
from fangtang.demo.load.filling import Filler
from fangtang.demo.load.shelving import Shelves
from fangtang.notices.models import Notice
from fangtang.outlets.models import Site
from fangtang.people.models import Body
from fangtang.people.queries import today

WRITTEN = 300
"""So many articles pass their whole review here; what `--size` asks for beyond them comes from the former website."""
ON_THEIR_WAY = 20
MOST = 1_000_000

T = TypeVar("T")


class Command(BaseCommand):
    help = "Make the reference city: 1 portal, 29 departments, 20 counties and districts, people for every post, articles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=_size, default=WRITTEN, help="articles in all (default 300; up to a million)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another city of the same kind")
        parser.add_argument("--json", action="store_true", help="print hosts and one login per role as JSON, and nothing else")

    def handle(self, *args: Any, size: int, seed: int, **options: Any) -> None:
        self.console = Console(quiet=options["json"])
        if not Body.objects.exists():
            self._found(size=min(size, WRITTEN), seed=seed)
        elif Body.objects.get().name != city.BODY_NAME:
            raise CommandError("This database belongs to another body. Use an empty one (FANGTANG_HOME or DATABASE_URL).")
        earlier.fill(size, seed=seed, written=WRITTEN, progress=self._track)
        call_command("site", "build", "--all", *(["--quiet"] if options["json"] else []))
        if options["json"]:
            self.stdout.write(json.dumps(summary(), ensure_ascii=False))

    @transaction.atomic
    def _found(self, *, size: int, seed: int) -> None:
        now, password = timezone.now(), logins.password()
        starts_on = today(now) - timedelta(days=3 * 365)
        with self.console.status("Units and people …"):
            units = founding.found_units(now=now)
            founding.appoint_people(units, seed=seed, password=password, starts_on=starts_on, now=now)
        opened = list(self._track(opening.open_sites(units, port=settings.PORT, scheme=settings.PUBLIC_SCHEME, now=now), total=50, title="Sites"))
        opening.set_plans(opened)
        filler = Filler({one.row.key: one for one in opened}, units, Shelves(seed))
        rows = texts.articles(seed, today(now), size)
        for _ in self._track(filler.fill(rows, on_their_way=min(ON_THEIR_WAY, size // 8)), total=size, title="Articles"):
            pass
        _forget_old_notices(now)
        record("demo.seed", by=None, now=now, articles=size, seed=seed)
        transaction.on_commit(lambda: logins.write(password))

    def _track(self, rows: Iterable[T], *, total: int, title: str) -> Iterator[T]:
        with Progress(console=self.console, transient=True) as progress:
            yield from progress.track(rows, total=total, description=title)
        self.console.print(f"· {title}: done")


def _size(typed: str) -> int:
    if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed) <= MOST:
        raise ArgumentTypeError(f"{typed} is not a number of articles: 1 to {MOST:,}")
    return int(typed)


def _forget_old_notices(now: datetime) -> None:
    """What people were told months ago was read; nobody is mailed about the demo's past."""
    Notice.objects.filter(created_at__lt=now - timedelta(days=3)).update(read_at=now)
    Notice.objects.filter(mail=Notice.Mail.WAITING).update(mail=Notice.Mail.NONE)


def summary() -> dict[str, Any]:
    """Hosts and one login per role, as checks read them."""
    sites = Site.objects.select_related("wagtail_site").order_by("pk")
    return {
        "hosts": [{"key": site.key, "name": site.name, "host": site.wagtail_site.hostname, "port": site.wagtail_site.port} for site in sites],
        "desk": f"{settings.DESK_URL}/desk/",
        "logins": json.loads((settings.HOME / "demo-logins.json").read_text()),
    }

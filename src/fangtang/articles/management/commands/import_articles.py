"""`fangtang import articles FILE --mapping M.toml`: articles of another system into this one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from fangtang.articles.importing import mapping, sentences
from fangtang.articles.importing.load import Outcome, Source, load
from fangtang.articles.importing.mapping import ImportMapping
from fangtang.articles.importing.places import own_units
from fangtang.articles.importing.readers import RowFile
from fangtang.articles.importing.report import Report
from fangtang.articles.importing.rows import Drafter
from fangtang.kernel.errors import Invalid
from fangtang.people import queries as people
from fangtang.people.models import Post, User
from fangtang.people.roles import Role


class Command(BaseCommand):
    help = "Import articles from JSONL or CSV (also .xz and .gz). A second import of the same file changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file with one article per row")
        parser.add_argument("--mapping", type=Path, required=True, help="what its columns mean, in TOML")
        parser.add_argument(
            "--by", metavar="USERNAME", help="the person who answers for the import, an editor, site manager or operator of its units; without it, the operator"
        )
        parser.add_argument("--report", type=Path, help="write a JSON line for every row that did not go in, or not whole")
        parser.add_argument("--dry-run", action="store_true", help="do everything, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except Invalid as error:
            raise CommandError(_told(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _import(self, options: dict[str, Any]) -> None:
        console = Console(file=self.stdout, force_terminal=self.stdout.isatty())  # type: ignore[arg-type]  # OutputWrapper writes like a file
        wanted = mapping.read(options["mapping"])
        source = Source(origin=wanted.origin, file_name=options["file"].name, by=_person(options["by"]), now=timezone.now())
        with RowFile(options["file"]) as file, _opened(options["report"], unlike=options["file"]) as target:
            _require_columns(file, mapping=wanted)
            console.print(_("Reading %(file)s as %(encoding)s.") % {"file": file.path.name, "encoding": file.encoding.upper()}, highlight=False)
            report = Report(target)
            drafter = Drafter(wanted, now=source.now)
            for outcomes in _with_bar(file, drafter=drafter, source=source, is_rehearsal=options["dry_run"], console=console):
                report.add(outcomes)
        _show(report, console=console, is_rehearsal=options["dry_run"])
        if report.rows and drafter.unseen_columns:
            said = _("No row had the column %(columns)s, which the mapping names. Is it spelt so in the file?")
            console.print(said % {"columns": ", ".join(drafter.unseen_columns)}, highlight=False)


def _with_bar(file: RowFile, *, drafter: Drafter, source: Source, is_rehearsal: bool, console: Console) -> Iterator[list[Outcome]]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TextColumn("{task.fields[rows]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Importing"), total=file.size_bytes, rows="")
        rows = 0
        for outcomes in load(map(drafter.draft, file), source=source, is_rehearsal=is_rehearsal):
            rows += len(outcomes)
            bar.update(task, completed=file.bytes_read, rows=_("%(rows)s rows") % {"rows": rows})
            yield outcomes


def _show(report: Report, *, console: Console, is_rehearsal: bool) -> None:
    title = _("Dry run: nothing was kept") if is_rehearsal else _("Imported")
    table = Table(title=title, show_footer=True)
    table.add_column(_("Result"), footer=_("Rows read"))
    table.add_column(_("Rows"), justify="right", footer=str(report.rows))
    for result, name in sentences.RESULTS.items():
        table.add_row(str(name), str(report.results[result]))  # type: ignore[index]  # RESULTS has exactly these keys, held by a test
    console.print(table)
    for code, number in report.reasons.most_common():
        console.print(f"{number:>8}  {code}", highlight=False)


def _person(username: str | None) -> User:
    """The person named, or whoever has been operator of the highest unit for longest."""
    if username is None:
        posts = Post.objects.filter(people.in_force(people.today()), role=Role.OPERATOR, user__is_active=True)
        post = posts.select_related("user").order_by("unit__path", "starts_on", "pk").first()
        if post is None:
            raise CommandError(_("Nobody is operator today. Name the person who answers for the import with --by."))
        return post.user
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(_("There is no active person with the user name %(username)s.") % {"username": username})
    if not own_units(person, day=people.today()).exists():
        said = _("%(username)s holds no post today as editor, site manager or operator, and only they import articles, for the units of their posts.")
        raise CommandError(said % {"username": username})
    return person


def _require_columns(file: RowFile, *, mapping: ImportMapping) -> None:
    """A CSV file names its columns, so that a wrong mapping is told before the first row. JSON lines may differ from each other."""
    missing = sorted(mapping.named_columns() - set(file.columns)) if file.columns else []
    if missing:
        raise Invalid("importing.columns_unmapped", file=file.path.name, columns=missing)


@contextlib.contextmanager
def _opened(report: Path | None, *, unlike: Path) -> Iterator[TextIO | None]:
    if report is None:
        yield None
        return
    if report.exists() and report.samefile(unlike):
        raise CommandError(_("The report must not overwrite the file that is imported."))
    with report.open("w", encoding="utf-8") as target:
        yield target


def _told(error: Invalid) -> str:
    problems = [sentences.problem(one["key"], code=one["code"], allowed=one["allowed"]) for one in error.data.get("problems", ())]
    return "\n".join([sentences.sentence(error.code, error.data), *problems])

"""fangtang site build|verify|log|rollback|show|retry|nginx: look after the snapshots of public sites."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID, TextColumn, track

from fangtang.outlets.models import Site
from fangtang.releases.models import Release
from fangtang.releases.presenters import failure
from fangtang.releases.states import SERVED
from fangtang.snapshots import effects, rows
from fangtang.snapshots.nginx import nginx_config, write_moves


class Command(BaseCommand):
    help = "Build, verify, list and roll back the snapshots of public sites."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="Build what waits; with keys or --all, build these sites whole.")
        build.add_argument("keys", nargs="*", metavar="KEY")
        build.add_argument("--all", action="store_true", help="Build every site whole.")
        build.add_argument("--afresh", action="store_true", help="Prepare every released text again first, pictures included.")
        build.add_argument("--quiet", action="store_true", help="Say nothing.")
        verify = verbs.add_parser(
            "verify", help="Recompute the roots from the bytes; and the lengths of lists from their lines; fails on the first difference."
        )
        verify.add_argument("keys", nargs="*", metavar="KEY")
        for name, text in (("log", "Every switch of a site, oldest first."), ("show", "What stands: root, files, when it was built.")):
            verbs.add_parser(name, help=text).add_argument("keys", nargs="*" if name == "show" else 1, metavar="KEY")
        rollback = verbs.add_parser("rollback", help="Go back to an earlier root; it stands until the next release on this site.")
        rollback.add_argument("keys", nargs=1, metavar="KEY")
        rollback.add_argument("--to", metavar="ROOT", help="A root from the log. Without it: the one before.")
        retry = verbs.add_parser("retry", help="Let failed releases wait to be built again; without ids, all of them.")
        retry.add_argument("releases", nargs="*", type=int, metavar="ID")
        nginx = verbs.add_parser("nginx", help="Print the configuration with which nginx serves every site.")
        nginx.add_argument("--listen", default="80", metavar="[ADDRESS:]PORT", help="where nginx listens (default 80)")
        nginx.add_argument("--desk", default=f"127.0.0.1:{settings.PORT}", metavar="ADDRESS:PORT", help="where fangtang-web listens (default: PORT here)")
        nginx.add_argument("--moves", action="store_true", help="Write the list of moved addresses that this configuration includes, and print nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(quiet=options.get("quiet", False))
        getattr(self, options["verb"])(**options)

    def build(self, *, keys: Sequence[str], all: bool, afresh: bool, **_: Any) -> None:  # noqa: A002  the option's name
        if afresh:
            count = effects.forget_prepared()
            self.console.print(f"· {count} prepared texts are drawn again")
        with self._bar() as progress:
            outcome = effects.build_waiting(now=timezone.now(), progress=progress)
        self.console.print(f"· {len(outcome.served)} releases served, {len(outcome.failed)} failed, {outcome.files} files drawn")
        for why in (*outcome.broken_sites.values(), *outcome.broken_articles.values()):
            self.console.print(f"[red]{escape(failure(why.code, why.data))}[/red]; {len(outcome.waiting)} releases wait for the next try")
        sites = self._sites(keys, every=all)
        files = 0
        with self._bar() as progress:
            for site in sites:
                whole = effects.build_site(site.pk, now=timezone.now(), progress=progress)
                files += whole.files
                if keys:
                    self.console.print(f"· {site.key}: {whole.files} files, root {effects.store().root(site.key)}", soft_wrap=True)
        if all:
            self.console.print(f"· {len(sites)} sites built, {files} files")

    @contextmanager
    def _bar(self) -> Iterator[effects.Progress]:
        """One line for each site that is built whole."""
        tasks: dict[str, TaskID] = {}
        with Progress(*Progress.get_default_columns(), TextColumn("{task.completed} of {task.total}"), console=self.console) as bar:

            def progress(site_key: str, done: int, total: int) -> None:
                if site_key not in tasks:
                    tasks[site_key] = bar.add_task(site_key)
                bar.update(tasks[site_key], completed=done, total=total)

            yield progress

    def verify(self, *, keys: Sequence[str], **_: Any) -> None:
        for site in track(self._sites(keys, every=not keys), description="Verifying sites", console=self.console):
            damage = effects.store().verify(site.key)
            if damage:
                self.console.print(f"[red]{site.key}: /{damage.path} is {damage.reason}[/red]")
                sys.exit(1)
            wrong = rows.miscounted(site.sections.values_list("pk", flat=True))
            if wrong:
                self.console.print(f"[red]{site.key}: the length of {len(wrong)} lists is not what it was kept as; build the site whole[/red]")
                sys.exit(1)
        self.console.print("· Every file is what its root says.")

    def log(self, *, keys: Sequence[str], **_: Any) -> None:
        for snapshot in effects.store().log(self._sites(keys)[0].key):
            self.stdout.write(f"{snapshot.serial:>6}  {timezone.localtime(snapshot.at):%Y-%m-%d %H:%M:%S}  {snapshot.root_sha256}")

    def show(self, *, keys: Sequence[str], **_: Any) -> None:
        for site in self._sites(keys, every=not keys):
            files = sum(1 for _ in effects.store().paths(site.key))
            self.stdout.write(f"{site.key:<24}{files:>8} files  {effects.store().root(site.key) or 'never built'}")
        self.stdout.write(f"· {Release.objects.exclude(status=SERVED).count()} releases wait, on whichever site")

    def rollback(self, *, keys: Sequence[str], to: str | None, **_: Any) -> None:
        site = self._sites(keys)[0]
        root = effects.rollback(site.key, to=to, now=timezone.now())
        self.console.print(f"· {site.key} stands at {root} until the next release on it; then it is built whole from what is released.", soft_wrap=True)

    def retry(self, *, releases: Sequence[int], **_: Any) -> None:
        count = effects.retry(releases)
        self.console.print(f"· {count} releases wait again")

    def nginx(self, *, listen: str, desk: str, moves: bool, **_: Any) -> None:
        root = Path(settings.SNAPSHOT_ROOT)
        if moves:
            write_moves(root)
            return
        hosts = dict(Site.objects.values_list("wagtail_site__hostname", "key"))
        self.stdout.write(nginx_config(hosts, root, listen, desk), ending="")

    def _sites(self, keys: Sequence[str], *, every: bool = False) -> list[Site]:
        sites = list(Site.objects.order_by("key") if every else Site.objects.filter(key__in=keys).order_by("key"))
        missing = set(keys) - {site.key for site in sites}
        if missing:
            raise CommandError(f"No site has the key {', '.join(sorted(missing))}.")
        return sites

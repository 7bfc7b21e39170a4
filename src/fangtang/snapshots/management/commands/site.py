"""fangtang site VERB: look after the snapshots of public sites. The verbs are in `_site`."""

from __future__ import annotations

from argparse import ArgumentParser
from inspect import signature
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from fangtang.snapshots.management.commands._site import building, exporting, keeping, looking, verifying
from fangtang.snapshots.management.commands._site.asking import Screen


class Command(BaseCommand):
    help = "Build, verify, list, compare, export and roll back the snapshots of public sites."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for some in (building, looking, verifying, keeping, exporting):
            some.add(verbs)

    def handle(self, *args: Any, **options: Any) -> None:
        screen = Screen(Console(quiet=options.get("is_quiet", False)), self.stdout.write)
        run = options["run"]
        run(screen, **{name: options[name] for name in signature(run).parameters if name != "screen"})

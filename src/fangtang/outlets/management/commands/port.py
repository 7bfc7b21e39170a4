"""`fangtang port N`: tell the register on which port the embedded server listens."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from fangtang.outlets import actions


class Command(BaseCommand):
    help = "Move every site to another port, because the embedded server listens there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("port", type=_port)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        moved = actions.change_port(port, by=None, now=timezone.now())
        if moved:
            self.stdout.write(f"· {moved} sites now answer on port {port}; they are built anew")


def _port(typed: str) -> int:
    if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed) <= 65535:
        raise ArgumentTypeError(f"{typed} is not a port: a number from 1 to 65535")
    return int(typed)

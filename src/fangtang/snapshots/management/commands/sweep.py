"""fangtang sweep: find what killed workers left (releases, openings and closings, faces of sites, mails) and do it. The stack runs it with --loop."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from fangtang.kernel.errors import Unavailable
from fangtang.notices import effects as notices
from fangtang.snapshots import effects
from fangtang.snapshots.nginx import MOVES_FILE, write_moves

logger = logging.getLogger(__name__)


WORKS = (
    effects.take_up_incidents,
    effects.build_again,
    effects.build_waiting,
    notices.send_waiting,
    effects.renew,
    effects.collect,
    effects.compress,
)


class Command(BaseCommand):
    help = "Do what killed workers left behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on, every FANGTANG_SWEEP_SECONDS.")

    def handle(self, *args: Any, **options: Any) -> None:
        sweep()
        while options["loop"]:
            close_old_connections()
            time.sleep(settings.SWEEP_SECONDS)
            sweep()


def sweep() -> None:
    """One round. What fails because something outside is unavailable is logged and tried again in the next one."""
    for work in WORKS:
        try:
            work(now=timezone.now())
        except Unavailable as error:
            logger.warning("%s: %s", work.__module__, error)
    root = Path(settings.SNAPSHOT_ROOT)
    if (root / MOVES_FILE).exists():  # nginx is in use: `fangtang site nginx --moves` made it
        try:
            write_moves(root)
        except OSError as error:
            logger.warning("%s: %s", MOVES_FILE, error)

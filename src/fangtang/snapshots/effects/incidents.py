"""Taking up what the guard leaves in its folder: incidents, and sites that it could not put right and wants built again."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from fangtang.outlets.models import Site
from fangtang.snapshots import noticing
from fangtang.snapshots.effects.building import build_site

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Incidents in one round, so that a flood of them holds up nothing else."""


def take_up_incidents(*, now: datetime) -> int:
    """Write down what the guard tells, oldest first; how many. A file goes when its row stands; what nobody can read is set aside."""
    count = 0
    for file in _waiting(Path(settings.GUARD) / "incidents")[:AT_ONCE]:
        try:
            told = json.loads(file.read_bytes())
            count += noticing.take_up(told, now=now) is not None
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError) as error:
            logger.error("%s is no incident: %s", file, error)
            file.rename(file.with_suffix(".bad"))
        else:
            file.unlink(missing_ok=True)
    return count


def build_again(*, now: datetime) -> int:
    """Build the sites anew for which the guard has no right bytes; how many. What asked for it goes when the site stands."""
    folder = Path(settings.GUARD) / "rebuild"
    wanted = [name for name in (os.listdir(folder) if folder.is_dir() else ()) if not name.startswith(".")]  # noqa: PTH208
    known = dict(Site.objects.filter(key__in=wanted).values_list("key", "pk"))
    for key in wanted:
        if key in known:
            build_site(known[key], now=now)
        (folder / key).unlink(missing_ok=True)
    return len(known)


def _waiting(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []

"""Taking up what the guard leaves in its folder: incidents, and sites that it could not put right and wants built again."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from fangtang.snapshots import actions
from fangtang.snapshots.models import Built

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Incidents in one round, so that a flood of them holds up nothing else."""


def take_up_incidents(*, now: datetime) -> int:
    """Write down what the guard tells, oldest first, and note the sites that it wants built; how many incidents. A file goes when its row stands; one that nobody can read is set aside as `.bad`."""
    take_up_rebuilds()
    count = 0
    for file in _waiting(Path(settings.GUARD) / "incidents")[:AT_ONCE]:
        try:
            told = json.loads(file.read_bytes())
            count += actions.take_up(told, now=now) is not None
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError) as error:
            logger.error("%s is no incident: %s", file, error)
            file.rename(file.with_suffix(".bad"))
        else:
            file.unlink(missing_ok=True)
    return count


def take_up_rebuilds() -> int:
    """Have the sites built whole that the guard has no right bytes for; how many."""
    folder = Path(settings.GUARD) / "rebuild"
    keys = [name for name in (os.listdir(folder) if folder.is_dir() else ()) if not name.startswith(".")]  # noqa: PTH208
    if keys:
        Built.objects.filter(site__key__in=keys).update(is_stale=True, root_sha256="")
    for key in keys:
        (folder / key).unlink(missing_ok=True)
    return len(keys)


def _waiting(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []

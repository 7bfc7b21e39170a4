"""What a process beside the builder runs. Imported before Django is set up there, hence it imports nothing that needs it."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fangtang.snapshots.store.manifests import Entry
from fangtang.snapshots.targets import Target

PR_SET_PDEATHSIG = 1
_mine: dict[str, Any] = {}


def begin(parent: int, here: dict[str, str], register: bytes) -> None:
    """Work on the same database and folders as the builder, with its register (pickled), and end when it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    import django
    from django.conf import settings
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = here["database"]
    settings.SNAPSHOT_ROOT, settings.MEDIA_ROOT, settings.KEYS = Path(here["snapshots"]), here["uploads"], Path(here["keys"])
    from fangtang.snapshots import keyring
    from fangtang.snapshots.store import TreesStore

    _mine["register"] = pickle.loads(register)  # noqa: S301  (the builder's own)
    _mine["store"] = TreesStore(settings.SNAPSHOT_ROOT, is_ours=keyring.is_ours())


def draw(site_id: int, part: Sequence[Target], is_doubting: bool) -> list[tuple[str, Entry | None]]:
    """Draw a part of a site and store its files."""
    from fangtang.snapshots.effects.hands import draw_part

    return draw_part(site_id, part, register=_mine["register"], store=_mine["store"], is_doubting=is_doubting)

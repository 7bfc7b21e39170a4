"""What processes beside the builder run. Imported before Django is set up there, hence it imports nothing that needs it."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import pickle
import signal
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangtang.snapshots.store.manifests import Entry
from fangtang.snapshots.targets import Target

if TYPE_CHECKING:
    from fangtang.snapshots.register import Register
    from fangtang.snapshots.store import Laid
    from fangtang.snapshots.store.staging import Names

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
_mine: dict[str, Any] = {}


def begin(parent: int, here: dict[str, str], register: bytes) -> None:
    """Work on the same database and folders as the builder, with its register (pickled), and end when it ends."""
    _settle_in(parent, here)
    _mine["register"] = pickle.loads(register)  # noqa: S301  (the builder's own)


def draw(site_id: int, part: Sequence[Target], is_doubting: bool) -> list[tuple[str, Entry | None]]:
    """Draw a part of a site and store its files."""
    from fangtang.snapshots.effects.hands import draw_part

    return draw_part(site_id, part, register=_mine["register"], store=_mine["store"], is_doubting=is_doubting)


def serve(line: Connection, parent: int, here: dict[str, str]) -> None:
    """Be the worker's partner: for each (number, targets by site id, faces by site id, folder to stage in) answer (number, what was laid by site id, where it
    lies), nothing of both where that failed. None announces one: the register is read then, as the builder does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _settle_in(parent, here)
    from fangtang.snapshots import register

    _warm(register.read())
    gc.collect()
    gc.freeze()
    line.send("ready")
    every: Register | None = None
    while True:
        try:
            asked = line.recv()
        except EOFError:
            return
        if asked is None:
            every = _register()
        else:
            number, wanted, faces, folder = asked
            if every is None or not _has(every, faces):
                every = _register()
            line.send((number, *_laid(wanted, folder, every if every and _has(every, faces) else {})))


def _warm(every: Register) -> None:
    """Draw what every site has, for nobody: templates are compiled, and what stays the same is kept."""
    from fangtang.snapshots import drawing
    from fangtang.snapshots.targets import HOME, SITE_FEEDS

    with suppress(Exception):
        drawing.draw({site_id: [HOME, SITE_FEEDS] for site_id in every}, register=every)


def _has(every: Register, faces: Mapping[int, str]) -> bool:
    """Whether these sites have the same faces as in the builder's register."""
    return all(site_id in every and every[site_id].face_sha256 == face for site_id, face in faces.items())


def _register() -> Register | None:
    from django.db import Error, close_old_connections

    from fangtang.snapshots import register

    close_old_connections()
    try:
        return register.read()
    except Error:
        logger.exception("the register cannot be read")
        return None


def _laid(wanted: Mapping[int, Iterable[Target]], folder: str, every: Register) -> tuple[dict[int, Laid], Names]:
    from django.db import connection

    from fangtang.snapshots import drawing
    from fangtang.snapshots.store.staging import Names, staging_beside

    store = _mine["store"]
    if not every:
        return {}, Names()
    try:
        files = drawing.draw(wanted, register=every)
        with staging_beside(store.layout, folder) as staged:
            laid = store.lay(staged, {every[site_id].key: of_site for site_id, of_site in files.items()})
        return {site_id: laid[every[site_id].key] for site_id in files}, staged.names
    except Exception:  # whatever it is: the builder does the same work, meets it itself, and tells one broken site from trouble of all
        logger.exception("left to the builder")
        connection.close()
        return {}, Names()


def _settle_in(parent: int, here: dict[str, str]) -> None:
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

    _mine["store"] = TreesStore(settings.SNAPSHOT_ROOT, is_ours=keyring.is_ours())

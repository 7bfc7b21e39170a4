"""The home folder of an instance, made ready by the commands and servers that need it; whoever only asks (`--help`) leaves nothing behind.

Its files are their owner's alone. A folder with the set-group-id bit is shared by its group: on a server the web process has a user of its own.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from fangtang.config import options

QUEUE, DATABASE = "queue.sqlite3", "fangtang.sqlite3"
BESIDE = ("", "-wal", "-shm")
"""SQLite gives the files beside a database the mode that the database has."""


def place() -> Path:
    """Where it is, or would be."""
    return _given()["FANGTANG_HOME"].absolute()


def prepare() -> Path:
    """Make the folder and the private files in it, readable by their owner (or group, see above) only. A second call changes nothing.

    Raises ImproperlyConfigured naming FANGTANG_HOME, EnvValidationError.
    """
    given = _given()
    home: Path = given["FANGTANG_HOME"].absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        mode = private_mode(home)
        for name in (QUEUE,) if given["DATABASE_URL"] else (QUEUE, DATABASE):
            (home / name).touch(mode=mode)
            for ending in BESIDE:
                _keep_private(home / (name + ending), mode)
    except OSError as error:
        reason = f"FANGTANG_HOME: {home} cannot be used ({error.strerror}: {error.filename}). Name another folder, or run as the owner of this one."
        raise ImproperlyConfigured(reason) from error
    return home


def private_mode(home: Path) -> int:
    """The mode of files in this folder that hold what is nobody else's business."""
    return 0o660 if home.stat().st_mode & stat.S_ISGID else 0o600


def _keep_private(file: Path, mode: int) -> None:
    """A file that went meanwhile (SQLite takes its own away) is as private as can be."""
    try:
        if file.stat().st_mode & 0o777 != mode:
            file.chmod(mode)
    except FileNotFoundError:
        return


def _given() -> dict[str, Any]:
    return options.read(Env(eager=False))

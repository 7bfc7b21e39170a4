"""Everything an operator can set, as one flat list of environment variables.

`docs/reference/settings.md` is generated from this list; a setting that is read elsewhere fails the tests.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

import psycopg
from environs import Env, ValidationError
from psycopg.conninfo import make_conninfo

Fits = Callable[[Any], None]
"""Raises ValidationError with a sentence for a value that does not fit."""


def _number(least: int, most: int) -> Fits:
    def fits(value: int) -> None:
        if not least <= value <= most:
            raise ValidationError(f"{value} is not a number from {least} to {most}.")

    return fits


def _one_of(*words: str) -> Fits:
    def fits(value: str) -> None:
        if value not in words:
            raise ValidationError(f"“{value}” is none of: {', '.join(words)}.")

    return fits


def _time_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(f"“{name}” is no timezone. Write one as in Asia/Shanghai.") from None


def _database(url: str) -> None:
    """postgres://user:password@host:port/name?sslmode=require, or nothing."""
    parts = _address(url, ("postgres", "postgresql"))
    if not url:
        return
    query = dict(parse_qsl(parts.query))
    if not (parts.path.strip("/") or "dbname" in query or "service" in query):
        raise ValidationError("The name of the database is missing: postgres://user:password@host:port/name.")
    try:
        make_conninfo("", **query)
    except psycopg.Error as wrong:
        raise ValidationError(f"What follows the question mark is for PostgreSQL's client: {str(wrong).strip()}.") from None


def _mail(url: str) -> None:
    """smtp://user:password@host:port, smtps://…, or nothing."""
    if url and not _address(url, ("smtp", "smtps")).hostname:
        raise ValidationError("The host is missing: smtp://user:password@host:port.")


def _address(url: str, schemes: tuple[str, ...]) -> SplitResult:
    """Its parts; the value itself is not shown when it is wrong, it can hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValidationError("The port is not a number from 1 to 65535, or the host is not written as one.") from None
    if url and parts.scheme not in schemes:
        raise ValidationError(f"It begins with none of: {', '.join(f'{scheme}://' for scheme in schemes)}. Empty is allowed too.")
    if port == 0:
        raise ValidationError("The port is not a number from 1 to 65535.")
    return parts


@dataclass(frozen=True, slots=True)
class Option:
    """One variable. `kind` names the environs parser ("str", "bool", "int", "list", "path"); `fits` looks at what it gave."""

    name: str
    kind: str
    default: Any
    help: str
    fits: Fits | None = None


OPTIONS = (
    Option("FANGTANG_HOME", "path", Path("var"), "Folder for the database, uploads, snapshots and logs of this instance."),
    Option("FANGTANG_SECRET_KEY", "str", "", "Key for sessions and signatures. Empty: one is made on first start and kept in the home folder."),
    Option("FANGTANG_DEBUG", "bool", False, "Show tracebacks in the browser. Never in production."),
    Option(
        "DATABASE_URL",
        "str",
        "",
        "postgres://user:password@host:port/name?sslmode=require; what follows the ? is for PostgreSQL's client. Empty: SQLite in the home folder.",
        fits=_database,
    ),
    Option("PORT", "int", 8000, "Port of the embedded server.", fits=_number(1, 65535)),
    Option("FANGTANG_BIND", "str", "127.0.0.1", "Address the embedded server listens on."),
    Option("FANGTANG_PUBLIC_SCHEME", "str", "http", "Scheme of the public sites' addresses (http or https).", fits=_one_of("http", "https")),
    Option("FANGTANG_DESK_HOSTS", "list", ["localhost", "127.0.0.1", "desk.localhost"], "Host names under which the desk answers."),
    Option("FANGTANG_DESK_URL", "str", "", "Address of the desk in mails. Empty: http://desk.localhost:PORT."),
    Option("FANGTANG_MAIL_URL", "str", "", "smtp://user:password@host:port, or smtps://. Empty: mails are written as files into the home folder.", fits=_mail),
    Option("FANGTANG_MAIL_FROM", "str", "Fangtang <noreply@fangtang.example>", "Sender of notices."),
    Option("FANGTANG_TIME_ZONE", "str", "Asia/Shanghai", "Timezone of the body: its days, deadlines and shown times.", fits=_time_zone),
    Option(
        "FANGTANG_LANGUAGE",
        "str",
        "zh-hans",
        "Language of the desk for people who chose none (zh-hans, zh-hant, en).",
        fits=_one_of("zh-hans", "zh-hant", "en"),
    ),
    Option("FANGTANG_WORKERS", "int", 1, "Background workers of the embedded engine.", fits=_number(1, 64)),
    Option(
        "FANGTANG_BUILDERS",
        "int",
        0,
        "Processes that draw a large site together, or a release to many sites (two at most). 0: as many as the machine has processors.",
        fits=_number(0, 64),
    ),
    Option("FANGTANG_UPLOAD_MOST_BYTES", "int", 20 * 1024 * 1024, "Largest file that an editor may upload.", fits=_number(1, 2**31)),
    Option(
        "FANGTANG_KEYS",
        "str",
        "",
        "Folder of the keys that sign what the sites show; only the process that builds needs to read it. Empty: keys in the home folder.",
    ),
    Option(
        "FANGTANG_GUARD",
        "str",
        "",
        "Folder of the guard, which watches what the sites show and keeps right copies. On a server one that the builder cannot write to. "
        "Empty: guard in the home folder.",
    ),
    Option("FANGTANG_RECORD_DAYS", "int", 7, "Days until the signed record of a site ends unless it is renewed; mirrors notice by then.", fits=_number(1, 90)),
    Option("FANGTANG_KEEP_DAYS", "int", 30, "Days for which a snapshot of a site can be gone back to after another took its place.", fits=_number(1, 3650)),
    Option("FANGTANG_SWEEP_SECONDS", "int", 5, "How often the sweeper looks for work that a killed worker left.", fits=_number(1, 3600)),
)


def read(env: Env) -> dict[str, Any]:
    """All options by name. Raises environs.EnvValidationError naming every wrong variable at once."""
    values = {option.name: getattr(env, option.kind)(option.name, option.default, **({"validate": option.fits} if option.fits else {})) for option in OPTIONS}
    env.seal()
    return values

"""What went wrong, as one line for an operator: what it is and what to do. What has no line here is unexpected and keeps its traceback."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from environs import EnvValidationError

from fangtang.kernel.errors import FangtangError, NotPossible

SENTENCES = {
    "people.body_founded": "This database belongs to {name} already.",
    "snapshots.unknown_root": "The site {site_key} never stood at the root {root}. Its roots: fangtang site log {site_key}",
    "snapshots.nothing_earlier": "The site {site_key} has no earlier root to go back to. Its roots: fangtang site log {site_key}",
    "snapshots.builder_busy": "Another process is building the sites. Try again in a moment.",
    "snapshots.store_busy": "Another process is writing the site {site_key}. Try again in a moment.",
    "snapshots.store_full": "The snapshots could not be written ({reason}). Look at the disk below FANGTANG_HOME.",
    "snapshots.collected": "The files of {root} were given up since. What is kept: fangtang site log {site_key}",
    "snapshots.key_unreadable": "The key {file} cannot be read ({reason}). Only the owner of the builder's process may read it; see FANGTANG_KEYS.",
    "snapshots.key_not_trusted": "The key {file} is not among those that the newest trust names. Which they are: fangtang keys show",
    "snapshots.untrusted": "This is not signed as it must be ({reason}).",
    "snapshots.no_trust": "Nothing was signed here yet: the keys are made with the first release. Begin with: fangtang site build --all",
    "snapshots.trust_lost": "The trust below {folder} is gone, and the root key {file} is not here to begin anew. Put one of the two back from a copy.",
    "snapshots.trust_differs": "The trust below {folder} contradicts the copy below {copies}. Find out who changed which before anything is signed.",
    "snapshots.root_not_trusted": "The key {file} is not a root key of the newest trust. Which they are: fangtang keys show",
    "snapshots.never_built": "The site {site_key} was never built. Build it with: fangtang site build {site_key}",
    "snapshots.unknown_serial": "The site {site_key} has no snapshot with the serial {serial}. Those it has: fangtang site log {site_key}",
    "snapshots.serial_of_one": "--serial goes with the key of one site: every site counts its own.",
    "snapshots.ambiguous_root": "Several roots of the site {site_key} begin with {root}. Write more of it.",
    "snapshots.damaged": "{site_key}: /{path} is {reason} in the store, and was not exported. See: fangtang site verify {site_key}",
    "snapshots.export_foreign": "{place} is neither empty nor an export of ours. Choose an empty place.",
    "snapshots.export_other_site": "{place} holds an export of the site {found}, not of {site_key}.",
    "snapshots.export_in_the_way": "{path} is a link to elsewhere. Take it away: nothing is written through it.",
    "snapshots.export_busy": "Another export writes {place} just now. Try again when it has ended.",
    "snapshots.export_failed": "{place} could not be written ({reason}).",
    "snapshots.export_address": "{address} is not written as s3://bucket/prefix.",
    "snapshots.export_unchecked": "--check is for folders: files and buckets are compared anyway, or written anew.",
    "snapshots.bucket_failed": "{place} could not be written ({reason}). Run it again: what is there stays and is not sent twice.",
    "snapshots.no_obstore": "Exports to a bucket need one more package: pip install 'fangtang[s3]'",
    "snapshots.store_unwritable": "The snapshots could not be written ({reason}). Look at the disk below FANGTANG_HOME, and who owns it.",
    "snapshots.papers_damaged": "{file} is damaged ({reason}). Put it back from a copy, take away what is wrong in it, or let `fangtang site build KEY` "
    "build the site anew; until then nothing rests on it.",
    "snapshots.export_inside": "{place} lies inside the snapshots. Choose a place elsewhere: what lies there is cleared.",
    "snapshots.export_endpoint": "{endpoint} is no address of a bucket service. Write it as https://host.",
    "snapshots.bad_nginx_setting": "“{setting}” does not fit into a line of nginx's configuration.",
    "snapshots.bad_site_key": "{site_key} is no key of a site.",
}

NO_TABLE = re.compile(r"no such (table|column)")
NOT_MADE = "The tables of the database are missing, or older than this version. Make them with: fangtang migrate"
UNREACHABLE = "The database cannot be reached: {reason}. Look at DATABASE_URL, and whether the database server runs."
BUSY = "The database is busy: another process has been writing to it for long. Try again in a moment."
UNUSABLE = "The database file cannot be used ({reason}). Look at FANGTANG_HOME, and run as the owner of that folder."


def setting(wrong: EnvValidationError | ImproperlyConfigured) -> str:
    """Which variables are wrong, and how."""
    if isinstance(wrong, ImproperlyConfigured):
        return str(wrong)
    if not isinstance(wrong.error_messages, Mapping):
        return str(wrong)
    said = (f"{name}: {' '.join(map(str, reasons))}" for name, reasons in sorted(wrong.error_messages.items()))
    return "\n".join(said) + " (What each takes: docs/reference/settings.md)"


def refusal(error: FangtangError) -> str:
    """A sentence, its reasons, or the code and its data where nobody wrote a sentence."""
    if error.code in SENTENCES:
        return SENTENCES[error.code].format_map(error.data)
    if isinstance(error, NotPossible):
        return str(error)
    from fangtang.people.presenters import SENTENCES as OF_PEOPLE
    from fangtang.releases.presenters import failure

    return str(OF_PEOPLE[error.code]) if error.code in OF_PEOPLE else _with_data(failure(error.code, error.data), error)


def _with_data(said: str, error: FangtangError) -> str:
    return str(error) if said == error.code else said


def database(error: DatabaseError) -> str | None:
    """Missing tables, a server that does not answer, a file that cannot be used; None for what is unexpected."""
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return NOT_MADE
    if isinstance(cause, psycopg.OperationalError) and not cause.sqlstate:
        return UNREACHABLE.format(reason=_why(cause))
    if isinstance(cause, sqlite3.OperationalError):
        return _of_the_file(str(cause))
    return None


def _of_the_file(reason: str) -> str | None:
    if NO_TABLE.search(reason):
        return NOT_MADE
    if "locked" in reason:
        return BUSY
    return UNUSABLE.format(reason=reason) if "unable to open" in reason or "readonly" in reason else None


def _why(cause: psycopg.OperationalError) -> str:
    """The last line of what PostgreSQL's client says; the pool says only that it waited, so one plain connection is tried."""
    from django.db import connection

    wanted = {name: value for name, value in connection.get_connection_params().items() if name not in {"pool", "cursor_factory", "context"}}
    try:
        psycopg.connect(**{**wanted, "connect_timeout": 3}).close()
    except psycopg.Error as reason:
        cause = reason if isinstance(reason, psycopg.OperationalError) else cause
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return (lines[0] if lines else "no answer").rstrip(".")

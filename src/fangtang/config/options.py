"""Everything an operator can set, as one flat list of environment variables.

`docs/reference/settings.md` is generated from this list; a setting that is read elsewhere fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env


@dataclass(frozen=True, slots=True)
class Option:
    """One variable. `kind` names the environs parser ("str", "bool", "int", "list", "path", "url")."""

    name: str
    kind: str
    default: Any
    help: str


OPTIONS = (
    Option("FANGTANG_HOME", "path", Path("var"), "Folder for the database, uploads, snapshots and logs of this instance."),
    Option("FANGTANG_SECRET_KEY", "str", "", "Key for sessions and signatures. Empty: one is made on first start and kept in the home folder."),
    Option("FANGTANG_DEBUG", "bool", False, "Show tracebacks in the browser. Never in production."),
    Option("DATABASE_URL", "str", "", "postgres://user:password@host:port/name. Empty: SQLite in the home folder."),
    Option("PORT", "int", 8000, "Port of the embedded server."),
    Option("FANGTANG_BIND", "str", "127.0.0.1", "Address the embedded server listens on."),
    Option("FANGTANG_PUBLIC_SCHEME", "str", "http", "Scheme of the public sites' addresses (http or https)."),
    Option("FANGTANG_DESK_HOSTS", "list", ["localhost", "127.0.0.1", "desk.localhost"], "Host names under which the desk answers."),
    Option("FANGTANG_DESK_URL", "str", "", "Address of the desk in mails. Empty: http://desk.localhost:PORT."),
    Option("FANGTANG_MAIL_URL", "str", "", "smtp://user:password@host:port, or smtps://. Empty: mails are written as files into the home folder."),
    Option("FANGTANG_MAIL_FROM", "str", "Fangtang <noreply@fangtang.example>", "Sender of notices."),
    Option("FANGTANG_TIME_ZONE", "str", "Asia/Shanghai", "Timezone of the body: its days, deadlines and shown times."),
    Option("FANGTANG_LANGUAGE", "str", "zh-hans", "Language of the desk for people who chose none (zh-hans, zh-hant, en)."),
    Option("FANGTANG_WORKERS", "int", 1, "Background workers of the embedded engine."),
    Option("FANGTANG_UPLOAD_MOST_BYTES", "int", 20 * 1024 * 1024, "Largest file that an editor may upload."),
    Option("FANGTANG_SWEEP_SECONDS", "int", 5, "How often the sweeper looks for work that a killed worker left."),
)


def read(env: Env) -> dict[str, Any]:
    """All options by name. Raises environs.EnvValidationError naming every wrong variable at once."""
    values = {option.name: getattr(env, option.kind)(option.name, option.default) for option in OPTIONS}
    env.seal()
    return values

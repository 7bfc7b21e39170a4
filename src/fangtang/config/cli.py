"""The one command, `fangtang`.

Commands of two words are Django management commands whose names are joined: `fangtang import articles` runs `import_articles`. `up`, `stack`,
`found` and `digest` are the embedded server's own; `commands` lists them all.
"""

from __future__ import annotations

import logging
import os
import sys
from difflib import get_close_matches

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from environs import EnvValidationError
from rich.console import Console

from fangtang import __version__
from fangtang.config import commands, failures, home
from fangtang.kernel.errors import FangtangError

TWO_WORDS = {("import", "articles"): "import_articles", ("import", "units"): "import_units"}
TOLD = {"--help", "-h", "--version", "version", "import"}


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its status: 0 done, 1 refused or failed, 2 not understood (the words, or a setting)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangtang.config.settings")
    words = joined(list(sys.argv[1:] if arguments is None else arguments))
    try:
        sys.exit(_told(words) if words in ([], ["help"]) or words[0] in TOLD else _run(words))
    except (EnvValidationError, ImproperlyConfigured) as wrong:
        _leave(failures.setting(wrong), status=2)
    except FangtangError as error:
        _leave(failures.refusal(error), status=1)
    except DatabaseError as error:
        said = failures.database(error)
        if said is None or "--traceback" in words:
            raise
        _leave(said, status=1)


def _leave(said: str, *, status: int) -> None:
    Console(stderr=True).print(said, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(status)


def _told(words: list[str]) -> int:
    """What needs no settings and no home: our list of commands, our version."""
    if words and words[0] in {"--version", "version"}:
        sys.stdout.write(f"Fangtang {__version__}\n")
        return 0
    if words and words[0] == "import":
        is_asked = words[1:] in (["--help"], ["-h"])
        (sys.stdout if is_asked else sys.stderr).write(commands.importing())
        return 0 if is_asked else 2
    sys.stdout.write(commands.overview())
    return 0


def _run(words: list[str]) -> int:
    import django

    is_asking = words[0] in {"help", "django-help"} or {"--help", "-h"} & set(words)
    if not is_asking and (words[0] in commands.names() or home.place().is_dir()):
        home.prepare()
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it tells of every try; `failures` tells why, once
    if words[0] in {"up", "stack"}:
        from fangtang.config import stack

        return stack.run(words)
    django.setup()
    if words[0] == "digest":
        from fangtang.config import digest

        return digest.run(words[1:])
    if words[0] == "found":
        from fangtang.config import founding

        return founding.run(words[1:], Console())
    return _django(words)


def _django(words: list[str]) -> int:
    from django.core.management import execute_from_command_line, get_commands

    if words[0] == "django-help":
        words = ["help", *words[1:]]
    elif words[0] != "help" and words[0] not in get_commands():
        return _unknown(words[0], known=[*get_commands(), *commands.names()])
    execute_from_command_line(["fangtang", *words])
    return 0


def _unknown(word: str, *, known: list[str]) -> int:
    near = get_close_matches(word, known, n=1)
    hint = f" Did you mean: fangtang {near[0].replace('import_', 'import ')}?" if near else ""
    sys.stderr.write(f"Fangtang has no command “{word}”.{hint} All of them: fangtang --help\n")
    return 2


def joined(words: list[str]) -> list[str]:
    """`["import", "articles", "f"]` → `["import_articles", "f"]`; anything else stays."""
    name = TWO_WORDS.get((words[0], words[1])) if len(words) > 1 else None
    return [name, *words[2:]] if name else words

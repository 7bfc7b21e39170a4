"""The one command, `fangtang`.

Commands of two words are Django management commands whose names are joined: `fangtang import articles` runs `import_articles`. `up`, `stack`
and `digest` are the embedded server's own.
"""

from __future__ import annotations

import os
import sys

from rich.console import Console

from fangtang.kernel.errors import FangtangError

TWO_WORDS = {("import", "articles"): "import_articles", ("import", "units"): "import_units"}


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its status: 0 done, 1 refused or failed, 2 not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangtang.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    words = joined(words)
    try:
        if words[:1] in (["up"], ["stack"]):
            from fangtang.config import stack

            sys.exit(stack.run(words))
        if words[:1] == ["digest"]:
            import django

            from fangtang.config import digest

            django.setup()
            sys.exit(digest.run())
        from django.core.management import execute_from_command_line

        execute_from_command_line(["fangtang", *words])
    except FangtangError as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        sys.exit(1)


def joined(words: list[str]) -> list[str]:
    """`["import", "articles", "f"]` → `["import_articles", "f"]`; anything else stays."""
    name = TWO_WORDS.get((words[0], words[1])) if len(words) > 1 else None
    return [name, *words[2:]] if name else words

"""The embedded stack: web server, background workers and sweeper in one process tree under one parent.

fangtang up            prepare, start, stay in the foreground; Ctrl-C stops everything
fangtang stack up      the same, in the background; returns when it answers
fangtang stack down    stop it in order
fangtang stack kill9   kill the whole tree at one instant, as a power cut would
fangtang stack status  say whether it runs, where
"""

from __future__ import annotations

from functools import partial

from rich.console import Console

from fangtang.config.stack import control, preparing
from fangtang.config.stack.supervisor import hold

USAGE = "fangtang up | fangtang stack up|down|kill9|status"
IN_FRONT = "Ctrl-C stops everything; `make up` goes on with the same data; `make clean` starts over."
IN_BACKGROUND = "It goes on in the background; `fangtang stack down` stops it, `fangtang stack up` goes on with the same data."


def run(words: list[str]) -> int:
    """Run one of the commands above; the exit status."""
    console = Console()
    match words:
        case ["up"]:
            return _up(console)
        case ["stack", "up"]:
            return _start(console)
        case ["stack", "hold", *_]:
            return hold()
        case ["stack", "down"]:
            return control.stop(console)
        case ["stack", "kill9"]:
            return control.kill(console)
        case ["stack", "status"]:
            return control.status(console)
        case [_, *asked]:
            console.print(USAGE, markup=False)
            return 0 if {"--help", "-h"} & set(asked) else 2
        case _:
            return 2


def _start(console: Console) -> int:
    if not preparing.prepare(console):
        return 1
    running = control.start(console)
    if running:
        preparing.announce(console, running.port, end=IN_BACKGROUND)
    return 0 if running else 1


def _up(console: Console) -> int:
    if not preparing.prepare(console):
        return 1
    return control.stay(console, announce=partial(preparing.announce, end=IN_FRONT))

"""The parent of the tree: starts the parts, starts again what dies, ends them all with itself.

It leads a process group of its own, so that the whole tree can be killed at one instant. When it was started attached
(`--attached`), it also ends as soon as its standard input closes: whoever started it is gone.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from django.conf import settings

from fangtang.config.stack import state

CALM_SECONDS = 30.0
"""A part that ran this long is started again at once; one that dies sooner waits, twice as long each time, up to this."""

WEB_THREADS = 3
"""Python threads of the web server. More of them cost every public page processor time (they contend for the interpreter: bench/README.md)."""
CONNECTIONS = 16_384
"""Connections open at once; granian counts idle ones too, and makes others wait outside."""
BACKLOG = 4096


@dataclass(slots=True)
class Part:
    """One child process and how it has fared."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait_seconds: float = 0.5
    start_at: float = 0.0
    log: IO[bytes] | None = field(default=None, repr=False)

    def start(self, folder: Path) -> None:
        self.log = self.log or (folder / f"{self.name}.log").open("ab")
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)  # noqa: S603
        self.started = time.monotonic()

    def tend(self, folder: Path) -> None:
        """Start it when it is due; note when it died and when it is due again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start(folder)
        elif self.process.poll() is not None:
            self.wait_seconds = 0.5 if now - self.started > CALM_SECONDS else min(self.wait_seconds * 2, CALM_SECONDS)
            self.start_at, self.process = now + self.wait_seconds, None


def parts() -> list[Part]:
    """The processes of the embedded stack. Another engine replaces `worker` without touching the rest."""
    options = settings.OPTIONS
    here = Path(sys.executable).parent
    fangtang = [sys.executable, "-m", "fangtang"]
    web = [
        str(here / "granian"),
        "--interface=wsgi",
        f"--host={options['FANGTANG_BIND']}",
        f"--port={settings.PORT}",
        "--workers=1",
        f"--blocking-threads={WEB_THREADS}",
        f"--backlog={BACKLOG}",
        f"--backpressure={CONNECTIONS}",
        "--no-ws",
        "--log-level=warning",
        "--respawn-failed-workers",
        f"--static-path-route={settings.STATIC_URL.rstrip('/')}",
        f"--static-path-mount={settings.STATIC_ROOT}",
        "fangtang.config.server:application",
    ]
    guard = [*fangtang, "guard", f"--store={settings.SNAPSHOT_ROOT}", f"--home={settings.GUARD}"]
    return [Part("guard", guard), Part("web", web), Part("worker", [*fangtang, "run_huey", "--quiet"]), Part("sweeper", [*fangtang, "sweep", "--loop"])]


def hold() -> int:
    """Run until told to stop (SIGTERM, SIGINT) or until the starter is gone; the exit status."""
    if os.getpid() != os.getpgrp():
        os.setpgrp()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)  # for CONNECTIONS, as far as we may
    folder = settings.HOME / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    children = parts()
    state.write(port=settings.PORT)
    attached = "--attached" in sys.argv
    while not stopping:
        for part in children:
            part.tend(folder)
        if attached and select.select([sys.stdin], [], [], 0)[0] and not os.read(sys.stdin.fileno(), 1):
            break
        time.sleep(0.2)
    _end(children)
    state.forget()
    return 0


def _end(children: list[Part]) -> None:
    """Ask every part to end, wait ten seconds, then end them."""
    alive = [part.process for part in children if part.process and part.process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + 10
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()

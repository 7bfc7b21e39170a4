"""The server of a mirror: granian in a child process, started again when it ends, gone when the mirror goes, however it goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from fangtang.snapshots.mirror.served import HOSTS, STORE

STOP_SECONDS = 15


class Server:
    """`address` is HOST:PORT; `hosts` maps host names to site keys."""

    def __init__(self, store: Path, address: str, hosts: Mapping[str, str]) -> None:
        host, _, port = address.rpartition(":")
        self._command = [sys.executable, "-m", "fangtang.snapshots.mirror.server", host.strip("[]"), port]
        self._environment = {**os.environ, STORE: str(store.resolve()), HOSTS: json.dumps(dict(hosts))}
        self._process = self._start()

    def look_after(self) -> bool:
        """Start it again when it ended; whether that was so. Call it from the thread that made the server: the child dies with that thread."""
        if self._process.poll() is None:
            return False
        self._end_workers()
        self._process = self._start()
        return True

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._end_workers()

    def _end_workers(self) -> None:
        """Workers outlive a granian that was killed, and would keep its port."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _start(self) -> subprocess.Popen[bytes]:
        """In a process group of its own."""
        return subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  (our own program)

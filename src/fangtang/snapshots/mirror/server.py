"""Becomes granian, as a process that ends when its parent does (Linux): `python -m fangtang.snapshots.mirror.server HOST PORT`."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(host: str, port: str) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    about = ["--interface=wsgi", f"--host={host}", f"--port={port}", "--workers=1", "--blocking-threads=8", "--no-ws", "--log-level=warning"]
    program = [sys.executable, "-m", "granian", *about, "--respawn-failed-workers", "fangtang.snapshots.mirror.served:application"]
    os.execv(sys.executable, program)  # noqa: S606  (our own program)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Starting, watching and ending the supervisor from outside."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from rich.console import Console

from fangtang.config.stack import state

READY_SECONDS = 60.0


def _spawn(*, attached: bool) -> subprocess.Popen[bytes]:
    log = (settings.HOME / "logs").joinpath("supervisor.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fangtang", "stack", "hold", *(["--attached"] if attached else [])]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE if attached else subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )


def answers(port: int) -> bool:
    """Whether the desk's sign-in page answers on this port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/desk/login/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_until_ready(process: subprocess.Popen[bytes], console: Console) -> state.Running | None:
    deadline = time.monotonic() + READY_SECONDS
    with console.status("Starting the server …"):
        while time.monotonic() < deadline and process.poll() is None:
            if answers(settings.PORT):
                return state.read()
            time.sleep(0.1)
    console.print(f"[red]The server did not answer within {READY_SECONDS:.0f} seconds.[/red] Look into {settings.HOME}/logs/.")
    if process.poll() is None:
        process.terminate()
    return None


def start(console: Console) -> state.Running | None:
    """Start in the background; None when it does not come up (said on the console)."""
    return _wait_until_ready(_spawn(attached=False), console)


def stay(console: Console, *, announce: Callable[[Console, int], None]) -> int:
    """Start and stay with it until Ctrl-C (or SIGTERM), then stop everything."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    process = _spawn(attached=True)
    try:
        running = _wait_until_ready(process, console)
        if running is None:
            return 1
        announce(console, running.port)
        return process.wait()
    except KeyboardInterrupt:
        console.print("\n· Stopping …")
        process.terminate()
        process.wait()
        console.print("· Stopped. `make up` goes on with the same data.")
        return 0


def stop(console: Console) -> int:
    """Stop in order; 0 also when nothing ran."""
    running = state.read()
    if running is None:
        console.print("· The stack is not running.")
        return 0
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while (state.read() or state.group(running.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return 0 if state.read() is None else 1


def kill(console: Console) -> int:
    """SIGKILL to the whole process group at once; 1 when nothing ran."""
    running = state.read()
    if running is None:
        console.print("· The stack is not running.")
        return 1
    os.killpg(running.pid, signal.SIGKILL)
    return 0


def status(console: Console) -> int:
    """Say where it runs; 0 when it does."""
    running = state.read()
    console.print(f"· Running on port {running.port} (process {running.pid})." if running else "· The stack is not running.")
    return 0 if running else 1

"""What is known about the running stack: one small file in the home folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

ENDED = ("Z", "X")
"""Letters by which the kernel marks dead processes in /proc/PID/stat (proc(5))."""


@dataclass(frozen=True, slots=True)
class Running:
    """The supervisor's process id (also its process group), the port, and when the process began (clock ticks since boot, from the kernel)."""

    pid: int
    port: int
    born: int


def _path() -> Path:
    return Path(settings.HOME) / "stack.json"


def _born(pid: int) -> int:
    """Start time of a process, so that a reused process id is not taken for ours; 0 when it does not run.

    A killed process that nobody has asked about yet (a zombie: in a container often for ever) does not run.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    condition, *numbers = stat.rpartition(")")[2].split()
    return 0 if condition in ENDED else int(numbers[18])


def write(*, port: int) -> None:
    """Say that this process is the supervisor now."""
    running = Running(pid=os.getpid(), port=port, born=_born(os.getpid()))
    path = _path()
    path.with_suffix(".new").write_text(json.dumps(asdict(running)))
    path.with_suffix(".new").replace(path)


def read() -> Running | None:
    """The running stack, or None; a file left by a killed one counts as None."""
    try:
        running = Running(**json.loads(_path().read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return running if _alive(running) else None


def _alive(running: Running) -> bool:
    if Path("/proc").is_dir():
        return _born(running.pid) == running.born != 0
    try:
        os.kill(running.pid, 0)
    except ProcessLookupError:
        return False
    return True


def forget() -> None:
    """The stack has ended."""
    _path().unlink(missing_ok=True)


def group(pid: int) -> list[int]:
    """Process ids that still run in the group that this process led; [] where the kernel does not tell (no /proc)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            condition, *numbers = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(numbers[1]) == pid and condition not in ENDED:
            found.append(int(entry.name))
    return found

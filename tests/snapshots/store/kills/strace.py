"""Striking a process at one of its system calls, with strace(1): a signal on entering the call, so that it never happens, or an error in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import needed

WRITING = (
    *("open", "openat", "openat2", "creat", "write", "writev", "pwrite64", "pwritev", "sendfile", "copy_file_range", "fallocate", "truncate", "ftruncate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("chmod", "fchmod", "fchmodat", "chown", "fchown", "utime", "utimes", "futimesat", "utimensat", "setxattr", "fsetxattr"),
    *("fsync", "fdatasync", "syncfs", "sync", "sync_file_range", "flock", "mknodat"),
)
"""Calls that write, or that a write depends on. Opening counts whatever for: which of them make a file is not told apart."""
OPENING = frozenset({"open", "openat", "openat2", "creat"})
"""Calls of which Python makes many before it comes to the store."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one kind in one run: `first` is the number (from 1) of the first that concerns the store, `last` that of the last."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Struck:
    """How a run ended: its exit status, negative for a signal, and whether it came to the call at all."""

    status: int
    was_hit: bool
    said: str


@pytest.fixture(scope="session")
def strace() -> str:
    """Its path."""
    program = needed("strace", "it kills publishers at their system calls (apt-get install strace)")
    if subprocess.run([program, "-o", "/dev/null", "true"], check=False, capture_output=True).returncode:
        pytest.skip("strace may not trace here (ptrace is forbidden: see kernel.yama.ptrace_scope, or the container's seccomp profile)")
    return program


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def environment() -> dict[str, str]:
    """Equal runs make equal calls: no bytecode is written, sets have one order."""
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def counted(strace: str, run: list[str], folder: Path, log: Path) -> list[Calls]:
    """Run to the end; what it called."""
    wanted = ",".join(f"?{name}" for name in WRITING)
    subprocess.run([strace, "-f", "-qq", "-y", "-o", log, "-e", f"trace={wanted}", *run], env=environment(), check=True, cwd=_tree())
    first: dict[str, int] = {}
    last: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        kind = line.split(None, 1)[1].partition("(")[0]
        last[kind] += 1
        if kind not in OPENING or str(folder) in line:
            first.setdefault(kind, last[kind])
    return [Calls(kind, first[kind], last[kind]) for kind in sorted(first)]


def struck(strace: str, run: list[str], kind: str, number: int, action: str, log: Path) -> Struck:
    """Run with `action` ("signal=SIGKILL", "error=EIO") at the call of this kind with this number."""
    inject = ["-e", f"trace={kind}", "-e", f"inject={kind}:{action}:when={number}"]
    done = subprocess.run([strace, "-f", "-qq", "-o", log, *inject, *run], env=environment(), check=False, cwd=_tree(), capture_output=True, text=True)
    return Struck(done.returncode, "(INJECTED)" in log.read_text(errors="replace") or done.returncode < 0, done.stderr)


def strikes(every: list[Calls], *, stride: int, start: int) -> Iterator[tuple[Calls, Iterator[int]]]:
    """For each kind the numbers of the calls to strike: every `stride`-th of all calls, from the `start`-th (from 0). With a stride of 1 they go on
    beyond the last, for a later run may call more often: the caller stops when a run no longer comes that far."""
    for calls in every:
        yield calls, (count(calls.first) if stride == 1 else iter(range(calls.first + start, calls.last + 1, stride)))
        start = (start - (calls.last - calls.first + 1)) % stride


def _tree() -> Path:
    return Path(__file__).parents[4]

"""The command itself, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.snapshots.mirror.conftest import Line, trust_document

ROOT = Path(__file__).parents[3]


def words(line: Line, *more: str, once: bool = True) -> list[str]:
    """`python -m fangtang.snapshots.mirror` for this line."""
    trust = line.folder.parent / "trust.json"
    trust.write_bytes(trust_document())
    program = [sys.executable, "-m", "fangtang.snapshots.mirror", "--host", "portal.test", "--site", "portal", "--trust", str(trust)]
    return [*program, "--from", line.middle.url, "--into", str(line.folder), "--silence-seconds", "2", *(["--once"] if once else []), *more]


def run(line: Line, *more: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(words(line, *more), env=environment(fault), text=True, capture_output=True, timeout=60, check=False)


def start(line: Line, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(words(line, *more, once=False), env=environment(), text=True, stdout=subprocess.PIPE)


def environment(fault: str = "") -> dict[str, str]:
    return os.environ | {"FANGTANG_FAULT": fault, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment(), text=True, capture_output=True, timeout=60, check=False)

"""Fault points kill exactly when asked."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = "from fangtang.kernel import faults\nfor n in range(5):\n    faults.point('store.switch')\n    print(n, flush=True)\n"


def run(fault: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCRIPT], env=os.environ | {"FANGTANG_FAULT": fault}, capture_output=True, text=True, check=False)


def test_the_process_dies_at_the_pass_asked_for() -> None:
    killed = run("store.switch:3")
    assert killed.returncode == -9
    assert killed.stdout.split() == ["0", "1"]


def test_other_points_pass() -> None:
    assert run("store.other:1").returncode == 0
    assert run("").returncode == 0

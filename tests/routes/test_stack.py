"""`make up` as people meet it: a taken port, Ctrl-C, a part that dies, a power cut, the next start."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stacks import Stack

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 60.0


def until(look: Callable[[], object], *, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def parts(stack: Stack) -> dict[str, int]:
    """The supervisor's children by what they run."""
    found = {}
    for process in stack.processes():
        words = Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
        for name in ("stack hold", "granian", "run_huey", "sweep --loop"):
            if name in words:
                found[name] = min(process, found.get(name, process))
    return found


def test_a_taken_port_is_said_and_another_is_offered(stack: Stack) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", stack.port))
        other.listen()
        for command in (("up",), ("stack", "up")):
            refused = stack.run(*command)
            assert refused.returncode == 1
            offered = re.search(r"make up PORT=(\d+)", refused.stdout)
            assert f"Port {stack.port} is taken" in refused.stdout
            assert offered
            assert int(offered[1]) != stack.port
    assert not stack.processes()


def test_ctrl_c_stops_everything(stack: Stack) -> None:
    command = [sys.executable, "-u", "-m", "fangtang", "up"]
    with subprocess.Popen(command, env=stack.environment, stdout=subprocess.PIPE, text=True, start_new_session=True) as starter:
        said = []
        for line in starter.stdout or ():
            said.append(line)
            if "Ctrl-C stops everything" in line:
                break
        text = "".join(said)
        assert "The reference city is there" in text
        assert f"http://localhost:{stack.port}/desk/" in text
        assert stack.password("an") in text
        assert stack.get("/desk/login/").status == 200
        assert stack.get("/", host="www.localhost").status == 200
        assert str(stack.port) in stack.fangtang("stack", "status")
        assert {"stack hold", "granian", "run_huey", "sweep --loop"} <= set(parts(stack))

        starter.send_signal(signal.SIGINT)
        assert "Stopped" in (starter.stdout.read() if starter.stdout else "")
        assert starter.wait(20) == 0
    assert not stack.processes()


def test_everything_ends_with_whoever_started_it(stack: Stack) -> None:
    command = [sys.executable, "-m", "fangtang", "stack", "hold", "--attached"]
    with subprocess.Popen(command, env=stack.environment, stdin=subprocess.PIPE) as starter:
        until(lambda: len(parts(stack)) == 4, what="it did not start")
        assert starter.stdin
        starter.stdin.close()
        starter.wait(20)
    until(lambda: not stack.processes(), what="orphans are left")


def test_a_dead_part_comes_back_and_a_power_cut_leaves_nothing_behind(stack: Stack) -> None:
    before = stack.rows("SELECT count(*) FROM articles_article")
    assert stack.run("stack", "status").returncode == 1
    said = stack.fangtang("stack", "up")
    assert ("fangtang stack down" in said, "Ctrl-C" in said) == (True, False), "nothing is in front that Ctrl-C could stop"
    again = stack.run("up")
    assert (again.returncode, "runs already" in again.stdout) == (1, True)

    web, many = parts(stack)["granian"], len(stack.processes())
    os.kill(web, signal.SIGKILL)
    until(lambda: parts(stack).get("granian", web) != web and answers(stack), what="the server did not come back")
    until(lambda: len(stack.processes()) == many, what="something of the dead server goes on")

    stack.fangtang("stack", "kill9")
    until(lambda: not stack.processes(), what="something outlived kill9")
    assert stack.run("stack", "status").returncode == 1
    assert stack.run("stack", "kill9").returncode == 1

    assert "going on with its data" in stack.fangtang("stack", "up")
    assert stack.rows("SELECT count(*) FROM articles_article") == before
    assert answers(stack)
    stack.fangtang("stack", "down")
    assert not stack.processes()


def answers(stack: Stack) -> bool:
    try:
        return stack.get("/desk/login/").status == 200
    except OSError:
        return False

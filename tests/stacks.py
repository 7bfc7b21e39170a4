"""A whole instance in processes of its own, as people run it: a small city seeded once a run, copied for each test, on a free port."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

SIZE = 40
"""Articles of the small city: enough for a front page, and for one turn of each state to be under way."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Stack:
    """One instance: its home folder, its port."""

    home: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tests' own settings, or of whoever runs them."""
        ours = ("FANGTANG_", "DJANGO_", "DATABASE_URL", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"FANGTANG_HOME": str(self.home), "PORT": str(self.port), "FANGTANG_LANGUAGE": "en"}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`fangtang WORDS`, to its end."""
        command = [sys.executable, "-m", "fangtang", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=240, check=False)

    def fangtang(self, *words: str) -> str:
        """What `fangtang WORDS` prints; it must succeed."""
        done = self.run(*words)
        assert done.returncode == 0, f"fangtang {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        """The last words of every process."""
        return "\n".join(f"== {log.name}\n{log.read_text()[-2000:]}" for log in sorted((self.home / "logs").glob("*.log")))

    def get(self, path: str, *, host: str = "localhost") -> Answer:
        """One request over a socket, redirects not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, asked in SQL."""
        with closing(sqlite3.connect(f"file:{self.home}/fangtang.sqlite3?mode=ro", uri=True)) as connection:
            return connection.execute(question, values).fetchall()

    def processes(self) -> set[int]:
        """Every living process that works for this instance."""
        mark = f"FANGTANG_HOME={self.home}".encode()
        return {int(process.name) for process in Path("/proc").iterdir() if process.name.isdecimal() and mark in _surroundings(process)}

    def password(self, login: str) -> str:
        """Of somebody whom the seed printed; everybody of the demo has the same."""
        logins = json.loads((self.home / "demo-logins.json").read_text())
        return next((row["password"] for row in logins if row["login"] == login), logins[0]["password"])


def _surroundings(process: Path) -> list[bytes]:
    """The environment of a process that is alive; [] of one that has ended."""
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


class Visitor:
    """Somebody with a browser that keeps cookies and fills forms, without the browser."""

    def __init__(self, stack: Stack) -> None:
        self._at = f"http://localhost:{stack.port}"
        self._cookies = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self._cookies))

    def get(self, path: str) -> str:
        with self._opener.open(f"{self._at}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: object) -> str:
        """Fill the form of a page and send it; the address that it leads to."""
        self.get(path)
        token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")
        sent = urlencode(fields | {"csrfmiddlewaretoken": token or ""}).encode()
        with self._opener.open(Request(f"{self._at}{path}", sent, {"Origin": self._at}), timeout=20) as answer:
            return str(answer.url).removeprefix(self._at)

    @property
    def session(self) -> dict[str, Any]:
        """The cookie that says who this is, for a browser."""
        return next({"name": cookie.name, "value": cookie.value, "url": self._at} for cookie in self._cookies if cookie.name == "sessionid")


def signed_in(stack: Stack, login: str) -> Visitor:
    """Somebody who passed the sign-in page."""
    visitor = Visitor(stack)
    assert visitor.post("/desk/login/", username=login, password=stack.password(login)) == "/desk/"
    return visitor


def chief_of(stack: Stack, unit: str) -> str:
    """The login of the chief editor who signs for a unit: its own, or that of the unit above it."""
    return f"{unit}.chief" if stack.rows("SELECT 1 FROM people_user WHERE username = ?", f"{unit}.chief") else f"{unit.partition('-')[0]}.chief"


def free_port() -> int:
    """A port that the system says is free."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def copied(seeded: Path, home: Path) -> Iterator[Stack]:
    """A copy of the seeded city, not yet running; whatever runs of it at the end is killed."""
    shutil.copytree(seeded, home, symlinks=True)
    stack = Stack(home, free_port())
    try:
        yield stack
    finally:
        stack.run("stack", "kill9")


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of a small city. Made once, also when several test processes ask at the same time."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "demo-logins.json").exists():
            stack = Stack(home, free_port())
            stack.fangtang("migrate", "--verbosity", "0")
            stack.fangtang("seed", "--size", str(SIZE), "--json")
    return home


@pytest.fixture
def stack(seeded_home: Path, tmp_path: Path) -> Iterator[Stack]:
    """An instance of one's own, not yet running."""
    with copied(seeded_home, tmp_path / "var") as made:
        yield made

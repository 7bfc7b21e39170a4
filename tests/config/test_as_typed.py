"""The command as somebody types it, in a process of its own: what it says, how it leaves, what it leaves behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fangtang import __version__
from fangtang.config import commands


def typed(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`fangtang WORDS` in a folder, with nothing set but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FANGTANG_", "DJANGO_", "DATABASE_URL", "PORT"))}
    command = [sys.executable, "-m", "fangtang", *words]
    given = kept | {"FANGTANG_LANGUAGE": "en"} | environment
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 0, "found "),
        (("--help",), 0, "import articles FILE"),
        (("--version",), 0, f"Fangtang {__version__}"),
        (("import", "--help"), 0, "import units FILE"),
        (("import",), 2, "import articles FILE"),
        (("import", "people"), 2, "import articles FILE"),
        (("sed",), 2, "Did you mean: fangtang seed?"),
        (("import_article",), 2, "Did you mean: fangtang import articles?"),
        (("up", "--help"), 0, "fangtang stack up|down"),
        (("stack", "sideways"), 2, "fangtang stack up|down"),
        (("seed", "--help"), 0, "--size"),
        (("django-help",), 0, "makemigrations"),
    ],
)
def test_who_asks_is_told_and_nothing_is_left_behind(tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    done = typed(tmp_path, *words)
    assert (done.returncode, said in done.stdout + done.stderr) == (status, True), done.stdout + done.stderr
    if words[:1] != ("stack",):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "environment", "status", "said"),
    [
        (("digest",), {"PORT": "abc"}, 2, "PORT: "),
        (("up",), {"PORT": "99999"}, 2, "PORT: 99999 is not a number from 1 to 65535"),
        (("stack", "up"), {"PORT": "-1"}, 2, "PORT: -1 is not"),
        (("seed", "--help"), {"FANGTANG_TIME_ZONE": "Mars/X"}, 2, "FANGTANG_TIME_ZONE: "),
        (("migrate",), {"FANGTANG_HOME": "{folder}/file"}, 2, "FANGTANG_HOME: "),
        (("stack", "status"), {"FANGTANG_HOME": "{folder}/file/below"}, 2, "FANGTANG_HOME: "),
        (("seed", "--help"), {"FANGTANG_HOME": "{folder}/file/below"}, 0, ""),
        (("migrate",), {"DATABASE_URL": "mysql://wei@h/x"}, 2, "DATABASE_URL: "),
        (("digest",), {}, 1, "fangtang migrate"),
        (("site", "verify"), {}, 1, "fangtang migrate"),
        (("site", "build", "--all"), {}, 1, "fangtang migrate"),
        (("seed",), {}, 1, "fangtang migrate"),
        (("found", "--name", "a", "--unit", "b", "--site-host", "c", "--operator", "d", "--operator-name", "e"), {}, 1, "fangtang migrate"),
        (("digest",), {"DATABASE_URL": "postgres://127.0.0.1:1/x"}, 1, "The database cannot be reached: "),
        (("port", "99999"), {}, 2, "99999 is not a port"),
        (("seed", "--size", "-5"), {}, 2, "-5 is not a number of articles"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_what_to_do(tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], status: int, said: str) -> None:
    (tmp_path / "file").touch()
    done = typed(tmp_path, *words, **{name: value.format(folder=tmp_path) for name, value in environment.items()})
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    if status and "usage:" not in done.stderr:
        assert done.stderr.count("\n") == 1, done.stderr


def test_the_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    assert typed(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    file = tmp_path / "var" / "fangtang.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    beside = tmp_path / "var" / "fangtang.sqlite3-wal"
    beside.touch(mode=0o644)
    assert typed(tmp_path, "site", "show").returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not beside.exists() or stat.S_IMODE(beside.stat().st_mode) == 0o600


def test_every_command_of_the_list_is_one_and_ours_are_all_in_it() -> None:
    from django.core.management import get_commands

    own = {"up", "stack", "found", "digest", "guard", "mirror", "scan"}
    known = get_commands()
    assert [name for name in commands.names() if name not in known and name not in own] == []
    assert [name for name, app in known.items() if str(app).startswith("fangtang.") and name not in commands.names()] == []

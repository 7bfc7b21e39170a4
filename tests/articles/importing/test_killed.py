"""An import killed in the middle: the next one completes it and doubles nothing. In processes of their own, on a database of their own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.articles.importing.conftest import row, written

ROOT = Path(__file__).parents[3]
_SCRIPT = """
import json, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.core.management import call_command
from fangtang.articles import registry
from fangtang.articles.models import Article, Provenance
from tests import factories
match sys.argv[2]:
    case "city":
        unit = factories.unit("education")
        factories.section(factories.site("education", unit=unit), "notices")
        factories.person("an", "editor", unit)
    case "import":
        registry.on_imported._things.clear()
        call_command("import_articles", sys.argv[3], "--mapping", sys.argv[4], "--by", "an")
print(json.dumps([Article.objects.count(), sorted(Provenance.objects.values_list("source_id", flat=True))]))
"""


def run(database: str, *arguments: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), "FANGTANG_FAULT": fault}
    command = [sys.executable, "-c", _SCRIPT, database, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def stored(done: subprocess.CompletedProcess[str]) -> tuple[int, list[str]]:
    assert done.returncode == 0, done.stderr
    articles, ids = json.loads(done.stdout.splitlines()[-1])
    return articles, ids


@pytest.fixture
def database(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[str]:
    """A copy of the empty test database that other processes can open."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            yield _copied_sqlite(tmp_path / "city.sqlite3")
            return
        name = f"{connection.settings_dict['NAME']}_killed"
        template = connection.settings_dict["NAME"]
        connections.close_all()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield name
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{name}"')


def _copied_sqlite(path: Path) -> str:
    connection.ensure_connection()
    target = sqlite3.connect(path)
    connection.connection.backup(target)
    target.close()
    return str(path)


def test_a_killed_import_is_completed_by_the_next_one(database: str, tmp_path: Path, mapping_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row(number) for number in range(1, 701)])
    stored(run(database, "city"))
    killed = run(database, "import", str(path), str(mapping_path), fault="articles.import_batch:3")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    articles, ids = stored(run(database, "count"))
    assert articles == len(ids) == 400
    everything = (700, sorted(f"a{number}" for number in range(1, 701)))
    assert stored(run(database, "import", str(path), str(mapping_path))) == everything
    assert stored(run(database, "import", str(path), str(mapping_path))) == everything


def test_the_killing_kills(database: str, tmp_path: Path, mapping_path: Path) -> None:
    """Guard: with the fault beyond the last batch the import lives, so that the test above cannot pass by not dying."""
    path = written(tmp_path / "a.jsonl", [row(number) for number in range(1, 5)])
    stored(run(database, "city"))
    assert stored(run(database, "import", str(path), str(mapping_path), fault="articles.import_batch:2"))[0] == 4

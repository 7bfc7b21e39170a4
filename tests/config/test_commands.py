"""The one command: two words, digests, refusals."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import DatabaseError, OperationalError

from fangtang.config import cli, digest, failures
from fangtang.kernel.errors import Invalid
from tests import factories


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        (["import", "articles", "f.jsonl", "--mapping", "m.toml"], ["import_articles", "f.jsonl", "--mapping", "m.toml"]),
        (["import", "units", "f.csv"], ["import_units", "f.csv"]),
        (["import"], ["import"]),
        (["seed", "--size", "3"], ["seed", "--size", "3"]),
        ([], []),
    ],
)
def test_two_words_are_one_command(typed: list[str], run: list[str]) -> None:
    assert cli.joined(typed) == run


def test_our_errors_are_said_plainly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_: list[str]) -> None:
        raise Invalid("outlets.host_taken", hostname="a.localhost")

    monkeypatch.setattr("django.core.management.execute_from_command_line", refuse)
    with pytest.raises(SystemExit) as left:
        cli.main(["port", "80"])
    assert left.value.code == 1
    assert "outlets.host_taken" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_digest_changes_with_any_row_and_with_nothing_else() -> None:
    office = factories.office()
    before = digest.digest()
    assert digest.digest() == before
    assert before["tables"]["people.user"]["rows"] == 10
    assert before["sites"] == {"education": None}

    office.an.full_name = "另一个名字"
    office.an.save()

    after = digest.digest()
    changed = {name for name, table in after["tables"].items() if table != before["tables"][name]}
    assert changed == {"people.user"}


@pytest.mark.django_db
def test_a_root_that_never_stood_is_said_with_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    factories.office()
    with pytest.raises(SystemExit) as left:
        cli.main(["site", "rollback", "education", "--to", "abc"])
    assert left.value.code == 1
    assert "never stood at the root abc. Its roots: fangtang site log education" in capsys.readouterr().err


def test_an_unexpected_error_of_the_database_keeps_its_traceback() -> None:
    assert failures.database(DatabaseError("a bug")) is None
    error = OperationalError("malformed")
    error.__cause__ = sqlite3.OperationalError("database disk image is malformed")
    assert failures.database(error) is None
    error.__cause__ = sqlite3.OperationalError("database is locked")
    assert failures.database(error) == failures.BUSY

"""Mappings: right ones are read, every mistake in a wrong one is named with its key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from fangtang.articles.importing import mapping, sentences
from fangtang.articles.importing.mapping import Choice, Date, Skip
from fangtang.kernel.errors import Invalid
from tests.articles.importing.conftest import MAPPING

SHIPPED = Path(mapping.__file__).parent / "mappings"


def problems(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        mapping.from_table(tomllib.loads(text))
    assert caught.value.code == "importing.mapping_wrong"
    return {problem["key"]: problem["code"] for problem in caught.value.data["problems"]}


def test_a_mapping_is_read_with_its_defaults() -> None:
    found = mapping.from_table(tomllib.loads(MAPPING))
    assert found.origin == "old-portal"
    assert found.date == Date(column="date")
    assert found.kind == Choice(default="news")
    assert found.section.table["要闻"] == ("education/notices", "portal/news")
    assert found.named_columns() == {"id", "title", "body", "date", "url", "dept", "column"}


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_mappings_are_right(path: Path) -> None:
    assert mapping.read(path).origin


@pytest.mark.parametrize(
    ("added", "key", "code"),
    [
        ('titel = "x"', "titel", "unknown_key"),
        ("origin = 3", "origin", "wrong_type"),
        ('origin = "Old Portal"', "origin", "unknown_value"),
        ('body = { column = "b", format = "word" }', "body.format", "unknown_value"),
        ('body = { format = "html" }', "body.column", "missing_key"),
        ('body = { column = "b", breaks = 1 }', "body.breaks", "wrong_type"),
        ("id = { columns = [] }", "id.columns", "missing_key"),
        ("id = { columns = [1] }", "id.columns[0]", "wrong_type"),
        ('id = { columns = ["a"], hash = "yes" }', "id.hash", "wrong_type"),
        ('title = "title"', "title", "wrong_type"),
        ('date = { column = "d", timezone = "Asia/Nowhere" }', "date.timezone", "unknown_value"),
        ('date = { column = "d", missing = "now" }', "date.missing", "unknown_value"),
        ('date = { column = "d", formats = [] }', "date.formats", "empty_text"),
        ('date = { column = "d", formats = ["%Y-%m-%d", "%Q"] }', "date.formats[1]", "unknown_value"),
        ('date = { column = "d", formats = ["%-d.%m.%Y"] }', "date.formats[0]", "unknown_value"),
        ('date = { column = "d", formats = ["%Y %Y"] }', "date.formats[0]", "unknown_value"),
        ('date = { column = "d", formats = ["%m-%d"] }', "date.formats[0]", "unknown_value"),
        ('date = { column = "d", formats = ["%Y-%m-%d %"] }', "date.formats[0]", "unknown_value"),
        ('date = { column = "" }', "date.column", "empty_text"),
        ("kind = {}", "kind.columns", "missing_key"),
        ('kind = { default = "newz" }', "kind.default", "unknown_value"),
        ('kind = { columns = ["c"], table = { x = "newz" } }', "kind.table.x", "unknown_value"),
        ('kind = { columns = [" "] }', "kind.columns", "empty_text"),
        ('title = { column = "" }', "title.column", "empty_text"),
        ('body = { column = " " }', "body.column", "empty_text"),
        ('source = { column = "", constant = "x" }', "source.column", "empty_text"),
        ('attachments = { column = "" }', "attachments.column", "empty_text"),
        ('id = { columns = ["a", ""] }', "id.columns", "empty_text"),
        ('body = { column = "b", breaks = ["<BR>", ""] }', "body.breaks", "empty_text"),
        ('body = { column = "b", endings = [""] }', "body.endings", "empty_text"),
        ('keywords = { column = "k", separators = [""] }', "keywords.separators", "empty_text"),
        ('attachments = { column = "k", separators = [";", ""] }', "attachments.separators", "empty_text"),
        ('skip = [{ column = "", equals = ["x"] }]', "skip[0].column", "empty_text"),
        ("unit = {}", "unit.columns", "missing_key"),
        ('unit = { default = "u", table = ["x"] }', "unit.table", "wrong_type"),
        ('section = { default = ["portal"] }', "section.default", "unknown_value"),
        ('section = { columns = ["c"], table = { x = "portal" } }', "section.table.x", "unknown_value"),
        ('skip = [{ column = "c" }]', "skip[0]", "missing_key"),
        ('skip = [{ column = "c", matches = "(" }]', "skip[0].matches", "unknown_value"),
        ('language = "zh"', "language", "unknown_value"),
    ],
)
def test_each_mistake_is_named(added: str, key: str, code: str) -> None:
    name = added.partition(" ")[0]
    kept = [line for line in MAPPING.strip().splitlines() if not line.startswith((f"{name} ", f"{name}."))]
    assert problems("\n".join([*kept, added])) == {key: code}


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%y", "%Y年%m月", "%Y-%m-%dT%H:%M:%S%z", "%j/%Y", "chinese"])
def test_formats_that_can_be_read_are_taken(form: str) -> None:
    kept = [line for line in MAPPING.strip().splitlines() if not line.startswith("date.")]
    assert mapping.from_table(tomllib.loads("\n".join([*kept, f'date = {{ column = "d", formats = ["{form}"] }}']))).date


def test_an_empty_text_is_told_as_a_sentence() -> None:
    assert sentences.problem("body.breaks", code="empty_text", allowed=()) == "body.breaks must not be empty."


def test_all_mistakes_are_told_at_once_and_as_sentences() -> None:
    with pytest.raises(Invalid) as caught:
        mapping.from_table({"origin": "x", "title": {"colum": "t"}, "language": "fr"})
    told = [sentences.problem(one["key"], code=one["code"], allowed=one["allowed"]) for one in caught.value.data["problems"]]
    assert "title.colum is no key here. Possible: column." in told
    assert "language is not allowed as it is. Possible: zh-hans, zh-hant, en." in told
    assert {"body is missing.", "id is missing.", "unit is missing.", "title.column is missing."} <= set(told)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text("= =")
    with pytest.raises(Invalid, match="mapping_unreadable"):
        mapping.read(path)


def test_skip_is_a_value() -> None:
    assert Skip(column="status", equals=("失效",)) == Skip(column="status", equals=("失效",))


def test_the_mapping_in_the_how_to_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/import-articles.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert mapping.from_table(tomllib.loads(shown)).origin == "old-portal"

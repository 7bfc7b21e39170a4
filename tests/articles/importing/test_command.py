"""`fangtang import articles`, as an operator uses it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fangtang.articles import registry
from fangtang.articles.models import Article, Provenance
from tests import factories
from tests.articles.importing.conftest import City, row, written


@pytest.fixture(autouse=True)
def _articles_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What releases do with an import is theirs to test."""
    monkeypatch.setattr(registry.on_imported, "_things", {})


def run(path: Path, mapping: Path, *options: str, by: str = "an") -> str:
    out = StringIO()
    call_command("import_articles", str(path), "--mapping", str(mapping), "--by", by, *options, stdout=out)
    return out.getvalue()


def counts(shown: str) -> dict[str, int]:
    cells = [line.strip("│┃ ").replace("┃", "│").split("│") for line in shown.splitlines() if "│" in line or "┃" in line]
    return {name.strip(): int(number) for name, number in cells if number.strip().isdigit()}


def test_good_rows_go_in_and_bad_ones_are_reported_with_line_and_reason(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row(1), row(2, title=""), row(3), row(1, title="重复")])
    with path.open("a", encoding="utf-8") as target:
        target.write("{not json\n")
    report = tmp_path / "report.jsonl"
    shown = run(path, mapping_path, "--report", str(report))
    assert counts(shown) == {"New": 2, "Changed": 0, "Unchanged": 0, "Left alone": 0, "Skipped by the mapping": 0, "Rejected": 3, "Rows read": 5}
    assert "Reading a.jsonl as UTF-8." in shown
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["source_id"], one["code"]) for one in told] == [
        (2, "a2", "importing.title_missing"),
        (4, "a1", "importing.id_repeated"),
        (5, "", "importing.bad_json"),
    ]
    assert told[1]["reason"] == "The id stood in line 1 before."
    assert Article.objects.count() == 2


def test_what_went_in_without_its_attachments_is_reported(city: City, tmp_path: Path, mapping_path: Path) -> None:
    mapping_path.write_text(mapping_path.read_text(encoding="utf-8") + 'attachments.column = "files"\n', encoding="utf-8")
    path = written(tmp_path / "a.jsonl", [row(1, files="ftp://a.example/x"), row(2)])
    report = tmp_path / "report.jsonl"
    shown = run(path, mapping_path, "--report", str(report))
    assert counts(shown)["New"] == 2
    assert "1  importing.addresses_left_out" in shown
    [told] = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert (told["line"], told["result"]) == (1, "created")
    assert told["reason"] == "The article went in without these links and attachments, which lead nowhere: ftp://a.example/x."


def test_a_column_that_no_row_had_is_told(city: City, tmp_path: Path, mapping_path: Path) -> None:
    rows = [row(1), row(2)]
    for one in rows:
        del one["date"]
    del rows[1]["url"]
    shown = run(written(tmp_path / "a.jsonl", rows), mapping_path)
    assert counts(shown)["New"] == 2
    assert "No row had the column date, which the mapping names." in shown


def test_a_dry_run_tells_the_same_and_keeps_nothing(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row(1), row(2, title="")])
    shown = run(path, mapping_path, "--dry-run")
    assert "Dry run: nothing was kept" in shown
    assert (counts(shown)["New"], counts(shown)["Rejected"]) == (1, 1)
    assert not Article.objects.exists()


def test_a_second_run_changes_nothing(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row(number) for number in range(1, 8)])
    run(path, mapping_path)
    before = list(Article.objects.values())
    assert counts(run(path, mapping_path))["Unchanged"] == 7
    assert list(Article.objects.values()) == before


@pytest.mark.parametrize(
    ("content", "mapping", "by", "message"),
    [
        (None, None, "an", "No such file"),
        ("", None, "nobody", "no active person"),
        ("", None, "bo", "bo holds no post today as editor, site manager or operator"),
        ("", "origin = 1", "an", "origin must be text."),
        ("", "= =", "an", "cannot be read"),
    ],
)
def test_what_cannot_begin_is_said_in_a_sentence(
    city: City, tmp_path: Path, mapping_path: Path, content: str | None, mapping: str | None, by: str, message: str
) -> None:
    factories.person("bo", "proofreader", city.education)
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_text(content)
    if mapping is not None:
        mapping_path.write_text(mapping)
    with pytest.raises(CommandError, match=message):
        run(path, mapping_path, by=by)


def test_rows_of_units_without_a_post_are_rejected(city: City, tmp_path: Path, mapping_path: Path) -> None:
    health = factories.unit("health")
    factories.person("mo", "editor", health)
    city.notices.contributors.add(health)
    path = written(tmp_path / "a.jsonl", [row(1), row(2, dept="卫生局")])
    report = tmp_path / "report.jsonl"

    assert counts(run(path, mapping_path, "--report", str(report), by="mo"))["New"] == 1

    [told] = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert (told["line"], told["code"], told["data"]) == (1, "importing.no_post_in_unit", {"unit": "education"})
    assert Article.objects.get().unit.key == "health"


def test_a_csv_without_a_mapped_column_is_refused_before_the_first_row(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,body,date,url,dept\n")
    with pytest.raises(CommandError, match="has no column column"):
        run(path, mapping_path)


def test_the_report_may_not_overwrite_the_file(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row()])
    with pytest.raises(CommandError, match="must not overwrite"):
        run(path, mapping_path, "--report", str(path))
    assert path.stat().st_size


def test_a_large_csv_in_gb18030_goes_in(city: City, tmp_path: Path, mapping_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ["id,title,body,date,url,dept,column", *(f'c{n},题{n},"第一段\n第二段",2024-01-01,,教育局,要闻' for n in range(450))]
    path.write_bytes("\n".join(lines).encode("gb18030"))
    shown = run(path, mapping_path)
    assert "GB18030" in shown
    assert counts(shown)["New"] == 450
    assert Provenance.objects.get(source_id="c2").line == 6

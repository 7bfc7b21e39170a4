"""What an operator imports stands in public in the order of its dates, whatever the order of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fangtang.articles import actions as articles
from fangtang.articles.importing import load as loading
from fangtang.articles.models import Article
from fangtang.kernel.errors import NotPossible
from fangtang.people.roles import Role
from fangtang.releases import legacy
from fangtang.releases.models import UNDATED, Release, Standing
from fangtang.reviews import actions as reviews
from fangtang.snapshots import effects
from tests import factories
from tests.reviews import rounds

pytestmark = pytest.mark.django_db

MAPPING = """
origin = "old"
[id]
columns = ["id"]
[title]
column = "title"
[body]
column = "body"
format = "plain"
[date]
column = "date"
formats = ["%Y-%m-%d"]
timezone = "Asia/Shanghai"
[unit]
columns = ["unit"]
table = { "教育局" = "education" }
[section]
columns = ["unit"]
table = { "教育局" = ["education/news"] }
"""
DAYS = ["2024-03-01", "2022-01-05", "2023-07-09", "2021-11-30", "2025-02-14"]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rows = [{"id": str(n), "title": f"第{n}号通知", "body": "正文。", "date": day, "unit": "教育局"} for n, day in enumerate(DAYS)]
    (tmp_path / "old.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    (tmp_path / "old.toml").write_text(MAPPING, encoding="utf-8")
    return str(tmp_path / "old.jsonl"), str(tmp_path / "old.toml")


@pytest.fixture
def office() -> factories.Office:
    return factories.office()


def test_numbers_follow_the_dates_across_batches(office: factories.Office, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 2)
    factories.person("wei", Role.OPERATOR, office.unit)

    call_command("import_articles", files[0], "--mapping", files[1])

    shown = [standing.published_at for standing in Standing.objects.order_by("number")]
    assert len(shown) == len(DAYS)
    assert shown == sorted(shown)


def test_a_second_import_takes_over_what_a_killed_one_left(office: factories.Office, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    factories.person("wei", Role.OPERATOR, office.unit)
    with monkeypatch.context() as patch:
        patch.setattr(loading.registry.on_imported, "_things", {})
        call_command("import_articles", files[0], "--mapping", files[1])
    assert not Release.objects.exists()

    edited = Article.objects.order_by("pk").first()
    edited.title = "在这里改过"
    edited.save_revision(user=office.an)
    call_command("import_articles", files[0], "--mapping", files[1])

    assert Release.objects.count() == len(DAYS) - 1
    assert not Release.objects.filter(article=edited).exists()


def test_without_an_operator_somebody_must_be_named(files: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="--by"):
        call_command("import_articles", files[0], "--mapping", files[1])


def test_what_has_no_date_comes_first_and_shows_none(office: factories.Office, files: tuple[str, str], tmp_path: Path) -> None:
    factories.person("wei", Role.OPERATOR, office.unit)
    Path(files[1]).write_text(MAPPING.replace('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghai"\nmissing = "keep"'), encoding="utf-8")
    with Path(files[0]).open("a", encoding="utf-8") as rows:
        rows.write("\n" + json.dumps({"id": "x", "title": "没有日期的办法", "body": "正文。", "date": "", "unit": "教育局"}, ensure_ascii=False))

    call_command("import_articles", files[0], "--mapping", files[1])
    effects.build_waiting(now=timezone.now())

    undated = Standing.objects.get(title="没有日期的办法")
    assert (undated.number, undated.published_at) == (1, UNDATED)
    path = undated.article.addresses.get().path
    assert path == f"news/undated/0/{undated.article_id}.html"
    page = effects.store().read("education", path).decode()
    assert "PubDate" not in page
    assert "1970" not in page
    dated = Standing.objects.exclude(pk=undated.pk).first()
    assert "Updated" not in effects.store().read("education", dated.article.addresses.get().path).decode()


@pytest.mark.parametrize("stage", ["draft", "in review", "returned", "recalled"])
def test_an_editors_import_waits_for_its_review_whoever_imports_later(office: factories.Office, tmp_path: Path, stage: str) -> None:
    factories.person("wei", Role.OPERATOR, office.unit)
    (tmp_path / "old.toml").write_text(MAPPING, encoding="utf-8")

    def imported(name: str, ids: list[int], *by: str) -> None:
        rows = [{"id": str(n), "title": f"第{n}号通知", "body": "正文。", "date": "2024-03-01", "unit": "教育局"} for n in ids]
        (tmp_path / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        call_command("import_articles", str(tmp_path / name), "--mapping", str(tmp_path / "old.toml"), *by)

    imported("a.jsonl", [1], "--by", office.an.username)
    article = Article.objects.get()
    if stage != "draft":
        rounds.plan("review:1")
        turn = articles.submit(article, by=office.an, now=factories.NOW)
        if stage == "returned":
            reviews.send_back(rounds.due(turn), seen_sha256=turn.content_sha256, comment="不能发", by=office.reviewers[0], now=factories.NOW)
        if stage == "recalled":
            reviews.recall(turn, by=office.an, now=factories.NOW)

    imported("b.jsonl", [1, 2, 3])

    assert set(Release.objects.values_list("article__title", flat=True)) == {"第2号通知", "第3号通知"}


def test_what_was_submitted_is_not_taken_over(office: factories.Office, files: tuple[str, str]) -> None:
    """By somebody who may, and asks for it by name."""
    wei = factories.person("wei", Role.OPERATOR, office.unit)
    call_command("import_articles", files[0], "--mapping", files[1], "--by", office.an.username)
    rounds.plan("review:1")
    article = Article.objects.first()
    assert article is not None
    reviews.recall(articles.submit(article, by=office.an, now=factories.NOW), by=office.an, now=factories.NOW)

    with pytest.raises(NotPossible) as refused:
        legacy.adopt([article], by=wei, now=factories.NOW)

    assert [obstacle.code for obstacle in refused.value.obstacles] == ["releases.submitted_before"]

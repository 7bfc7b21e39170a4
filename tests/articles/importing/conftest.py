"""A small city to import into, and a mapping for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fangtang.outlets.models import Section
from fangtang.people.models import Unit, User
from tests import factories

MAPPING = """
origin = "old-portal"
id.columns = ["id"]
title.column = "title"
body.column = "body"
date.column = "date"
url.column = "url"
unit = { columns = ["dept"], table = { "教育局" = "education", "卫生局" = "health" } }
section = { columns = ["column"], table = { "通知" = ["education/notices"], "要闻" = ["education/notices", "portal/news"] }, default = [] }
"""


@dataclass(frozen=True, slots=True)
class City:
    education: Unit
    notices: Section
    news: Section
    an: User


@pytest.fixture
def city(db) -> City:
    education = factories.unit("education")
    office = factories.unit("office")
    notices = factories.section(factories.site("education", unit=education), "notices")
    news = factories.section(factories.site("portal", unit=office), "news")
    news.contributors.add(education)
    return City(education, notices, news, factories.person("an", "editor", education))


def row(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": f"关于第{number}号事项的通知",
        "body": "现通知如下：一、按时报送。月底前报送。二、做好自查。发现问题及时整改。",
        "date": "2024-03-01",
        "url": f"https://old.fangtang.example/{number}.html",
        "dept": "教育局",
        "column": "通知",
    } | values


@pytest.fixture
def mapping_path(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    return path

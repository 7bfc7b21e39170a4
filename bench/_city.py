"""A city for measuring: fifty sites of eight sections with home pages, people for every post, and as many earlier articles as asked for.

Everything lies in a folder of its own and is gone afterwards. `begin` must be called before anything of Django is imported.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

SITES = 50
SECTIONS = ("news", "notices", "policy", "open", "people", "topics", "answers", "gallery")
TITLES = (
    "中小学开学工作平稳有序",
    "新增普惠性幼儿园学位",
    "老旧小区改造进展",
    "河湖巡查情况通报",
    "公交线路优化调整",
    "乡村道路养护计划",
    "图书馆延长开放时间",
)
SENTENCE = "各单位按照职责分工，倒排工期，逐项落实，并将进展情况于每月底前在门户网站公布，接受社会监督。"


@contextmanager
def begin() -> Iterator[Path]:
    """A fresh home with a migrated database; Django is set up on it. Inside of FANGTANG_BENCH_FOLDER it stays, for whoever made that folder."""
    kept_in = os.environ.get("FANGTANG_BENCH_FOLDER")
    home = Path(tempfile.mkdtemp(prefix="fangtang-bench-", dir=kept_in))
    os.environ |= {"FANGTANG_HOME": str(home), "PORT": str(_free_port()), "DJANGO_SETTINGS_MODULE": "fangtang.config.settings"}
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        yield home
    finally:
        if not kept_in:
            shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def make(articles: int, *, now: datetime, sites: int = SITES) -> Any:
    """The city, its articles spread over all sites and sections; the unit that writes everywhere."""
    from fangtang.outlets import actions as outlets
    from fangtang.people.models import Body, Unit
    from fangtang.reviews.models import ReviewPlan

    body = Body.objects.create(name="方塘市人民政府")
    city = Unit.add_root(body=body, key="city", name="方塘市政府办公室", kind="city")
    for username, role in (("an", "editor"), ("chen", "reviewer_1"), ("fang", "chief_editor"), ("wei", "operator")):
        _person(username, role, city)
    ReviewPlan.objects.create(name="bench", steps=["review:1"])
    for number in range(sites):
        key = f"site{number:02}"
        host = outlets.Host(f"{key}.localhost", int(os.environ["PORT"]), is_default=number == 0)
        unit = Unit.objects.get(pk=city.pk)
        own = unit if number == 0 else Unit.add_root(body=body, key=f"unit{number:02}", name=f"单位{number}", kind="department")
        site = outlets.open_site(
            host=host, key=key, unit=own, by=None, now=now, name=f"方塘市单位{number:02}", sponsor=f"单位{number:02}", description="为测量而设"
        )
        _fill(site, city, now=now)
    _earlier(articles, sites=sites, now=now)
    return city


def _person(username: str, role: str, unit: Any) -> None:
    from fangtang.people.models import Post, User

    user = User.objects.create(username=username, full_name=username)
    Post.objects.create(user=user, role=role, unit=unit, starts_on=date(2020, 1, 1))


def _fill(site: Any, city: Any, *, now: datetime) -> None:
    from fangtang.outlets import actions as outlets
    from fangtang.outlets.models import Home

    made: dict[str, int] = {}
    for slug in SECTIONS:
        kind = {"open": "news", "topics": "topic", "answers": "qa"}.get(slug, slug)
        section = outlets.add_section(site, under=None, name=slug, slug=slug, kind=kind, by=None, now=now)
        section.contributors.add(city)
        made[slug] = section.pk
    blocks: list[dict[str, Any]] = [{"type": "headline", "value": {"title": "", "sections": [made["news"]], "most": 5}}]
    blocks += [{"type": "section_list", "value": {"title": "", "sections": [made[slug]], "most": 6}} for slug in SECTIONS[:6]]
    blocks.append({"type": "quick_links", "value": {"title": "办事", "links": [{"title": "户籍", "url": "/notices/"}, {"title": "社保", "url": "/policy/"}]}})
    layout = json.dumps([block | {"id": str(number)} for number, block in enumerate(blocks)])
    Home.objects.filter(site=site).update(layout=layout)


def _earlier(count: int, *, sites: int, now: datetime) -> None:
    """Earlier articles, through the import."""
    from fangtang.articles.importing.load import Source, load
    from fangtang.people.models import User

    source = Source(origin="bench", file_name="bench", by=User.objects.get(username="wei"), now=now)
    for outcomes in load((_draft(number, sites=sites, now=now) for number in range(count)), source=source, is_rehearsal=False):
        wrong = [one for one in outcomes if one.result != "created"]
        assert not wrong, wrong[:3]
    from fangtang.releases.models import Standing

    assert Standing.objects.count() == count


def _draft(number: int, *, sites: int, now: datetime) -> Any:
    from fangtang.articles.importing.markup import Block
    from fangtang.articles.importing.rows import ArticleDraft

    place = f"site{number % sites:02}/{SECTIONS[number // sites % len(SECTIONS)]}"
    paragraphs = "".join(f"<p>{SENTENCE * (2 + (number + line) % 3)}</p>" for line in range(8))
    return ArticleDraft(
        line=number + 1,
        source_id=str(number),
        title=f"{TITLES[number % len(TITLES)]}（第{number}期）",
        blocks=(Block("text", paragraphs),),
        unit_key="city",
        sections=(place,),
        shown_at=now - timedelta(hours=number % 26_000),
        source="方塘市政府办公室",
    )


def passed(number: int, city: Any, *, now: datetime) -> Any:
    """(article, hash): a new article for all fifty sites that passed its reading and waits for the signature."""
    from fangtang.articles import actions as articles
    from fangtang.outlets.models import Section
    from fangtang.people.models import User
    from fangtang.reviews import actions as reviews
    from fangtang.reviews.models import Step

    an, chen = User.objects.get(username="an"), User.objects.get(username="chen")
    everywhere = list(Section.objects.filter(slug="news").order_by("site__key"))
    body = [("text", "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(8)))]
    article = articles.create(unit=city, by=an, now=now, sections=everywhere, title=f"全市五十个网站同时发布第{number}号公告", body=body)
    turn = articles.submit(article, by=an, now=now)
    step = Step.objects.get(turn=turn)
    reviews.approve(step, seen_sha256=turn.content_sha256, comment="同意。", by=chen, now=now)
    return article, turn.content_sha256


def figure(  # noqa: PLR0913  a figure has this many parts
    promise: str, name: str, value: float, *, unit: str, goal: float, n: int, beside: dict[str, float] | None = None, is_more_better: bool = False
) -> None:
    """One line as docs/promises.md asks for. Less is better, except where more is."""
    met = value >= goal if is_more_better else value <= goal
    line = {"promise": promise, "figure": name, "value": round(value, 4), "unit": unit, "goal": goal, "met": met, "n": n, "beside": beside or {}}
    print(json.dumps(line, ensure_ascii=False), flush=True)

"""What is built step by step equals what is built at once, byte by byte, whatever happened in between."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangtang.articles.models import Article
from fangtang.outlets import actions as outlets
from fangtang.outlets.models import Home, Section, Site
from fangtang.releases.models import Release, Standing
from fangtang.releases.states import SERVED
from fangtang.snapshots import depends, drawing, effects, register, rows, settle, sources, targets
from fangtang.snapshots.models import Built, Due, Listed, Shown, Total, Used
from fangtang.snapshots.pages import lists
from fangtang.snapshots.store import MemoryStore
from tests import factories
from tests.snapshots import making

pytestmark = pytest.mark.django_db
START = making.NOW
HISTORIES = 500 if os.environ.get("FANGTANG_SOAK") else 25


@dataclass(slots=True)
class City:
    """Two sites with a tree of sections each, and the time."""

    office: factories.Office
    sites: list[Site]
    sections: list[Section]
    now: datetime = START
    articles: list[Article] = field(default_factory=list)
    names: int = 0

    def name(self) -> str:
        self.names += 1
        return f"名称{self.names}"


def city() -> City:
    office = factories.office("education")
    water = factories.site("water", unit=office.unit)
    made = City(office, [office.site, water], [office.section])
    for site in made.sites:
        top = factories.section(site, "open", name="政务公开")
        made.sections += [top, factories.section(site, "deep", under=top, name="年报"), factories.section(site, "people", kind="people")]
    layout(made, 0, 0)
    layout(made, 1, 1)
    return made


# Everything that can happen; each step takes three numbers and reads them as it likes.


def publish(city: City, a: int, b: int, c: int) -> None:
    chosen = [city.sections[a % len(city.sections)], city.sections[b % len(city.sections)]]
    article = making.article(*dict.fromkeys(chosen), by=city.office.an, title=city.name(), shown_at=city.now - timedelta(days=40 * (c % 2)))
    making.release(article, by=city.office.an, now=city.now)
    city.articles.append(article)


def publish_again(city: City, a: int, b: int, c: int) -> None:
    """Edit and release again: other title, other places, pinned or not, with or without a window."""
    article = chosen(city, a)
    if article is None:
        return
    article = Article.objects.get(pk=article.pk)
    if c % 2:
        article.title = city.name()
    window: dict[str, Any] = [
        {},
        {"is_pinned": True, "rank": b},
        {"own_title": city.name()},
        {"visible_from": city.now + timedelta(hours=2)},
        {"visible_until": city.now + timedelta(hours=3)},
        {"visible_until": city.now - timedelta(hours=1)},
    ][c % 6]
    places = dict.fromkeys([city.sections[b % len(city.sections)], city.sections[(b + c) % len(city.sections)]])
    making.place(article, *places, **window)
    making.release(article, by=city.office.an, now=city.now)


def withdraw(city: City, a: int, b: int, c: int) -> None:
    article = chosen(city, a)
    if article and Standing.objects.filter(article=article).exists():
        making.withdraw(article, by=city.office.an, notice="内容有误，现予更正。" if b % 2 else "", now=city.now)


def rename_section(city: City, a: int, b: int, c: int) -> None:
    section = Section.objects.get(pk=city.sections[a % len(city.sections)].pk)
    fields: dict[str, Any] = {"name": city.name()} if b % 2 else {"slug": f"moved{city.name()[2:]}"}
    outlets.change_section(section, by=None, now=city.now, **fields)
    city.sections = list(Section.objects.order_by("pk"))


def close_section(city: City, a: int, b: int, c: int) -> None:
    section = Section.objects.get(pk=city.sections[a % len(city.sections)].pk)
    if section.closed_at:
        outlets.reopen_section(section, by=None, now=city.now)
    else:
        outlets.close_section(section, by=None, now=city.now)


def layout(city: City, a: int, b: int, c: int = 0) -> None:
    site = city.sites[a % len(city.sites)]
    ids = list(Section.objects.filter(site=site).order_by("path").values_list("pk", flat=True))
    part = [ids[b % len(ids)]]
    blocks = [
        {"type": "headline", "value": {"title": "", "sections": ids, "most": 3}},
        {"type": "section_list", "value": {"title": "", "sections": part, "most": 2 + b % 3}},
        {"type": "picture_news", "value": {"title": "图片", "sections": part, "most": 2}},
        {"type": "notice_bar", "value": {"text": "通知", "url": "/"}},
        {"type": "quick_links", "value": {"title": "办事", "links": [{"title": "户籍", "url": "/hj/"}]}},
    ]
    Home.objects.filter(site=site).update(layout=json.dumps([block | {"id": str(n)} for n, block in enumerate(blocks[c % 3 :])]))


def rename_site(city: City, a: int, b: int, c: int) -> None:
    site = Site.objects.get(pk=city.sites[a % len(city.sites)].pk)
    outlets.change_site(site, by=None, now=city.now, **{["name", "colour", "description"][b % 3]: [city.name(), "#0b5cad", city.name()][b % 3]})


def wait(city: City, a: int, b: int, c: int) -> None:
    city.now += timedelta(minutes=37 * (a + 1))


def roll_back(city: City, a: int, b: int, c: int) -> None:
    site = city.sites[a % len(city.sites)]
    if len(effects.store().log(site.key)) > 1:
        effects.rollback(site.key, to=None, now=city.now)


STEPS: tuple[Callable[[City, int, int, int], None], ...] = (
    publish, publish, publish, publish, publish_again, publish_again, withdraw, rename_section, close_section, layout, rename_site, wait, wait, roll_back,
)  # fmt: skip


def chosen(city: City, number: int) -> Article | None:
    return city.articles[number % len(city.articles)] if city.articles else None


def built_at_once(now: datetime) -> MemoryStore:
    """Everything from the releases alone: the rows are thrown away and made again."""
    for model in (Shown, Listed, Total, Used, Due, Built):
        model.objects.all().delete()
    sources.forget_facts()
    sites, store = register.read(), MemoryStore()
    settle.settle(Release.objects.values_list("article_id", flat=True), register=sites, now=now)
    for site in sites.values():
        store.replace(site.key, drawing.whole(site, register=sites), at=now)
    return store


def difference(step_by_step: Any, at_once: MemoryStore, key: str) -> list[str]:
    """Paths at which two stores differ."""
    paths = sorted({*step_by_step.paths(key), *at_once.paths(key)})
    return [path for path in paths if step_by_step.read(key, path) != at_once.read(key, path)]


def months_counted(site: Site) -> dict[str, datetime]:
    """The last change in each month, from every row of the site."""
    own = Shown.objects.filter(site=site, canonical_site=site, is_withdrawn=False).order_by("changed_at")
    return dict(own.values_list("month", "changed_at"))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of three, so that a few articles already fill pages."""
    monkeypatch.setattr(targets, "PAGE_SIZE", 3)


@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 11), st.booleans()), min_size=4, max_size=24))
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
def test_step_by_step_equals_at_once(steps, small_pages, settings, tmp_path_factory):
    settings.SNAPSHOT_ROOT = Path(tmp_path_factory.mktemp("snapshots"))
    with transaction.atomic():
        made = city()
        effects.build_waiting(now=made.now)
        for step, a, b, c, is_built in steps:
            step(made, a, b, c)
            if is_built:
                effects.build_waiting(now=made.now)
        publish(made, 0, 5, 0)  # a site that was rolled back stands there until something is released on it
        publish(made, 2, 6, 0)
        effects.build_waiting(now=made.now)
        assert set(Release.objects.values_list("status", flat=True)) <= {SERVED}
        assert rows.miscounted(Section.objects.values_list("pk", flat=True)) == []
        assert {site.pk: sources.months([site.pk]).get(site.pk, {}) for site in made.sites} == {site.pk: months_counted(site) for site in made.sites}
        at_once = built_at_once(made.now)
        for site in made.sites:
            assert difference(effects.store(), at_once, site.key) == []
            assert effects.store().root(site.key) == at_once.root(site.key)
            assert effects.store().verify(site.key) is None
        transaction.set_rollback(True)


KINDS = sorted({"article", "front", "page", "feeds", "home", "month", "months", "moves"})


@pytest.mark.parametrize("kind", KINDS)
def test_a_forgotten_dependency_is_found(kind, small_pages, monkeypatch):
    """The comparison above catches an index that forgets one kind of page."""
    made = city()
    effects.build_waiting(now=made.now)
    whole = depends.touched
    monkeypatch.setattr(settle, "touched", lambda *args, **kwargs: {target for target in whole(*args, **kwargs) if target.kind != kind})
    for number in range(4):
        publish(made, 0, 5, number)
        effects.build_waiting(now=made.now)
    article = Article.objects.get(pk=made.articles[0].pk)
    making.place(article, made.sections[1])
    making.release(article, by=made.office.an, now=made.now)
    effects.build_waiting(now=made.now)
    at_once = built_at_once(made.now)
    assert any(difference(effects.store(), at_once, site.key) for site in made.sites), kind


def test_full_pages_stay_when_articles_arrive(office, small_pages):
    """A full page of a list never changes because of what came later; not even the newest one."""
    kept: dict[str, bytes | None] = {}
    for number in range(14):
        making.release(making.article(office.section, by=office.an, title=f"稿件{number}"), by=office.an)
        effects.build_waiting(now=START)
        store = effects.store()
        assert {path: store.read("education", path) for path in kept} == kept
        full = (number + 1) // 3
        kept = {f"news/page/{page}.html": store.read("education", f"news/page/{page}.html") for page in range(1, full + 1)}
        assert None not in kept.values()
    assert b"/news/page/5.html" in kept["news/page/4.html"]
    assert b'http-equiv="refresh"' in effects.store().read("education", "news/page/5.html")


def test_no_folder_of_list_pages_grows_long(office, monkeypatch):
    """From page 9 (here) on they lie in folders of ten, and lead to each other across them."""
    monkeypatch.setattr(targets, "PAGE_SIZE", 1)
    monkeypatch.setattr(lists, "PAGES_IN_A_FOLDER", 10)
    for number in range(23):
        making.release(making.article(office.section, by=office.an, title=f"稿件{number}"), by=office.an)
    effects.build_waiting(now=START)
    store = effects.store()
    pages = [path for path in store.paths("education") if path.startswith("news/page/")]
    assert {path.rpartition("/")[0] for path in pages} == {"news/page", "news/page/10", "news/page/20"}
    assert max(sum(path.rpartition("/")[0] == folder for path in pages) for folder in ("news/page", "news/page/10", "news/page/20")) <= 10
    assert b"/news/page/10/10.html" in store.read("education", "news/page/9.html")
    assert b"/news/page/9.html" in store.read("education", "news/page/10/10.html")
    at_once = built_at_once(START)
    assert difference(store, at_once, "education") == []


def test_one_release_touches_few_pages_of_a_large_site(office):
    for number in range(50):
        making.release(making.article(office.section, by=office.an, title=f"稿件{number}"), by=office.an)
    effects.build_waiting(now=START)
    making.release(making.article(office.section, by=office.an, title="新的一篇"), by=office.an)
    outcome = effects.build_waiting(now=START + timedelta(minutes=1))
    assert outcome.built_whole == []
    assert outcome.files <= 12


def test_opening_and_closing_come_with_the_clock(office):
    article = making.article(office.section, by=office.an, title="限时公告")
    making.place(article, office.section, visible_from=START + timedelta(hours=1), visible_until=START + timedelta(hours=2))
    making.release(article, by=office.an)
    path, store = f"news/202611/{article.pk}.html", effects.store()
    seen = []
    for minutes in (0, 59, 60, 119, 120, 500):
        effects.build_waiting(now=START + timedelta(minutes=minutes))
        seen.append((store.read("education", path) is not None, path.encode() in (store.read("education", "news/index.html") or b"")))
    assert seen == [(False, False), (False, False), (True, True), (True, True), (False, False), (False, False)]
    assert replace(store.log("education")[-1], serial=0).previous is not None

"""Who comes to the former address of a section is led on, as long as nobody else has it."""

from __future__ import annotations

import json

import pytest

from fangtang.articles.models import Article
from fangtang.outlets import actions
from fangtang.outlets.models import Section
from fangtang.snapshots import effects
from tests import factories
from tests.factories import NOW
from tests.snapshots import making

pytestmark = pytest.mark.django_db


def test_a_renamed_section_leads_on_with_all_below() -> None:
    office = factories.office()
    factories.section(office.site, "city", under=office.section)
    actions.change_section(Section.objects.get(pk=office.section.pk), slug="topical", by=None, now=NOW)

    effects.build_site(office.site.pk, now=NOW)

    store = effects.store()
    assert b'url=/topical/"' in store.read("education", "news/index.html")
    assert b'url=/topical/city/"' in store.read("education", "news/city/index.html")
    assert store.read("education", "topical/index.html")
    assert store.read("education", "_moved/news/index.html") == store.read("education", "news/index.html")
    assert store.read("education", "_moved/topical/index.html") is None
    table = json.loads(store.read("education", "_redirects.json"))
    assert table["/news/"] == "/topical/"
    assert table["/news/rss.xml"] == "/topical/rss.xml"


def test_a_section_that_takes_the_address_has_it() -> None:
    office = factories.office()
    actions.change_section(Section.objects.get(pk=office.section.pk), slug="topical", by=None, now=NOW)
    actions.add_section(office.site, under=None, name="新栏目", slug="news", by=None, now=NOW)

    effects.build_site(office.site.pk, now=NOW)

    assert "新栏目" in effects.store().read("education", "news/index.html").decode()


def test_moving_there_and_back_leaves_no_circle() -> None:
    office = factories.office()
    for slug in ("topical", "news"):
        actions.change_section(Section.objects.get(pk=office.section.pk), slug=slug, by=None, now=NOW)

    effects.build_site(office.site.pk, now=NOW)

    assert b'url=/news/"' in effects.store().read("education", "topical/index.html")
    assert b"http-equiv" not in effects.store().read("education", "news/index.html")


def test_an_article_that_moves_there_and_back_is_marked_where_it_is_not() -> None:
    office = factories.office()
    city, store = factories.section(office.site, "city"), effects.store()
    article = making.article(office.section, by=office.an, shown_at=NOW)
    here, there = (f"{address}/202611/{article.pk}.html" for address in ("news", "city"))
    seen = []
    for section in (office.section, city, office.section):
        making.place(Article.objects.get(pk=article.pk), section)
        making.release(Article.objects.get(pk=article.pk), by=office.an)
        effects.build_waiting(now=NOW)
        seen.append([store.read("education", f"_moved/{path}") is not None for path in (here, there)])
    assert seen == [[False, False], [True, False], [False, True]]

    making.withdraw(article, by=office.an)
    effects.build_waiting(now=NOW)
    assert [path for path in store.paths("education") if path.startswith("_moved")] == []

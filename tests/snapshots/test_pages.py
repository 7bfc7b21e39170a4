"""What stands on a site besides the article itself: copies, notices, moves, feeds, maps, lists of sections, previews, going back."""

from __future__ import annotations

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from fangtang.articles.models import Article
from fangtang.articles.registry import previews
from fangtang.articles.revisions import fields_of
from fangtang.outlets import actions as outlets
from fangtang.outlets.models import Section
from fangtang.snapshots import effects
from tests import factories
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def text(key: str, path: str) -> str:
    content = effects.store().read(key, path)
    assert content is not None, path
    return content.decode()


def test_copies_point_to_the_canonical_page(office):
    water = factories.site("water", unit=factories.unit("water"))
    copies = factories.section(water, "reposts")
    article = making.article(office.section, copies, by=office.an, title="首发与转载")
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    original, copy = text("education", f"news/202611/{article.pk}.html"), text("water", f"reposts/202611/{article.pk}.html")
    canonical = f'<link rel="canonical" href="http://education.localhost/news/202611/{article.pk}.html">'
    assert canonical in original
    assert canonical in copy
    assert ("education site" in copy, "First published" in original) == (True, False)
    assert "reposts" not in (effects.store().read("water", "sitemaps/2026-11.xml") or b"").decode(), "copies stand in no sitemap"


def test_copies_follow_when_their_origin_is_renamed(office):
    water = factories.site("water", unit=factories.unit("water"))
    article = making.article(office.section, factories.section(water, "reposts"), by=office.an)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    outlets.change_site(office.site, by=None, now=NOW, name="方塘市教育局")
    effects.build_waiting(now=NOW)
    assert "方塘市教育局" in text("water", f"reposts/202611/{article.pk}.html")


def test_copies_follow_when_something_is_released_at_the_same_time(office):
    """The origin is built whole on the way of the release; its copies elsewhere must not be forgotten over that."""
    water = factories.site("water", unit=factories.unit("water"))
    article = making.article(office.section, factories.section(water, "reposts"), by=office.an)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    outlets.change_site(office.site, by=None, now=NOW, name="方塘市教育局")
    making.release(making.article(office.section, by=office.an), by=office.an)
    effects.build_waiting(now=NOW)
    assert "方塘市教育局" in text("water", f"reposts/202611/{article.pk}.html")


def test_a_moved_article_leads_on_from_its_former_address(office):
    other = factories.section(office.site, "notices")
    article = making.article(office.section, by=office.an)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    making.place(article, other)
    making.release(Article.objects.get(pk=article.pk), by=office.an)
    effects.build_waiting(now=NOW)
    old, new = f"/news/202611/{article.pk}.html", f"/notices/202611/{article.pk}.html"
    assert json.loads(text("education", "_redirects.json")) == {old: new}
    assert new in text("education", old[1:])
    assert "refresh" in text("education", old[1:])
    assert old not in text("education", "sitemaps/2026-11.xml") + text("education", "news/index.html") + text("education", "rss.xml")


def test_withdrawn_without_a_notice_nothing_stays(office):
    article = making.article(office.section, by=office.an)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    making.withdraw(article, by=office.an)
    effects.build_waiting(now=NOW)
    assert effects.store().read("education", f"news/202611/{article.pk}.html") is None
    assert f"/202611/{article.pk}.html" not in "".join(text("education", path) for path in effects.store().paths("education"))
    assert effects.store().read("education", "sitemaps/2026-11.xml") is None


def test_feeds_are_well_formed_whatever_the_title(office):
    hard = '控制\x0b字符\x00与<标签>&"引号"]]>\ufffe'
    making.release(making.article(office.section, by=office.an, title=hard.replace("\x00", "")), by=office.an)
    effects.build_waiting(now=NOW)
    for address in ("", "news/"):
        rss = ElementTree.fromstring(text("education", f"{address}rss.xml"))
        atom = ElementTree.fromstring(text("education", f"{address}atom.xml"))
        feed = json.loads(text("education", f"{address}feed.json"))
        titles = {rss.findtext("channel/item/title"), atom.findtext(f"{ATOM}entry/{ATOM}title")}
        assert titles == {'控制字符与<标签>&"引号"]]>'}
        assert feed["items"][0]["date_published"] == atom.findtext(f"{ATOM}entry/{ATOM}published") == "2026-11-21T10:00:00+08:00"


def test_sitemaps_state_the_true_last_change(office):
    article = making.article(office.section, by=office.an, shown_at=NOW - timedelta(days=60))
    making.release(article, by=office.an)
    later = making.article(office.section, by=office.an)
    making.release(later, by=office.an, now=NOW + timedelta(hours=1))
    effects.build_waiting(now=NOW + timedelta(hours=1))
    index = ElementTree.fromstring(text("education", "sitemap.xml"))
    entries = {entry.findtext(f"{MAP}loc"): entry.findtext(f"{MAP}lastmod") for entry in index}
    assert entries == {
        "http://education.localhost/sitemaps/pages.xml": None,
        "http://education.localhost/sitemaps/2026-09.xml": "2026-11-21T10:00:00+08:00",
        "http://education.localhost/sitemaps/2026-11.xml": "2026-11-21T11:00:00+08:00",
    }
    assert "http://education.localhost/sitemap.xml" in text("education", "robots.txt")


def test_pinned_articles_stand_on_top_once(office):
    first = making.article(office.section, by=office.an, title="置顶的稿件")
    making.place(first, office.section, is_pinned=True)
    making.release(first, by=office.an)
    making.release(making.article(office.section, by=office.an, title="后来的稿件"), by=office.an)
    effects.build_waiting(now=NOW)
    page = text("education", "news/index.html")
    assert page.index("置顶的稿件") < page.index("后来的稿件")
    assert page.count("置顶的稿件") == 1


def test_a_closed_section_leaves_the_navigation_and_keeps_its_pages(office):
    factories.section(office.site, "notices", name="通知公告")
    article = making.article(office.section, by=office.an)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    outlets.close_section(Section.objects.get(pk=office.section.pk), by=None, now=NOW)
    effects.build_waiting(now=NOW)
    home = text("education", "index.html")
    assert ('href="/news/"' in home, 'href="/notices/"' in home) == (False, True)
    assert str(article.pk) in text("education", "news/index.html")


def test_a_site_that_went_back_stays_until_its_next_release(office):
    making.release(making.article(office.section, by=office.an, title="第一篇"), by=office.an)
    effects.build_waiting(now=NOW)
    before = effects.store().root("education")
    making.release(making.article(office.section, by=office.an, title="第二篇"), by=office.an)
    effects.build_waiting(now=NOW)
    assert effects.rollback("education", to=None, now=NOW) == before
    effects.build_waiting(now=NOW)
    assert effects.store().root("education") == before
    making.release(making.article(office.section, by=office.an, title="第三篇"), by=office.an)
    assert effects.build_waiting(now=NOW).built_whole == ["education"]
    page = text("education", "news/index.html")
    assert all(title in page for title in ("第一篇", "第二篇", "第三篇"))


def test_a_preview_is_complete_in_itself(office):
    article = making.article(office.section, by=office.an, title="尚未签发")
    page = previews.get("snapshots.theme")(article, office.site, fields_of(article)).decode()
    assert "尚未签发" in page
    assert "noindex" in page
    assert 'rel="stylesheet"' not in page
    assert "<style>" in page


def test_a_preview_of_an_unsaved_article_shows_what_was_typed(office):
    article = Article.objects.get(pk=making.article(office.section, by=office.an, title="旧题").pk)
    article.title = "新题"
    page = previews.get("snapshots.theme")(article, office.site, fields_of(article)).decode()
    assert ("新题" in page, "旧题" in page) == (True, False)

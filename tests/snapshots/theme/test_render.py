"""Every page: whole, safe, quiet towards other hosts, and the same bytes wherever it is drawn."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from fangtang.snapshots.theme import addresses, days, render, words
from fangtang.snapshots.theme.contexts import Link, PublicPage
from tests.snapshots.theme.pages import ARTICLE, DOCUMENT, EDUCATION, HOME_FULL, PAGES, SECTION_NEWS

ROOT = Path(__file__).parents[3]
SAFE_SCHEMES = ("/", "#", "http://", "https://", "mailto:", "tel:")
MARK = "q7x"  # tells our attack from the theme's own markup
ATTACKS = (
    f"</script><script>{MARK}()</script>",
    f'"><img src=//evil.example/{MARK} onerror={MARK}()>',
    f"' onfocus={MARK}() autofocus='",
    f"javascript:{MARK}()",
    f"<!--<script>{MARK}",
    f"</title></textarea></style><svg onload={MARK}()>",
    f"{{{{ {MARK} }}}}{{% raw %}}",
    "//evil.example/x.png",
    "/\\evil.example/x.png",
    "https://evil.example/x.css",
    "\u2028\u2029\x00&lt;&amp;",
)


def parsed(page: PublicPage) -> LexborHTMLParser:
    return LexborHTMLParser(render.render(page).decode())


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole(name: str):
    tree = parsed(PAGES[name])
    assert len(tree.css("h1")) == 1
    assert tree.css_first("h1").text(strip=True)
    assert tree.css_first("title").text(strip=True)
    assert tree.css_first("html").attributes["lang"] == "zh-Hans"
    assert len(tree.css("main#content")) == 1
    assert tree.css_first("body > a.skip").attributes["href"] == "#content"
    assert tree.css_first("meta[name=viewport]") is not None
    assert all("alt" in image.attributes for image in tree.css("img"))
    names = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(name: str):
    levels = [int(node.tag[1]) for node in parsed(PAGES[name]).css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_page_makes_no_outside_request_and_carries_no_style_or_script(name: str):
    assert quiet(parsed(PAGES[name])) == []


def test_the_quiet_test_hears_an_outside_request():
    loud = '<img src="//evil.example/1.png"><script>1</script><p style="x" onclick="y"><a href="javascript:1">'
    assert len(quiet(LexborHTMLParser(loud))) == 5


def quiet(tree: LexborHTMLParser) -> list[str]:
    """What a page would load from elsewhere, run, or style inline."""
    found = []
    for node in tree.css("*"):
        if node.tag == "script" and node.attributes.get("type") != "application/ld+json":
            found.append(node.html)
        if node.tag == "style":
            found.append(node.html)
        for key, value in node.attributes.items():
            is_loaded = key in ("src", "poster", "data", "action") or (key == "href" and loads(node))
            if is_loaded and not addresses.is_local(value or ""):
                found.append(f"{node.tag} {key}={value}")
            if key == "srcset" and not all(addresses.is_local(part.strip()) for part in (value or "").split(",")):
                found.append(f"{node.tag} {key}={value}")
            if key == "href" and not (value or "").startswith(SAFE_SCHEMES):
                found.append(f"{node.tag} {key}={value}")
            if key == "style" or key.startswith("on"):
                found.append(f"{node.tag} {key}={value}")
    return found


def loads(node) -> bool:
    return node.tag == "link" and node.attributes.get("rel") in ("stylesheet", "icon", "preload")


# Attacks in every text field


def poisoned(value: object, attack: str, path: tuple[str, ...] = ()):
    """Every copy of a page in which one text, however deep, is the attack. `body_html` is the sanitiser's."""
    if isinstance(value, str):
        yield path, attack
    elif isinstance(value, tuple):
        for index, part in enumerate(value[:2]):
            for where, bad in poisoned(part, attack, (*path, str(index))):
                yield where, (*value[:index], bad, *value[index + 1 :])
    elif is_dataclass(value):
        for field in fields(value):
            if field.name in ("body_html", "language", "kind", "width"):
                continue
            for where, bad in poisoned(getattr(value, field.name), attack, (*path, field.name)):
                yield where, replace(value, **{field.name: bad})


def unsafe(page: PublicPage) -> list[str]:
    tree = parsed(page)
    loud = quiet(tree)
    planted = [node.html for node in tree.css("script") if "application/ld+json" not in (node.attributes.get("type") or "")]
    for node in tree.css("script[type='application/ld+json']"):
        json.loads(node.text())
    if len(tree.css("h1")) != 1 or len(tree.css("html > head > title")) != 1 or len(tree.css("body > footer")) != 1:
        planted.append("the page fell apart")
    return loud + planted


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["home", "article", "article-policy", "withdrawn", "section-policy", "section-news", "not-found", "site-map", "redirect"])
def test_an_attack_in_any_field_stays_text(name: str, attack: str):
    broken = {where: found for where, page in poisoned(PAGES[name], attack) if (found := unsafe(page))}
    assert broken == {}


@settings(max_examples=150, deadline=None)
@given(st.text(), st.sampled_from(["title", "summary", "source", "author", "document_number", "correction_notice", "canonical_url"]))
def test_any_text_in_an_article_is_shown_as_it_is(text: str, field: str):
    text = text.encode(errors="ignore").decode()
    assert unsafe(replace(DOCUMENT, **{field: text})) == []


@given(st.text().map(lambda text: text.encode(errors="ignore").decode().replace("\x00", "").replace("\r", "")))
def test_title_comes_back_whole(title: str):
    tree = parsed(replace(ARTICLE, title=title))
    assert tree.css_first("h1").text() == title
    assert tree.css_first("meta[name=ArticleTitle]").attributes["content"] == title
    graph = json.loads(tree.css_first("script").text())["@graph"]
    assert graph[0]["headline"] == title


def test_an_unescaped_field_would_be_caught(monkeypatch):
    environment = render._environment()
    source = environment.loader.get_source(environment, "withdrawn.html")[0]
    broken = environment.from_string(source.replace("{{ page.title }}", "{{ page.title|safe }}"))
    monkeypatch.setattr(render, "_template", lambda name, real=render._template: broken if name == "withdrawn.html" else real(name))
    render._splicer.cache_clear()
    try:
        assert unsafe(replace(PAGES["withdrawn"], title=ATTACKS[1]))
    finally:
        render._splicer.cache_clear()


# The same bytes

DIGEST = """
import hashlib, django
django.setup()
from tests.snapshots.theme.pages import FILES, PAGES
from fangtang.snapshots.theme.render import render
drawn = [render(page) for page in PAGES.values()] + [path.encode() + content for path, content in FILES.items()]
print(hashlib.sha256(b"".join(drawn)).hexdigest())
"""


def digest(**environment: str) -> str:
    run = [sys.executable, "-W", "error", "-c", DIGEST]
    kept = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment
    return subprocess.run(run, env=kept, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_same_bytes_under_another_zone_locale_and_hash_seed():
    here = digest(TZ="UTC", LANG="C", PYTHONHASHSEED="0")
    there = digest(TZ="America/Lima", LANG="zh_CN.UTF-8", LC_ALL="C.UTF-8", PYTHONHASHSEED="4711")
    assert len(here) == 65
    assert here == there


@pytest.mark.parametrize("name", PAGES)
def test_same_page_same_bytes_from_equal_values(name: str):
    page = PAGES[name]
    first = render.render(page)
    render._frame.cache_clear()
    render._ends.cache_clear()
    assert render.render(replace(page, chrome=replace(page.chrome))) == first


def test_the_frame_of_a_site_is_drawn_once():
    render._frame.cache_clear()
    for number in range(5):
        chrome = replace(EDUCATION, tagline=EDUCATION.tagline)
        render.render(replace(ARTICLE, chrome=chrome, url=f"/news/{number}.html"))
    assert render._frame.cache_info().misses == 1


# What the national guideline asks


def metas(page: PublicPage) -> dict[str, str]:
    return {node.attributes["name"]: node.attributes["content"] or "" for node in parsed(page).css("meta[name]")}


def test_an_article_carries_the_tags_of_the_guideline():
    found = metas(ARTICLE)
    assert found["SiteName"] == "方塘市教育局"
    assert found["SiteDomain"] == "education.localhost:8000"
    assert found["SiteIDCode"] == "9900000012"
    assert found["ColumnName"] == "教育要闻"
    assert found["ColumnType"] == "工作动态"
    assert found["ArticleTitle"] == ARTICLE.title
    assert found["PubDate"] == "2026-11-19 09:30"
    assert found["ContentSource"] == "方塘市教育局基础教育科"
    assert found["Keywords"] == "课后服务,义务教育,特色课程"
    assert found["Author"] == "安宁"
    assert found["Description"] == ARTICLE.summary
    assert found["Image"] == "http://education.localhost:8000/media/4-1200x675.svg"
    assert found["Url"] == ARTICLE.canonical_url


def test_a_section_carries_the_tags_of_the_guideline():
    found = metas(SECTION_NEWS)
    assert found["ColumnName"] == "教育要闻"
    assert found["ColumnDescription"] == SECTION_NEWS.description
    assert found["ColumnKeywords"] == "教育要闻"
    assert found["ColumnType"] == "教育要闻"


def test_the_foot_says_who_answers_for_the_site():
    foot = parsed(HOME_FULL).css_first("body > footer").text()
    for said in ("方塘市教育信息中心", "9900000012", "塘ICP备20260012号-1", "塘公网安备 99010202000012号", "0990 1234567"):
        assert said in foot


def test_a_copy_names_the_place_of_the_original():
    tree = parsed(DOCUMENT)
    assert tree.css_first("link[rel=canonical]").attributes["href"] == DOCUMENT.canonical_url
    assert "方塘市人民政府" in tree.css_first(".article-foot").text()


def test_a_preview_is_kept_from_search():
    assert metas(replace(ARTICLE, is_preview=True))["robots"] == "noindex, nofollow"
    assert "robots" not in metas(ARTICLE)


# Small parts


def test_navigation_marks_where_the_page_lies():
    def marked(page: PublicPage) -> list[tuple[str, str]]:
        return [(node.attributes["href"], node.attributes["aria-current"]) for node in parsed(page).css(".nav a[aria-current]")]

    assert marked(HOME_FULL) == [("/", "page")]
    assert marked(SECTION_NEWS) == [("/news/", "page")]
    assert marked(ARTICLE) == [("/news/", "true")]
    assert marked(PAGES["not-found"]) == []


def test_days_in_two_languages():
    assert days.day(date(2026, 11, 21), "zh-hans") == "2026年11月21日"
    assert days.day(date(2026, 11, 21), "zh-hant") == "2026年11月21日"
    assert days.day(date(2026, 11, 21), "en") == "21 November 2026"


@pytest.mark.parametrize(("size", "shown"), [(0, "1 KB"), (82_310, "80 KB"), (1024 * 1024 - 1, "1.0 MB"), (1_482_113, "1.4 MB")])
def test_sizes(size: int, shown: str):
    assert days.size(size) == shown


def test_site_map_nests_by_depth_even_when_it_starts_deep():
    rows = ((1, Link("a", "/a/")), (2, Link("b", "/b/")), (0, Link("c", "/c/")), (3, Link("d", "/d/")))
    grown = render.branches(rows)
    assert [(branch.link.title, [child.link.title for child in branch.children]) for branch in grown] == [("a", ["b"]), ("c", ["d"])]


def test_words_are_found_in_every_language_and_all_are_used():
    used = "".join(path.read_text() for path in (ROOT / "src/fangtang/snapshots/theme/templates").iterdir())
    assert [name for name in words.WORDS if f"words.{name}" not in used] == []
    for language in ("zh-hans", "zh-hant", "en"):
        assert words.spoken(language).home


def test_an_article_in_another_language_says_so():
    tree = parsed(PAGES["article-english"])
    assert tree.css_first("article").attributes["lang"] == "en"
    assert tree.css_first("article .byline").attributes["lang"] == "zh-Hans"


def test_english_site_speaks_english():
    tree = parsed(replace(SECTION_NEWS, chrome=replace(EDUCATION, language="en")))
    assert tree.css_first("html").attributes["lang"] == "en"
    assert "20 November 2026" in tree.body.text()

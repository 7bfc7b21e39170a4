"""A spliced page is, byte for byte, the page that Jinja draws; whatever cannot be spliced exactly is left to Jinja."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import nodes
from markupsafe import Markup

from fangtang.snapshots.theme import render, splicing
from fangtang.snapshots.theme.contexts import (
    ArticlePage,
    Attachment,
    Entry,
    Headline,
    HomePage,
    Link,
    NoticeBar,
    Picture,
    PictureNews,
    PublicPage,
    QuickLinks,
    RedirectPage,
    SectionList,
    SectionPage,
    WithdrawnPage,
)
from fangtang.snapshots.theme.splicing import NotSpliceable, Slot, Splicer, Trace, lifted
from tests.snapshots.theme.pages import ARTICLE, EDUCATION, PAGES, SECTION_NEWS

HARD = st.sampled_from(["<&>\"'", "</script><!--", "{{ page.title }}", "\u2028\u2029\\", "javascript:x()", "//evil.example/", "/news/1.html", ""])
TEXTS = HARD | st.text(max_size=80).map(lambda text: text.encode(errors="ignore").decode())
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1))
LINKS = st.builds(Link, TEXTS, TEXTS, st.booleans())
PICTURES = st.none() | st.builds(
    Picture, st.lists(st.tuples(st.just("/media/1.webp") | TEXTS, st.integers(1, 4000), st.integers(1, 4000)), max_size=3).map(tuple), TEXTS, TEXTS, TEXTS
)
CHROMES = st.builds(lambda name, language: replace(EDUCATION, site_name=name, language=language), TEXTS, st.sampled_from(["zh-hans", "zh-hant", "en"]))
ENTRIES = st.builds(Entry, TEXTS, TEXTS, DAYS, TEXTS, PICTURES, st.booleans(), st.none(), TEXTS, TEXTS, DAYS, st.booleans())


def several(values: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(values, max_size=most).map(tuple)


ARTICLES = st.builds(
    ArticlePage,
    chrome=CHROMES,
    url=TEXTS,
    canonical_url=TEXTS,
    is_copy=st.booleans(),
    origin_site_name=TEXTS,
    breadcrumb=several(LINKS),
    section=LINKS,
    section_kind_label=TEXTS,
    title=TEXTS | st.text("长", min_size=61, max_size=201),
    short_title=TEXTS,
    summary=TEXTS,
    kind_label=TEXTS,
    body_html=TEXTS,
    attachments=several(st.builds(Attachment, TEXTS, TEXTS, TEXTS, st.integers(0, 10**9))),
    published_at=st.none() | MOMENTS,
    modified_at=MOMENTS,
    source=TEXTS,
    source_url=TEXTS,
    author=TEXTS,
    editor=TEXTS,
    keywords=several(TEXTS),
    document_number=TEXTS,
    issuing_body=TEXTS,
    made_on=DAYS,
    effective_on=DAYS,
    lead_picture=PICTURES,
    language=st.sampled_from(["zh-hans", "en"]),
    correction_notice=TEXTS,
    is_preview=st.booleans(),
)
SECTIONS = st.builds(
    SectionPage,
    chrome=CHROMES,
    url=TEXTS,
    breadcrumb=several(LINKS),
    title=TEXTS,
    kind=st.sampled_from(["news", "notices", "policy", "qa", "topic", "people", "gallery"]),
    kind_label=TEXTS,
    description=TEXTS,
    pinned=several(ENTRIES, 1),
    entries=several(ENTRIES),
    subsections=several(LINKS, 2),
    is_front=st.booleans(),
    number=st.integers(1, 99),
    newest_number=st.integers(1, 99),
    page_links=several(LINKS),
    newer_url=TEXTS,
    older_url=TEXTS,
    total=st.integers(0, 99),
    keywords=several(TEXTS),
    canonical_url=TEXTS,
)
BLOCKS = st.one_of(
    st.builds(Headline, several(ENTRIES)),
    st.builds(SectionList, LINKS, several(ENTRIES), st.sampled_from(["half", "full"])),
    st.builds(PictureNews, TEXTS, several(ENTRIES), st.none() | LINKS),
    st.builds(QuickLinks, TEXTS, several(LINKS)),
    st.builds(NoticeBar, TEXTS, st.none() | LINKS),
)
HOMES = st.builds(HomePage, CHROMES, st.just("/"), TEXTS, several(BLOCKS))
WITHDRAWN = st.builds(WithdrawnPage, CHROMES, TEXTS, several(LINKS), TEXTS, st.dates(), TEXTS)
REDIRECTS = st.builds(RedirectPage, CHROMES, TEXTS, TEXTS)


def plain(page: PublicPage) -> bytes:
    """The page as Jinja draws it, its parts too."""
    language = page.chrome.language
    parts = ""
    if isinstance(page, HomePage):
        parts = Markup("").join(Markup(render._block.__wrapped__(block, language)) for block in page.blocks)
    if isinstance(page, SectionPage):
        parts = Markup("\n").join(Markup(render._plain_entry(page.kind, language, None, entry)) for entry in (*page.pinned, *page.entries))
    return render._plain(type(page), language, render._frame_of(page), page, parts).encode()


@settings(max_examples=300, deadline=None)
@given(ARTICLES | SECTIONS | HOMES | WITHDRAWN | REDIRECTS)
def test_spliced_is_what_jinja_draws(page: PublicPage):
    assert render.render(page) == plain(page)
    assert render.render(page) == plain(page), "from the shape that was just learnt"


@settings(max_examples=100, deadline=None)
@given(ARTICLES, TEXTS, TEXTS, TEXTS)
def test_another_page_of_the_same_shape_is_what_jinja_draws(page: ArticlePage, title: str, summary: str, body: str):
    render.render(page)
    other = replace(page, title=title, summary=summary, body_html=body)
    assert render.render(other) == plain(other)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if isinstance(page, render.SPLICED)])
def test_every_kind_of_page_is_learnt(name: str):
    render._splicer.cache_clear()
    render._entry_splicer.cache_clear()
    page = PAGES[name]
    render.render(page)
    splicers = [render._splicer(type(page), page.chrome.language)]
    if isinstance(page, SectionPage) and page.entries:
        splicers.append(render._entry_splicer(page.kind, page.chrome.language))
    assert [len(splicer._shapes) > 0 for splicer in splicers] == [True] * len(splicers)
    assert [splicer._failures for splicer in splicers] == [0] * len(splicers)


# Planted faults


def test_a_forgotten_condition_would_be_caught(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Trace, "require", lambda self, condition: None)
    render._splicer.cache_clear()
    try:
        assert render.render(ARTICLE) == plain(ARTICLE)
        silent = replace(ARTICLE, source="", summary="", author="")
        assert render.render(silent) != plain(silent)
    finally:
        render._splicer.cache_clear()


def test_a_forgotten_escape_would_be_caught(monkeypatch: pytest.MonkeyPatch):
    render._splicer.cache_clear()
    monkeypatch.setattr(splicing, "_html", lambda value: str(value).encode())
    try:
        page = replace(ARTICLE, title="<script>")
        render.render(page)
        assert render.render(page) == plain(page), "the first comparison with Jinja's page refuses such a shape"
        assert render._splicer(ArticlePage, "zh-hans")._shapes == ()
    finally:
        render._splicer.cache_clear()


def splicer(source: str, **filters: Callable[..., object]) -> Splicer:
    environment = render._environment.__wrapped__()
    environment.filters |= filters
    template = environment.from_string(source)
    return Splicer(lambda _, thing: template.render(thing=thing), "nothing", "thing")


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m(thing.title)|length }}",
        "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m(thing.title)|upper }}",
        "{% set x %}{{ thing.title }}{% endset %}{{ x }}{{ x }}",
        "{{ thing.title ~ '!' }}",
        "{{ thing.title[1:] }}",
        "{{ 'x' in thing.title }}",
        "{{ {thing.title: 1} }}",
        "{{ thing.title + '<' }}",
        "{{ '%s' % thing.title }}",
        "{{ thing.title.upper() }} {{ thing.title.replace('a', 'b') }}",
        "{{ thing.title|replace('a', 'b') }}",
        "{{ thing.title|upper }} {{ thing.title|truncate(3) }} {{ thing.title|list|join('<') }} {{ thing.title|reverse|join }}",
        "{% if thing.title is none %}none{% elif thing.title is lower %}lower{% endif %}{{ thing.title|default('<') }}",
        "{{ thing.title|first }}{% for one in thing.title if one is sameas 'a' %}{{ loop.index }}{{ one }}{% endfor %}",
    ],
)
def test_what_a_slot_cannot_answer_is_left_to_jinja(source: str):
    one = splicer(source)
    for title in ("abc", "<a&b>", "ABC", "xax", None):
        if title is None and "none" not in source:
            continue
        thing = Link(title, "/")
        assert one.drawn(None, thing) == one._draw(None, thing).encode()


def looked_at(source: str) -> list[int]:
    """Lines on which finished text is not just written."""
    tree = render._environment().parse(source)
    macros = {macro.name for macro in tree.find_all(nodes.Macro)} | {
        name if isinstance(name, str) else name[1] for one in tree.find_all(nodes.FromImport) for name in one.names
    }
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name in macros]
    written = {id(child) for output in tree.find_all(nodes.Output) for child in output.nodes}
    blocks = tree.find_all((nodes.AssignBlock, nodes.FilterBlock, nodes.CallBlock, nodes.Import))
    return [call.lineno for call in calls if id(call) not in written] + [block.lineno for block in blocks]


def test_templates_only_write_finished_text():
    environment = render._environment()
    names = environment.list_templates()
    assert "article.html" in names
    assert {name: found for name in names if (found := looked_at(environment.loader.get_source(environment, name)[0]))} == {}


@pytest.mark.parametrize(
    "use",
    [
        "{% if m(1) %}x{% endif %}",
        "{{ m(1)|length }}",
        "{{ m(1) ~ '' }}",
        "{% set x = m(1) %}",
        "{% set x %}{{ m(1) }}{% endset %}",
        "{% filter upper %}{{ m(1) }}{% endfilter %}",
        "{% for x in m(1) %}{% endfor %}",
    ],
)
def test_a_look_at_finished_text_would_be_caught(use: str):
    assert looked_at("{% from 'parts.html' import time as m %}" + use)
    assert looked_at("{% macro m(x) %}{{ x }}{% endmacro %}" + use)


def test_shapes_are_bounded():
    one = splicer("{% for x in thing.title %}{{ x }}{% endfor %}")
    for length in range(splicing.MOST_SHAPES * 2):
        assert one.drawn(None, Link("<" * length, "/")) == b"&lt;" * length
    assert len(one._shapes) == splicing.MOST_SHAPES


def test_what_can_never_be_spliced_is_tried_only_so_often():
    tries: list[object] = []
    one = splicer("{{ thing.title|odd }}", odd=lambda value: tries.append(value) or str(value))
    for number in range(splicing.MOST_FAILURES * 2):
        assert one.drawn(None, Link(f"<{number}", "/")) == f"&lt;{number}".encode()
    assert len(tries) == splicing.MOST_FAILURES * 3


@pytest.mark.parametrize(
    "ask", [str, repr, hash, len, list, int, lambda slot: f"{slot}", lambda slot: slot in {1}, lambda slot: slot[slot], lambda slot: slot(1)]
)
def test_a_slot_answers_nothing_that_is_not_noted(ask: Callable[[object], object]):
    with pytest.raises((NotSpliceable, TypeError)):
        ask(Slot(Trace(), "thing", 7, is_shared=False))


def test_lifted_functions_stay_themselves_for_plain_values():
    assert lifted(len)("abc") == 3
    assert lifted(lambda *, word: word * 2)(word="ab") == "abab"


def test_sections_with_the_same_lines_share_no_frame():
    """Two sites with pages of one shape: each keeps its own name, head and foot."""
    other = replace(SECTION_NEWS, chrome=replace(EDUCATION, site_name="另一个网站"))
    first, second = render.render(SECTION_NEWS), render.render(other)
    assert ("另一个网站".encode() in first, "另一个网站".encode() in second) == (False, True)
    assert (first, second) == (plain(SECTION_NEWS), plain(other))

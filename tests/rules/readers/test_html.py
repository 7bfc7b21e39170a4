"""A page as its reader sees it: the same words that a browser's parser finds, each with its place."""

from __future__ import annotations

import html as entities
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from fangtang.rules.readers import html
from fangtang.rules.samples import Sample
from fangtang.rules.texts import Kind

PAGE = """<!doctype html><html><head><title>通知 &amp; 公告</title><meta name="description" content="关于&quot;假期&quot;"><style>p{}</style></head>
<body><h2>一、总则</h2><p>会议&nbsp;于<b>2月30日</b>召开<img src=a.png alt="照片&amp;图">。<p>第二段<br>换行
<table><caption>表</caption><tr><td>一<td>二<tr><th>三</table><ul><li>甲<li>乙</ul><blockquote><p>引文</p></blockquote>
<div hidden>藏<p>更深</p></div><script>var a="<p>x";</script>1 < 2 &amp; 3 <a href="/" title="首页">回</a></body></html>"""


def said(sample: Sample) -> list[tuple[str, str]]:
    return [(block.kind.value, sample.text.content[block.start : block.end].strip()) for block in sample.text.blocks]


def test_every_block_has_its_kind() -> None:
    assert said(html.read(PAGE)) == [
        ("title", "通知 & 公告"),
        ("description", '关于"假期"'),
        ("heading", "一、总则"),
        ("paragraph", "会议\xa0于2月30日召开。"),
        ("alternative", "照片&图"),
        ("paragraph", "第二段\n换行"),
        ("caption", "表"),
        ("cell", "一"),
        ("cell", "二"),
        ("cell", "三"),
        ("item", "甲"),
        ("item", "乙"),
        ("quotation", "引文"),
        ("hidden", "藏"),
        ("hidden", "更深"),
        ("paragraph", "1 < 2 & 3 回"),
        ("label", "首页"),
    ]


def test_a_place_survives_tags_and_entities() -> None:
    text = html.read(PAGE).text
    for quote, source in (("2月30日", "2月30日"), ("&", "&amp;"), ("于2月", "于<b>2月"), ("假期", "假期"), ("照片&图", "照片&amp;图"), ("\xa0", "&nbsp;")):
        start = text.content.index(quote)
        at, end = text.source(start, start + len(quote))
        assert PAGE[at:end] == source


def test_cells_know_their_row_and_column() -> None:
    cells = [(block.table, block.row, block.column) for block, _ in html.read(PAGE).text.of(Kind.CELL)]
    assert cells == [(0, 0, 0), (0, 0, 1), (0, 1, 0)]


def test_headings_know_their_level_and_elements_what_they_say() -> None:
    sample = html.read(PAGE)
    assert [block.level for block, _ in sample.text.of(Kind.HEADING)] == [2]
    bold = next(element for element in sample.elements if element.name == "b")
    assert sample.text.content[bold.text_start : bold.text_end] == "2月30日"
    assert PAGE[bold.start : bold.end] == "<b>"
    assert sample.elements[bold.parent].name == "p"
    link = next(element for element in sample.elements if element.name == "a")
    assert link.attributes == {"href": "/", "title": "首页"}


@pytest.mark.parametrize("style", ["display:none", "DISPLAY : none", "color:red; visibility:hidden", "font-size:0", "font-size: 0px;"])
def test_what_a_style_hides_is_hidden(style: str) -> None:
    assert said(html.read(f'<p style="{style}">藏</p><p style="font-size:0.9em">见</p>')) == [("hidden", "藏"), ("paragraph", "见")]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", ""),
        ("<", "<"),
        ("a<b", "a"),
        ("a < b", "a < b"),
        ("<p title='a>b'>c", "c"),
        ('<p title="a', ""),
        ("<!-- a --> b <!-- c", "b"),
        ("a</>b</ x>c<?d?>e<!f>g", "abceg"),
        ("<script>a</scriptx></SCRIPT >b", "b"),
        ("<textarea><b>a&amp;</textarea>", "<b>a&"),
        ("&#20013;&#x6587; &nosuch; &amp", "中文 &nosuch; &"),
        ("𠀀<b>😀</b>é", "𠀀😀é"),
        ("<p>a<p>b", "a b"),
    ],
)
def test_what_is_odd_reads_as_in_a_browser(source: str, words: str) -> None:
    found = " ".join(text for kind, text in said(html.read(source)) if kind != "label")
    assert found.replace("\n", " ").strip() == words


PARTS = ["<p>", "</p>", "<b>", "</b>", "<i ", "/>", "<div hidden>", "</div>", "<li>", "<ul>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<br>", "<h1>"]
PARTS += [
    "</h1>",
    "<a href='x' title=\"y\">",
    "</a>",
    "<img alt=图>",
    "<!--",
    "-->",
    "<",
    ">",
    "&",
    "&amp;",
    "&#x4e2d;",
    '"',
    "'",
    "=",
    "字",
    "𠀀",
    " ",
    "\n",
    "a",
]
PAGES = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_every_character_is_found_again_at_its_place(source: str) -> None:
    text = html.read(source).text
    for index, character in enumerate(text.content):
        start, end = text.source(index, index + 1)
        assert 0 <= start <= end <= len(source)
        if start < end and character not in " \n":
            assert character in entities.unescape(source[start:end])
    ends = [block.end for block in text.blocks]
    assert ends == sorted(ends)


INLINE = ["<b>", "</b>", "<i class=x>", "</i>", "<!-- c -->", "&lt;", "&amp;", "&#20013;", "字", "a", " ", "\n", "<br>", '<a href="?a=1&amp;b">', "</a>"]
BLOCKED = [*INLINE, "<p>", "</p>", "<div>", "</div>", "<h2>", "</h2>", "<ul>", "<li>", "</ul>", "<script>x</script>", "<span hidden>", "</span>"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(BLOCKED), max_size=40).map("".join))
def test_the_words_are_those_that_lexbor_finds(source: str) -> None:
    tree = LexborHTMLParser(f"<body>{source}")
    for script in tree.css("script"):
        script.decompose()
    theirs = re.sub(r"\s", "", tree.body.text() if tree.body else "")
    ours = "".join(sample_text for kind, sample_text in said(html.read(f"<body>{source}")) if kind != "label")
    assert re.sub(r"\s", "", ours) == theirs


@pytest.mark.parametrize(
    "part", ["<a ", '<a "', "<a b='", "<!--", "</b>", "<b>", "<p>", "<li>", "<b></i>", "&", "&a", "<td>", "<a b=c ", "<title>", " ", "<br>"]
)
def test_time_grows_with_the_length_alone(part: str) -> None:
    """Counted in steps of the interpreter, not in seconds."""

    def steps(count: int) -> int:
        source, seen = part * count, 0

        def count_line(frame: object, event: str, argument: object) -> object:
            nonlocal seen
            seen += 1
            return count_line

        sys.settrace(count_line)  # type: ignore[arg-type]
        try:
            html.read(source)
        finally:
            sys.settrace(None)
        return seen

    small, large = steps(200), steps(2000)
    assert large < 15 * max(small, 200)

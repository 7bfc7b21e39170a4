"""HTML as Word and old editors leave it: its text comes through, its scripts do not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.articles.importing import markup
from fangtang.articles.importing.markup import from_html
from tests.articles.importing.conftest import row
from tests.articles.importing.test_rows import code

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>x</title><style>p.MsoNormal{color:red}</style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body onload="steal()"><h1 style="x">标题一</h1><p class="MsoNormal" style="mso-x:1"><span lang="EN-US">第<b>一</b>段<o:p></o:p></span></p>
<script>alert(1)</script><div>第二段<br/>第三段<p>第四段
<a href="javascript:alert(1)">坏</a><a href="https://a.example/?a=1&amp;b=2" onclick="x()">好</a></p></div>
<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td></tr></table><ul><li>一</li><li> </li><li>二</li></ul><blockquote>引文</blockquote>
<img src="https://a.example/p.jpg" alt="图" onerror="x()"><img src="data:image/png;base64,xx"><iframe src="https://evil.example"></iframe></body></html>"""


def test_html_from_word_keeps_its_text_and_loses_the_rest() -> None:
    assert [(block.kind, block.value) for block in from_html(WORD)] == [
        ("heading", {"text": "标题一", "level": "2"}),
        (
            "text",
            "<p>第<b>一</b>段</p><p>第二段</p><p>第三段</p>" + '<p>第四段 坏<a href="https://a.example/?a=1&amp;b=2">好</a></p>',
        ),
        ("table", {"data": [["甲", "乙"], ["1", ""]], "first_row_is_table_header": True, "first_col_is_header": False, "table_caption": ""}),
        ("text", "<ul><li>一</li><li>二</li></ul>"),
        ("quotation", {"text": "引文", "cite": ""}),
        ("text", '<p><a href="https://a.example/p.jpg">图</a></p>'),
    ]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<ul><li>一<ul><li>甲</li><li>乙</li></ul></li><li>二</li></ul>", [("text", "<ul><li>一</li><li>甲</li><li>乙</li><li>二</li></ul>")]),
        ("<table><tr><td>左</td></tr><tr><td><table><tr><td>内</td></tr></table></td></tr></table>", [("text", "<p>左</p><p>内</p>")]),
        ("<p>甲&lt;b&gt;</p><p></p><p>&nbsp;</p>乙", [("text", "<p>甲&lt;b&gt;</p><p>乙</p>")]),
        ("<h2>" + "长" * 201 + "</h2>", [("text", "<p>" + "长" * 201 + "</p>")]),
        ("", []),
    ],
)
def test_html_of_odd_shapes_keeps_each_text_once(html: str, wanted: list[tuple[str, str]]) -> None:
    assert [(block.kind, block.value) for block in from_html(html)] == wanted


def test_a_table_of_10000_rows_goes_through() -> None:
    [block] = from_html("<table>" + "".join(f"<tr><td>{n}</td><td>x</td></tr>" for n in range(10_000)) + "</table>")
    assert len(block.value["data"]) == 10_000


@pytest.mark.parametrize("tag", ["div", "span", "ul><li", "table><tr><td", "b><p"])
def test_html_nested_without_end_is_rejected(tag: str) -> None:
    assert code(row(body=f"<{tag}>" * 20_000 + "字"), extra='body = { column = "body", format = "html" }') == "importing.markup_too_deep"


@pytest.mark.parametrize("html", ["<div>" * 250 + "字" + "</div>" * 250, "<p>字" * 5_000, "<ul>" + "<li>字" * 5_000, "<p><span>字</span></p>" * 5_000])
def test_html_that_is_long_or_left_open_is_read(html: str) -> None:
    assert "字" in markup.plain_text(from_html(html))


def test_one_unmarked_paragraph_of_html_is_mended_like_plain_text() -> None:
    assert from_html("<p>现通知如下：一、按时。月底前。二、按量。不得少。</p>")[0].value.count("<p>") == 3


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<script>",
                "</script>",
                "<style>",
                "<b>",
                "</b>",
                '<a href="javascript:x">',
                "<a href='https://a.example/\"'>",
                "</a>",
                "<table><tr><td>",
                "</table>",
                "<li>",
                "<svg onload=x>",
                "<!--",
                "-->",
                "<o:p>",
                "文字",
                "<",
                "&lt;script&gt;",
                '" onclick="x',
                "<h2>",
                "</h2>",
                "<img src=x onerror=y>",
                "<br>",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_no_html_lets_a_script_through(text: str) -> None:
    for block in markup.from_html(text):
        if block.kind == "text":
            assert not re.search(r"<(?!/?(?:p|b|br|a|ul|ol|li|sup|sub)\b)", block.value)
            assert not re.search(r"<[^>]*(?:javascript:|\son\w+=)[^>]*>", block.value.replace("&quot;", ""))

"""HTML of old systems: no nesting ends an import, figures stay in their columns, nothing said is lost or run together."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.articles.importing.markup import TooDeep, from_html, plain_text
from fangtang.articles.rendering.sheet import Sheet, draw
from tests.articles.importing.conftest import row
from tests.articles.importing.test_rows import code, draft

PAGE = "https://old.example/news/1.html"
AS_HTML = 'body = { column = "body", format = "html" }'


def shown(html: str, *, source: str = PAGE) -> list[tuple[str, Any]]:
    return [(block.kind, block.value) for block in from_html(html, source=source)]


def table(html: str) -> dict[str, Any]:
    [block] = [block for block in from_html(html, source=PAGE) if block.kind == "table"]
    return block.value


@pytest.mark.parametrize(
    "html",
    [
        '<span style="a">x</b>' * 300,
        "<table><tr><td>" * 130 + "x",
        "<b>" * 300 + "x",
        "<div>" * 3_000 + "x",
        "<b><i>" * 20_000 + "x",
        "".join(f"<p><font size={number}>" for number in range(250)) + "<p>x" * 200_000,
    ],
)
def test_html_that_nests_as_no_page_does_is_rejected(html: str) -> None:
    assert code(row(body=html), extra=AS_HTML) == "importing.markup_too_deep"


@pytest.mark.parametrize("tag", ["b", "div", "blockquote", "ul", "ul><li", "a href=/x", "h2><div", "dl><dd", "pre", "sup", "o:p"])
@pytest.mark.parametrize("depth", [60, 120, 250])
def test_no_nesting_ends_an_import(tag: str, depth: int) -> None:
    try:
        assert "字" in plain_text(from_html(f"<{tag}>" * depth + "字", source=PAGE))
    except TooDeep:
        assert depth > 120


def test_fonts_that_are_never_closed_nest_nothing() -> None:
    assert shown("<p><font color=red>字</p>" * 300) == [("text", "<p>字</p>" * 300)]


def test_rows_that_reach_over_others_keep_the_columns() -> None:
    value = table(
        "<table><tr><th rowspan=2>地区</th><th colspan=2>人数</th></tr><tr><th>男</th><th>女</th></tr>"
        "<tr><td>甲</td><td>1</td><td>2</td></tr><tr><td>乙</td><td>3</td><td>4</td></tr></table>"
    )
    assert value["data"] == [["地区", "人数", ""], ["", "男", "女"], ["甲", "1", "2"], ["乙", "3", "4"]]
    assert value["mergeCells"] == [{"row": 0, "col": 0, "rowspan": 2, "colspan": 1}, {"row": 0, "col": 1, "rowspan": 1, "colspan": 2}]
    assert value["first_row_is_table_header"] is False
    [drawn] = draw(Sheet.stored(value), word="表格")
    assert '<tr><td rowspan="2">地区</td><td colspan="2">人数</td></tr><tr><td>男</td><td>女</td></tr>' in drawn


@pytest.mark.parametrize(
    ("html", "data"),
    [
        ("<tr><td rowspan=0>甲<td>1<tr><td>2<tr><td>3", [["甲", "1"], ["", "2"], ["", "3"]]),
        ("<tr><td rowspan=99>甲<td>1<tr><td>2", [["甲", "1"], ["", "2"]]),
        ("<tr><td rowspan=x colspan=-1>甲<td>1<tr><td>乙<td>2", [["甲", "1"], ["乙", "2"]]),
        ("<thead><tr><td rowspan=3>甲<td>1</thead><tbody><tr><td>乙<td>2</tbody>", [["甲", "1"], ["乙", "2"]]),
        ("<tr><td>甲<td rowspan=2>乙<td>丙<tr><td colspan=3>丁", [["甲", "乙", "丙"], ["丁", "", ""]]),
        ("<tr><td>甲<p>乙</p>丙<td>第<b>一</b>段<tr><td>1<td>2", [["甲\n乙\n丙", "第一段"], ["1", "2"]]),
    ],
)
def test_odd_spans_keep_the_columns(html: str, data: list[list[str]]) -> None:
    assert table(f"<table>{html}</table>")["data"] == data


def test_a_span_over_the_whole_page_makes_no_hundred_columns() -> None:
    value = table("<table><tr><td colspan=100>表</td></tr>" + "<tr><td>1</td><td>2</td><td>3</td></tr>" * 2 + "</table>")
    assert value["data"] == [["表", "", ""], ["1", "2", "3"], ["1", "2", "3"]]
    assert value["mergeCells"] == [{"row": 0, "col": 0, "rowspan": 1, "colspan": 3}]


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4), min_size=2, max_size=6))
def test_every_cell_of_a_table_stands_once_and_under_no_other(rows: list[list[tuple[int, int]]]) -> None:
    names = iter(range(10_000))
    html = "".join("<tr>" + "".join(f"<td rowspan={down} colspan={across}>c{next(names)}</td>" for down, across in cells) + "</tr>" for cells in rows)
    value = table(f"<table>{html}</table>")
    assert len({len(cells) for cells in value["data"]}) == 1
    assert sorted(cell for cells in value["data"] for cell in cells if cell) == sorted(f"c{number}" for number in range(next(names)))
    sheet = Sheet.stored(value)
    assert all(not sheet.rows[place[0]][place[1]] for place in sheet.covered if place[0] < len(sheet.rows))


def test_a_caption_is_the_table_s() -> None:
    assert table("<table><caption> 表一\n人数 </caption><tr><td>1<tr><td>2</table>")["table_caption"] == "表一 人数"


def test_links_and_pictures_in_a_table_follow_it() -> None:
    found = shown('<table><tr><td>名称<td>文件<tr><td>甲<td><a href="f.xls">下载</a><img src="/p.png" alt="图"></table>')
    assert found[0][1]["data"] == [["名称", "文件"], ["甲", "下载\n图"]]
    assert found[1] == ("text", '<ul><li><a href="https://old.example/news/f.xls">下载</a></li><li><a href="https://old.example/p.png">图</a></li></ul>')


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (
            '<a href="https://a.example/f.pdf"><img src="https://a.example/icon.gif">附件.pdf</a>',
            '<p><a href="https://a.example/icon.gif">icon.gif</a></p><p><a href="https://a.example/f.pdf">附件.pdf</a></p>',
        ),
        (
            '<a href="/big.jpg"><img src="/small.jpg" alt="图"></a>',
            '<p><a href="https://old.example/small.jpg">图</a></p><p><a href="https://old.example/big.jpg">big.jpg</a></p>',
        ),
        ('<a href="/big.jpg"><img src="/big.jpg" alt="图"></a>', '<p><a href="https://old.example/big.jpg">图</a></p>'),
        ('<a href="/x">第一行<br>第二行</a>', '<p><a href="https://old.example/x">第一行</a></p><p><a href="https://old.example/x">第二行</a></p>'),
        ('<a href="/x"><p>甲</p><p>乙</p></a>', '<p><a href="https://old.example/x">甲</a></p><p><a href="https://old.example/x">乙</a></p>'),
        ('<ul><li>甲<img src="p.png" alt="图"></li></ul>', '<ul><li>甲<br/><a href="https://old.example/news/p.png">图</a></li></ul>'),
        ('<p>见<a href="/a/b">那里</a></p>', '<p>见<a href="https://old.example/a/b">那里</a></p>'),
        ('<h2><a href="/x">题</a></h2>', '<p><a href="https://old.example/x">题</a></p>'),
        ('<blockquote>见<a href="/x">那里</a></blockquote>', '<p>见<a href="https://old.example/x">那里</a></p>'),
        ('<p>见<a href="#note">注</a></p>', "<p>见注</p>"),
        ("<p>甲<b>乙<p>丙</b>丁</p>", "<p>甲<b>乙</b></p><p><b>丙</b>丁</p>"),
    ],
)
def test_links_and_pictures_keep_where_they_led(html: str, wanted: str) -> None:
    assert "".join(value for _, value in shown(html)) == wanted


def test_without_a_source_a_relative_address_is_dropped_and_its_text_stays() -> None:
    assert shown('<p>见<a href="/a/b">那里</a><img src="/p.png"><img src="/q.png" alt="图"></p>', source="") == [("text", "<p>见那里</p><p>图</p>")]


def test_links_of_a_body_that_lead_nowhere_are_named_once() -> None:
    body = '<h2>见<a href="/a">那里</a></h2><p><a href="/a">又</a><a href="#x">注</a><a>名</a><img src="p.png" alt="图"></p>'
    body += '<table><tr><td><a href="//[">x</a><tr><td></table>'
    assert draft(row(body=body, url=""), extra=AS_HTML).left_out == ("/a", "p.png", "//[")
    assert draft(row(body=body), extra=AS_HTML).left_out == ("//[",)


def test_the_source_is_the_row_s_address() -> None:
    found = draft(row(body='<p>见<a href="/f.pdf">附件</a></p>', files="g.doc;javascript:x"), extra=AS_HTML + '\nattachments = { column = "files" }')
    assert [block.value for block in found.blocks] == [
        '<p>见<a href="https://old.fangtang.example/f.pdf">附件</a></p>',
        '<ul><li><a href="https://old.fangtang.example/g.doc">g.doc</a></li></ul>',
    ]
    assert found.left_out == ("javascript:x",)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<ul><li><p>甲</p><p>乙</p></li></ul>", "<ul><li>甲<br/>乙</li></ul>"),
        ("<ul><li>a<br>b</li></ul>", "<ul><li>a<br/>b</li></ul>"),
        ("<ol><li>前<table><tr><td>1<td>2<tr><td>3<td>4</table>后</li></ol>", "<ol><li>前<br/>1 2<br/>3 4<br/>后</li></ol>"),
        ("<ul><li>前<ul><li>中</li></ul>后</li></ul>", "<ul><li>前</li><li>中</li><li>后</li></ul>"),
        ("<ol><li>一</li><ol><li>甲</li></ol><li>二</li></ol>", "<ol><li>一</li><li>甲</li><li>二</li></ol>"),
        ("<dl><dt>甲</dt><dd>乙</dd><dt>丙</dt><dd>丁</dd></dl>", "<p>甲</p><p>乙</p><p>丙</p><p>丁</p>"),
        ("<pre>一\n  二\n三</pre>", "<p>一</p><p>二</p><p>三</p>"),
        (
            "".join(f"<{tag}>{tag}</{tag}>" for tag in ("header", "main", "aside", "address", "footer")),
            "<p>header</p><p>main</p><p>aside</p><p>address</p><p>footer</p>",
        ),
        ("<details><summary>甲</summary>乙</details>", "<p>甲</p><p>乙</p>"),
        ("<p>&#x338;甲</p>", "<p>\u0338甲</p>"),
        ("甲&#8203;&#x202e;乙<br>丙", "<p>甲乙</p><p>丙</p>"),
    ],
)
def test_texts_are_not_run_together(html: str, wanted: str) -> None:
    assert "".join(value for _, value in shown(html)) == wanted


def test_paragraphs_of_a_quotation_are_its_lines() -> None:
    assert shown("<blockquote><p>甲</p><p>乙</p></blockquote>") == [("quotation", {"text": "甲\n乙", "cite": ""})]


def test_a_table_in_a_list_stays_a_table() -> None:
    kinds = [kind for kind, _ in shown("<ul><li>前<table><tr><td>1<td>2<tr><td>3<td>4</table>后</li></ul>")]
    assert kinds == ["text", "table", "text"]


_FLOWING = ("p", "b", "a", "li", "ul", "ol", "div", "br", "h2", "blockquote", "pre", "dl", "dd", "span", "font", "img")
_OF_TABLES = ("table", "tr", "td", "th", "caption", "thead")


def _pages(*names: str) -> st.SearchStrategy[list[str]]:
    tags = st.sampled_from([f"<{sign}{name}>" for name in names for sign in ("", "/")])
    others = st.sampled_from(["<a href=/x>", "<img src=/p.png alt=图>", "<td rowspan=3 colspan=2>"] if "td" in names else ["<a href=/x>", "<img src=/p.png>"])
    return st.lists(tags | others | st.integers(0, 99).map("w{:02}".format), max_size=40)


def _words_of(html: str) -> list[str]:
    return re.findall(r"w\d\d", plain_text(from_html(html, source=PAGE)))


@given(_pages(*_FLOWING))
def test_every_word_of_any_html_stands_once_and_in_order(parts: list[str]) -> None:
    assert _words_of("".join(parts)) == [part for part in parts if part.startswith("w")]


@given(_pages(*_FLOWING, *_OF_TABLES))
def test_no_word_of_any_table_is_lost(parts: list[str]) -> None:
    assert set(_words_of("".join(parts))) == {part for part in parts if part.startswith("w")}

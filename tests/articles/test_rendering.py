"""Bodies become the theme's markup and nothing else, whatever was stored."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from fangtang.articles import rendering
from fangtang.articles.rendering import text as text_rendering
from fangtang.articles.rendering.stock import Stock, StoredFile, StoredPicture
from fangtang.articles.rendering.text import safe_address, sanitised

PICTURE = StoredPicture(7, "ab" * 32, 1200, 675, "荷塘全景", "方塘日报")
FILE = StoredFile(3, "cd" * 32, "附件", "附件.PDF", 1_258_291)
FILM = StoredFile(4, "ef" * 32, "短片", "a.mp4", 9_000_000)
CAPTIONS = StoredFile(5, "12" * 32, "字幕", "a.vtt", 900)
STOCK = Stock({7: PICTURE}, {3: FILE, 4: FILM, 5: CAPTIONS})

TAGS = frozenset(
    """a blockquote br caption code details div em figcaption figure footer h2 h3 h4 hr img kbd li ol p source span strong sub summary sup table tbody td
    th thead tr track ul video""".split()  # noqa: SIM905
)
ATTRIBUTES = frozenset(
    """alt aria-label class colspan controls decoding default download height href kind label loading preload role rowspan scope sizes src srclang srcset
    tabindex type width""".split()  # noqa: SIM905
)


def drawn(*blocks: tuple[str, Any], language: str = "zh-hans") -> rendering.Rendered:
    return rendering.body({"body": json.dumps([{"type": kind, "value": value} for kind, value in blocks]), "language": language}, stock=STOCK)


def html(*blocks: tuple[str, Any]) -> str:
    return drawn(*blocks).html


def test_text_becomes_paragraphs_lists_and_marks() -> None:
    source = '<p data-block-key="x">　　第一段<b>重点</b>。</p><ul><li>甲</li><li>乙</li></ul><p><br/></p><p>H<sub>2</sub>O</p>'

    assert html(("text", source)).split("\n") == [
        '<p class="b-paragraph">第一段<strong>重点</strong>。</p>',
        '<ul class="b-list"><li>甲</li><li>乙</li></ul>',
        '<p class="b-paragraph">H<sub>2</sub>O</p>',
    ]


def test_what_word_pastes_is_reduced_to_its_words() -> None:
    word = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p.MsoNormal{color:red}</style><script>alert(1)</script></head><body>"
        "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><p class=MsoNormal style='mso-pagination:none;text-align:center' onclick=x()>"
        "<span style='font-family:仿宋_GB2312'>关于开展检查的<o:p></o:p>通知</span></p>"
        "<p class=MsoNormal align=right><font color=red>2026年9月1日</font></p></body></html>"
    )

    assert html(("text", word)).split("\n") == ['<p class="b-paragraph b-centre">关于开展检查的通知</p>', '<p class="b-paragraph b-sign">2026年9月1日</p>']


def test_headings_never_leave_a_gap() -> None:
    body = html(("heading", {"text": "一、背景", "level": "3"}), ("text", "<h5>（一）</h5><h1>二</h1><h4>深</h4>"))

    assert re.findall(r"<h(\d)", body) == ["2", "3", "2", "3"]


def test_a_picture_is_drawn_in_three_widths_at_most_its_own() -> None:
    page = drawn(("image", {"image": 7, "alt": "雨后荷塘", "caption": "雨后", "credit": "", "is_decorative": False}))

    assert [asset.path for asset in page.assets] == [f"/media/a/b/{'ab' * 7}-{width}.webp" for width in (480, 960, 1200)]
    assert 'alt="雨后荷塘"' in page.html
    assert 'width="1200" height="675"' in page.html
    assert '<span class="b-caption">雨后</span> <span class="b-credit">摄影：方塘日报</span>' in page.html


def test_a_decorative_picture_has_an_empty_text_and_a_missing_one_is_left_out() -> None:
    assert 'alt=""' in html(("image", {"image": 7, "alt": "x", "is_decorative": True}))
    assert html(("image", {"image": 99, "alt": "x"})) == ""


def test_attachments_in_a_row_are_one_list() -> None:
    page = drawn(("attachment", {"document": 3, "title": "申报表"}), ("attachment", {"document": 3, "title": ""}))

    assert page.html.count("<ul") == 1
    assert f'href="/media/c/d/{"cd" * 7}.pdf" download="申报表.pdf">申报表</a> <span class="b-size">PDF, 1.2 MB</span>' in page.html
    assert len(page.assets) == 1


def test_links_to_files_and_articles_are_resolved_or_lose_their_link() -> None:
    source = (
        '<p><a linktype="document" id="3">表</a><a linktype="document" id="8">无</a><a linktype="article" id="5">文</a><a linktype="page" id="1">页</a></p>'
    )
    saved = {"body": [{"type": "text", "value": source}]}

    page = rendering.body(saved, stock=STOCK, to_article={5: "/news/5.html"}.get)

    assert page.html == f'<p class="b-paragraph"><a href="/media/c/d/{"cd" * 7}.pdf">表</a>无<a href="/news/5.html">文</a>页</p>'


def test_a_video_has_captions_and_a_transcript() -> None:
    body = html(("video", {"video": 4, "captions": 5, "title": "开学第一课", "transcript": "同学们好。\n\n请坐。"}))

    assert '<source src="/media/e/f/efefefefefefef.mp4" type="video/mp4">' in body
    assert '<track kind="captions" srclang="zh-Hans" label="字幕" src="/media/1/2/12121212121212.vtt" default="">' in body
    assert "<summary>文字稿</summary>" in body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("摄影：方塘日报", 'label="字幕"', "文字稿", 'aria-label="表格"', 'srclang="zh-Hans"')),
        ("zh-hant", ("攝影：方塘日报", 'label="字幕"', "文字稿", 'aria-label="表格"', 'srclang="zh-Hant"')),
        ("en", ("Photo: 方塘日报", 'label="Captions"', "Transcript", 'aria-label="Table"', 'srclang="en"')),
    ],
)
def test_our_own_words_are_in_the_language_of_the_article(language: str, words: tuple[str, ...]) -> None:
    film = ("video", {"video": 4, "captions": 5, "title": "短片", "transcript": "解说词"})
    sheet = ("table", {"data": [["甲", "乙"]]})

    page = drawn(("image", {"image": 7}), film, sheet, language=language).html

    assert [word for word in words if word not in page] == []


def test_a_table_has_headers_caption_and_merged_cells() -> None:
    table = {
        "data": [["学校", "人数", None], ["一小", "<b>3</b>", "5"], [None, "", ""]],
        "table_header_choice": "both",
        "table_caption": "各校人数",
        "mergeCells": [{"row": 0, "col": 1, "rowspan": 1, "colspan": 2}, {"row": "x"}],
    }

    assert html(("table", table)) == (
        '<div class="b-table" role="group" tabindex="0" aria-label="各校人数"><table><caption>各校人数</caption><thead><tr><th scope="col">学校</th>'
        '<th scope="col" colspan="2">人数</th></tr></thead><tbody><tr><th scope="row">一小</th>'
        "<td>&lt;b&gt;3&lt;/b&gt;</td><td>5</td></tr></tbody></table></div>"
    )


def test_a_pasted_table_keeps_its_spans_and_loses_its_looks() -> None:
    body = html(("text", '<table border=1 onmouseover="x()"><tr><th colspan="2" style="width:9px">甲</th></tr><tr><td>1</td><td><p>2</p></td></tr></table>'))

    assert '<th scope="col" colspan="2">甲</th>' in body
    assert "<td>1</td><td>2</td>" in body
    assert "onmouseover" not in body


def test_ten_thousand_rows_of_an_import_are_still_drawn() -> None:
    assert html(("text", "<table>" + "<tr><td>1</td><td>2</td></tr>" * 10_000 + "</table>")).count("<tr>") == 10_000


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("https://www.gov.cn/a?b=1#c", "https://www.gov.cn/a?b=1#c"),
        ("/news/1.html", "/news/1.html"),
        ("mailto:a@fangtang.example", "mailto:a@fangtang.example"),
        ("tel:12345", "tel:12345"),
        ("javascript:alert(1)", None),
        ("JaVa\tScRiPt:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("java\u200bscript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("vbscript:x", None),
        ("//evil.example/", None),
        ("/\\evil.example/", None),
        ("../a.html", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_safe_addresses_stay(given_address: str | None, kept: str | None) -> None:
    assert safe_address(given_address) == kept


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src=x onerror="alert(1)">',
    "<img src=x:alert(alt) onerror=eval(src) alt=0>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></table></mtext></math>',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror="alert(1)">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="/ok" style="position:fixed;inset:0" onclick="x()" class="b-attachment">x</a>',
    '<p style="background:url(javascript:alert(1))" id="main" class="foot">x</p>',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="x.swf"><embed src="x.swf"></object>',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<base href="//evil.example/">',
    '<link rel="stylesheet" href="//evil.example/x.css">',
    "<style>@import '//evil.example/x.css';</style>",
    '<form action="//evil.example"><input name=a><button formaction="javascript:alert(1)">x</button></form>',
    '<video src=x onerror="alert(1)"><source onerror="alert(1)"></video>',
    '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    '<marquee onstart="alert(1)">x</marquee>',
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<xmp><script>alert(1)</script></xmp>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
    '"><script>alert(1)</script>',
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<body onload=alert(1)>",
    '<embed embedtype="image" id="7" format="left" alt="&quot;><script>x</script>">',
]


def assert_harmless(body: str) -> None:
    tree = LexborHTMLParser(f"<main>{body}</main>")
    for node in tree.css("main *"):
        assert node.tag in TAGS, node.html
        for name, value in node.attributes.items():
            assert name in ATTRIBUTES, node.html
            if name in ("href", "src"):
                assert re.match(r"(https?:|mailto:|tel:|/(?![/\\]))", value or ""), node.html
            if name == "class":
                assert all(word.startswith("b-") for word in (value or "").split()), node.html


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_in_any_place(attack: str) -> None:
    places: list[tuple[str, Any]] = [
        ("text", attack),
        ("text", f"<p>前{attack}后</p><ul><li>{attack}</li></ul><table><tr><td>{attack}</td></tr></table>"),
        ("heading", {"text": attack, "level": "2"}),
        ("image", {"image": 7, "alt": attack, "caption": attack, "credit": attack}),
        ("video", {"video": 4, "title": attack, "transcript": attack}),
        ("table", {"data": [[attack, attack]], "table_caption": attack, "first_row_is_table_header": True}),
        ("quotation", {"text": attack, "cite": attack}),
        ("attachment", {"document": 3, "title": attack}),
    ]
    for place in places:
        assert_harmless(html(place))
    assert_harmless(html(*places))


MARKUP = """<p> </p> <b> </b> <ul> <li> </ul> <ol> <table> <tr> <td> </td> </table> <h1> <h6> </h1> <div\talign=right> </div> <a\thref='/'> </a> <!-- -->
<![CDATA[ ]]> <svg> <math> <style> </style> <br> <br><br> &lt; &#0; &nbsp;""".split(" ")  # noqa: SIM905
PIECES = st.one_of(st.sampled_from(ATTACKS), st.sampled_from(MARKUP), st.text(max_size=30))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_mixture_of_markup_gets_through(source: str) -> None:
    body = html(("text", source))

    assert_harmless(body)
    assert html(("text", source)) == body


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )
)
def test_a_table_of_any_shape_is_drawn_or_left_out(value: Any) -> None:
    assert_harmless(html(("table", {"data": [value] if isinstance(value, list) else [], "mergeCells": value, "table_caption": value})))


def test_words_between_tags_are_never_lost() -> None:
    source = "开头<b>粗<p>段</p>尾</b><center>中<div>内</div></center><font>字</font><unknown>未知</unknown><li>孤儿</li>"

    assert re.sub(r"<[^>]+>|\s", "", html(("text", source))) == "开头粗段尾中内字未知孤儿"


@pytest.mark.parametrize("depth", [100, 5_000])
def test_deep_nesting_gives_its_words(depth: int) -> None:
    body = html(("text", "<div><b>" * depth + "深" + "</b></div>" * depth))

    assert "深" in body
    assert_harmless(body)


def test_the_addressees_of_a_document_stand_without_indent() -> None:
    assert html(("text", "<p>各县区人民政府：</p><p>现通知如下：</p>")).split("\n") == [
        '<p class="b-paragraph b-flush">各县区人民政府：</p>',
        '<p class="b-paragraph">现通知如下：</p>',
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_last_gate_alone_lets_nothing_run(attack: str) -> None:
    """Were the writer broken and everything copied, nh3 would still leave no element and no attribute but ours."""
    for node in LexborHTMLParser(f"<main>{sanitised(attack)}</main>").css("main *"):
        assert node.tag in TAGS, node.html
        assert set(node.attributes) <= ATTRIBUTES, node.html
        assert "script:" not in (node.attributes.get("href") or "")


def test_a_broken_gate_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_rendering, "rewritten", lambda source, **_: [source])
    monkeypatch.setattr(text_rendering, "sanitised", lambda source: source)

    with pytest.raises(AssertionError):
        assert_harmless(html(*(("text", attack) for attack in ATTACKS)))

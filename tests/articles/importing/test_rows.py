"""A row becomes a draft, or is rejected with a code; bodies are cleaned on the way."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fangtang.articles.blocks import HeadingBlock
from fangtang.articles.importing import load, mapping, markup, rows, sentences
from fangtang.articles.importing.markup import from_plain
from fangtang.articles.importing.readers import BadRow, Row
from fangtang.articles.importing.rows import ArticleDraft, Drafter, Rejected, Skipped
from fangtang.articles.models import Article, ArticleKind, Provenance
from tests.articles.importing.conftest import MAPPING, row
from tests.factories import NOW


def drafted(values: dict[str, Any], *, extra: str = "", line: int = 7) -> ArticleDraft | Rejected | Skipped:
    names = tuple(name.partition(" ")[0] for name in extra.splitlines())
    kept = [text for text in MAPPING.strip().splitlines() if not text.startswith(tuple(f"{name}{sign}" for name in names for sign in " ."))]
    wanted = mapping.from_table(tomllib.loads("\n".join([*kept, extra])))
    return Drafter(wanted, now=NOW).draft(Row(line, values))


def draft(values: dict[str, Any], *, extra: str = "") -> ArticleDraft:
    found = drafted(values, extra=extra)
    assert isinstance(found, ArticleDraft), found
    return found


def code(values: dict[str, Any], *, extra: str = "") -> str:
    found = drafted(values, extra=extra)
    assert isinstance(found, Rejected), found
    assert sentences.sentence(found.code, found.data)
    return found.code


def test_a_row_becomes_a_draft() -> None:
    found = draft(row())
    assert (found.line, found.source_id, found.unit_key, found.sections, found.kind) == (7, "a1", "education", ("education/notices",), "news")
    assert found.shown_at == datetime(2024, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [block.kind for block in found.blocks] == ["text"]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"title": ""}, "importing.title_missing"),
        ({"title": "\x00\u200b　"}, "importing.title_missing"),
        ({"title": "长" * 501}, "importing.title_too_long"),
        ({"body": " \n　"}, "importing.body_empty"),
        ({"date": "上周"}, "importing.date_unreadable"),
        ({"date": "2024-02-30"}, "importing.date_unreadable"),
        ({"date": "2099-01-01"}, "importing.date_in_future"),
        ({"date": "0001-01-01"}, "importing.date_too_early"),
        ({"date": "1901-12-31 23:59"}, "importing.date_too_early"),
        ({"dept": "别的局"}, "importing.unit_unknown"),
        ({"id": ""}, "importing.id_missing"),
        ({"id": "x" * 201}, "importing.id_too_long"),
        ({"url": "javascript:alert(1)"}, "importing.url_unreadable"),
        ({"url": "https://"}, "importing.url_unreadable"),
        ({"url": "https://a.example/" + "x" * 500}, "importing.value_too_long"),
    ],
)
def test_a_bad_value_rejects_the_row(values: dict[str, str], wanted: str) -> None:
    assert code(row(**values)) == wanted


def test_a_missing_column_is_named() -> None:
    values = row()
    del values["title"]
    found = drafted(values)
    assert isinstance(found, Rejected)
    assert (found.code, found.data, found.source_id, found.line) == ("importing.column_missing", {"columns": ["title"]}, "a1", 7)


@pytest.mark.parametrize("name", ["id", "title", "body"])
def test_what_no_article_can_be_without_must_be_there(name: str) -> None:
    values = row()
    del values[name]
    assert code(values) == "importing.column_missing"


def test_keys_that_a_json_row_leaves_out_are_empty() -> None:
    extra = "\n".join(f'{name} = {{ column = "{name}" }}' for name in ("source", "author", "summary", "keywords", "attachments"))
    extra += '\nskip = [{ column = "status", equals = ["废止"] }]\nsection = { columns = ["column"], default = ["education/notices"] }'
    values = {name: value for name, value in row().items() if name in {"id", "title", "body", "dept"}}
    found = draft(values, extra=extra)
    assert (found.shown_at, found.url, found.source, found.keywords, found.sections) == (None, "", "", "", ("education/notices",))
    assert code(values, extra='section = {}\ndate = { column = "date", missing = "reject" }') == "importing.date_missing"
    del values["dept"]
    assert code(values) == "importing.unit_unknown"


def test_columns_that_no_row_had_are_known() -> None:
    drafter = Drafter(mapping.from_table(tomllib.loads(MAPPING)), now=NOW)
    drafter.draft(Row(1, {"id": "a", "title": "甲", "body": "乙", "dept": "教育局"}))
    assert drafter.unseen_columns == ("column", "date", "url")


def test_a_row_that_a_library_cannot_read_is_rejected() -> None:
    class Endless(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            return self[name]

    assert code(Endless(row())) == "importing.markup_too_deep"


def test_a_title_of_500_characters_is_kept_whole() -> None:
    assert draft(row(title="长" * 500)).title == "长" * 500


def test_texts_are_cleaned_and_keep_their_punctuation() -> None:
    found = draft(row(title=" 关于\u200b“放假”\n安排的\x07通知（２０２４）："))
    assert found.title == "关于“放假” 安排的通知（２０２４）："
    assert draft(row(title="e\u0301")).title == "é"


def test_a_repeated_id_is_rejected_with_its_first_line() -> None:
    drafter = Drafter(mapping.from_table(tomllib.loads(MAPPING)), now=NOW)
    assert isinstance(drafter.draft(Row(2, row())), ArticleDraft)
    again = drafter.draft(Row(9, row(title="另一个")))
    assert isinstance(again, Rejected)
    assert (again.code, again.data) == ("importing.id_repeated", {"first_line": 2})


def test_an_id_of_several_columns_is_a_digest() -> None:
    extra = 'id = { columns = ["dept", "title"] }'
    one, other = draft(row(), extra=extra), draft(row(title="别的"), extra=extra)
    assert len(one.source_id) == 64
    assert one.source_id != other.source_id
    assert one.source_id == draft(row(body="改过"), extra=extra).source_id


def test_rows_are_skipped_on_purpose() -> None:
    assert isinstance(drafted(row(column="废止"), extra='skip = [{ column = "column", equals = ["废止"] }]'), Skipped)
    assert isinstance(drafted(row(), extra='skip = [{ column = "title", matches = "第1号" }]'), Skipped)
    assert isinstance(drafted(row(), extra='skip = [{ column = "title", matches = "第2号" }]'), ArticleDraft)


@pytest.mark.parametrize(
    ("value", "formats", "wanted"),
    [
        ("2024年3月1日", '["%Y年%m月%d日"]', datetime(2024, 2, 29, 16, tzinfo=UTC)),
        ("2024-03-01 08:30:00", '["%Y-%m-%d %H:%M:%S"]', datetime(2024, 3, 1, 0, 30, tzinfo=UTC)),
        ("2024-03-01T08:30:00+0000", '["%Y-%m-%dT%H:%M:%S%z"]', datetime(2024, 3, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_the_mapping_s_forms_and_zone(value: str, formats: str, wanted: datetime) -> None:
    assert draft(row(date=value), extra=f'date = {{ column = "date", formats = {formats} }}').shown_at == wanted


def test_a_missing_date_is_kept_or_rejected_as_the_mapping_says() -> None:
    assert draft(row(date="")).shown_at is None
    assert code(row(date=""), extra='date = { column = "date", missing = "reject" }') == "importing.date_missing"


def test_a_value_that_stands_for_no_date_is_a_missing_one() -> None:
    assert draft(row(date="0001-01-01"), extra='date = { column = "date", empty = ["0001-01-01"] }').shown_at is None
    assert code(row(date="0001-01-01"), extra='date = { column = "date", empty = ["0001-01-01"], missing = "reject" }') == "importing.date_missing"
    assert code(row(date="1900-01-01"), extra='date = { column = "date", empty = ["0001-01-01"] }') == "importing.date_too_early"


def test_today_is_not_the_future() -> None:
    local = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    assert draft(row(date=f"{local:%Y-%m-%d}")).shown_at
    assert code(row(date=f"{local + timedelta(days=1):%Y-%m-%d}")) == "importing.date_in_future"


def test_keywords_attachments_constants_and_endings() -> None:
    extra = "\n".join(
        [
            'keywords = { column = "kw" }',
            'attachments = { column = "files", separators = [";"] }',
            'source = { column = "src", constant = "方塘市教育局" }',
            'body = { column = "body", endings = ["扫码关注"], breaks = ["<BR>"] }',
        ]
    )
    files = "https://a.example/f/%E8%A1%A8.docx;javascript:x;;https://a.example/f/%E8%A1%A8.docx"
    found = draft(row(kw="学校，假期;学校", files=files, src="", body="第一段<BR>第二段 扫码关注"), extra=extra)
    assert (found.keywords, found.source) == ("学校、假期", "方塘市教育局")
    assert [block.value for block in found.blocks] == [
        "<p>第一段</p><p>第二段</p>",
        '<ul><li><a href="https://a.example/f/%E8%A1%A8.docx">表.docx</a></li></ul>',
    ]


def test_the_digest_of_a_row_knows_no_line_but_every_word() -> None:
    one = draft(row())
    assert drafted(row(), line=99).row_sha256 == one.row_sha256  # type: ignore[union-attr]
    assert draft(row(body="现通知如下：别的。")).row_sha256 != one.row_sha256


def test_a_bad_row_passes_through() -> None:
    drafter = Drafter(mapping.from_table(tomllib.loads(MAPPING)), now=NOW)
    assert drafter.draft(BadRow(3, "importing.bad_json", {"reason": "x"})) == Rejected(3, "", "importing.bad_json", {"reason": "x"})


def test_plain_bodies_become_headings_articles_and_text() -> None:
    kinds = [
        (block.kind, block.value)
        for block in from_plain("总体如下：一、改善环境（一）减材料。少跑腿。（二）缩时限。不超期。二、加强保障（一）压责任。（二）受监督。")
    ]
    assert kinds == [
        ("text", "<p>总体如下：</p>"),
        ("heading", {"text": "一、改善环境", "level": "2"}),
        ("text", "<p>（一）减材料。少跑腿。</p><p>（二）缩时限。不超期。</p>"),
        ("heading", {"text": "二、加强保障", "level": "2"}),
        ("text", "<p>（一）压责任。</p><p>（二）受监督。</p>"),
    ]
    assert from_plain("第一章总则第一条甲乙。第二章附则第二条丙丁。")[0].value == {"text": "第一章　总则", "level": "2"}
    assert from_plain("第一条为了好，制定本办法。第二条即日起施行。")[0].value == "<p><b>第一条</b>　为了好，制定本办法。</p><p><b>第二条</b>　即日起施行。</p>"
    assert from_plain("a < b & <script>")[0].value == "<p>a &lt; b &amp; &lt;script&gt;</p>"


def test_lengths_and_kinds_are_those_of_the_model() -> None:
    names = {"url": "source_url"}
    assert {name: Article._meta.get_field(names.get(name, name)).max_length for name in rows.LONGEST} == dict(rows.LONGEST)
    assert Article._meta.get_field("title").max_length == rows.TITLE_MOST
    assert Provenance._meta.get_field("source_id").max_length == rows.SOURCE_ID_MOST
    assert HeadingBlock.base_blocks["text"].field.max_length == markup.HEADING_MOST
    assert set(mapping.KINDS) == set(ArticleKind.values)


def test_every_result_has_a_name() -> None:
    assert set(sentences.RESULTS) == set(load.Result.__args__)

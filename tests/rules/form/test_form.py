"""The pack of form: what its rules say of texts that are made from the right ones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.rules import catalogue, plain, scan
from fangtang.rules.findings import Finding, Severity
from fangtang.rules.packs.form import numbering_skips

WORDS = st.text("春夏秋冬山水人文县市，。、", max_size=6)
PAIRS = ("（", "）"), ("《", "》"), ("“", "”"), ("【", "】"), ("〔", "〕")


def found(rule_id: str, source: str) -> list[Finding]:
    return list(scan(plain(source), rules=[catalogue.get(rule_id)]).findings)


def corrected(rule_id: str, source: str) -> str:
    for finding in reversed(found(rule_id, source)):
        source = source[: finding.place.start] + finding.suggestions[0] + source[finding.place.end :]
    return source


@st.composite
def balanced(draw: st.DrawFn, depth: int = 3) -> str:
    parts = [draw(WORDS)]
    for opens, closes in draw(st.lists(st.sampled_from(PAIRS), max_size=3 if depth else 0)):
        parts += [opens, draw(balanced(depth - 1)), closes, draw(WORDS)]
    return "".join(parts)


@given(balanced())
def test_paired_brackets_are_in_order(source: str) -> None:
    assert not found("form.brackets.unpaired", source)


@given(WORDS, balanced(), st.sampled_from([mark for pair in PAIRS for mark in pair if mark != "“"]))
def test_a_bracket_too_many_is_found(before: str, source: str, mark: str) -> None:
    """Not “, which may open every paragraph of a quotation."""
    findings = found("form.brackets.unpaired", f"春{before}{mark}{source}")
    assert mark in {finding.quote for finding in findings}


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from("一二三四五六日"))
def test_only_the_right_weekday_is_in_order(day: date, name: str) -> None:
    findings = found("form.dates.weekdays", f"会议于{day.year}年{day.month}月{day.day}日（星期{name}）召开。")
    right = "一二三四五六日"[day.weekday()]
    assert [finding.suggestions for finding in findings] == ([] if name == right else [(f"星期{right}",)])


@given(st.integers(1, 99))
def test_numerals_are_read_as_they_are_written(number: int) -> None:
    assert numbering_skips._value(numbering_skips._chinese(number)) == number
    assert numbering_skips._value(str(number)) == number


@pytest.mark.parametrize("form", ["{chinese}、要点。\n", "（{chinese}）要点。\n", "{number}.要点。\n", "（{number}）要点。"])
@given(data=st.data())
def test_a_point_left_out_is_found_and_none_in_a_whole_list(form: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(3, 25))
    gone = data.draw(st.integers(2, length - 1))
    points = [form.format(chinese=numbering_skips._chinese(number), number=number) for number in range(1, length + 1)]
    assert not found("form.numbering.skips", "".join(points))
    findings = found("form.numbering.skips", "".join(points[: gone - 1] + points[gone:]))
    assert [finding.data["expected"] in (str(gone), numbering_skips._chinese(gone)) for finding in findings] == [True]


@given(
    st.sampled_from(["国发", "冀政办字", "石政函"]),
    st.integers(2000, 2099),
    st.integers(1, 999),
    st.sampled_from(["[]", "［］", "（）", "()", "【】"]),
    st.sampled_from(["", "第", "0", "第0"]),
)
def test_a_corrected_document_number_is_in_order(body: str, year: int, number: int, brackets: str, before: str) -> None:
    source = f"《通知》{body}{brackets[0]}{year}{brackets[1]}{before}{number}号"
    assert corrected("form.documents.numbers", source) == f"《通知》{body}〔{year}〕{number}号"


CORRECTING = ("characters.fullwidth", "punctuation.doubled", "punctuation.halfwidth", "quotes.straight", "ranges.units", "numerals.mixed")


@pytest.mark.parametrize("name", CORRECTING)
@given(st.text('春山1２Ａ,，。、;:()（）%万-～.二0○年"', max_size=30))
def test_corrections_leave_no_more_findings(name: str, source: str) -> None:
    rule_id = f"form.{name}"
    once = corrected(rule_id, source)
    again = corrected(rule_id, once)
    assert len(found(rule_id, again)) <= len(found(rule_id, source))


def test_nothing_of_form_stops_a_release() -> None:
    rules = [rule for rule in catalogue.every() if rule.pack == "form"]
    assert len(rules) >= 12
    assert all(rule.severity is not Severity.BLOCK and rule.id.startswith("form.") for rule in rules)


@pytest.mark.parametrize(
    "source",
    [
        "各县（市、区）人民政府，省政府各部门：《河北省“十四五”规划》（冀政发〔2021〕5号）已经省政府同意，现印发给你们，请认真贯彻执行。\n2021年3月1日（星期一）",
        "一、总体要求\n（一）指导思想。以人民为中心——服务群众……\n（二）基本原则。1.统筹协调；2.突出重点；3.分步实施。\n二、主要任务\n（一）降低15%～20%，补助3万元～5万元。",
        "联系人：张三，电话：0311-88888888，网址：https://www.example.gov.cn/a?b=1,2;c=3，时间9:30—11:00，比分3:2。",
        "The ratio (1:2), e.g. f(x) = y; see “ABC” and (北京) — null hypothesis, undefined behaviour.",
        "李××、王××犯盗窃罪，手机号130××××1234，2020年×月×日，金额XX元。",
    ],
)
def test_the_pack_is_quiet_on_texts_in_order(source: str) -> None:
    rules = [rule for rule in catalogue.every() if rule.pack == "form"]
    assert not scan(plain(source), rules=rules).findings

"""A unit's terms: found as a whole, shielded by what is right, read from tables that people wrote."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.kernel.errors import Invalid
from fangtang.rules import Outcome, Severity, lexicons, plain, scan
from fangtang.rules.lexicons import Fault, Term, TermKind
from fangtang.rules.lexicons.matching import Matcher
from fangtang.rules.lexicons.terms import standing

TODAY = date(2026, 3, 2)
TERMS = (
    Term("市府办公厅", "市政府办公室", TermKind.NAME),
    Term("最佳", kind=TermKind.ADVERTISING, severity=Severity.ADVISE, note="广告法第九条"),
    Term("最佳实践", "最佳实践"),
    Term("APP", "应用程序"),
    Term("旧称", "新称", expires_on=date(2026, 3, 1)),
)


def found(source: str, *terms: Term) -> list[tuple[str, str, tuple[str, ...]]]:
    rules = lexicons.rules(terms or TERMS, today=TODAY)
    return [(finding.rule_id, finding.quote, finding.suggestions) for finding in scan(plain(source), rules=rules).findings]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("由𠀀市府办公厅印发。", [("language.terms.name", "市府办公厅", ("市政府办公室",))]),
        ("最佳实践是最佳的。", [("language.terms.advertising", "最佳", ())]),
        ("APP、MyAPP、APPS、用APP办", [("language.terms.wrong", "APP", ("应用程序",)), ("language.terms.wrong", "APP", ("应用程序",))]),
        ("旧称", []),
        ("", []),
        ("\ud800最佳\udfff", [("language.terms.advertising", "最佳", ())]),
    ],
)
def test_terms_are_met_where_they_stand(source: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert found(source) == expected


def test_a_finding_has_the_severity_and_the_note_of_its_term() -> None:
    (finding,) = scan(plain("最佳"), rules=lexicons.rules(TERMS, today=TODAY)).findings
    assert (finding.severity, finding.data, finding.place.start, finding.place.end) == (Severity.ADVISE, {"note": "广告法第九条"}, 0, 2)


def test_one_text_after_another_is_read_anew() -> None:
    rules = lexicons.rules(TERMS, today=TODAY)
    seen = [scan(plain(source), rules=rules).outcomes["language.terms.advertising"] for source in ("最佳", "好", "最佳", "最佳实践")]
    assert seen == [Outcome.FAILED, Outcome.PASSED, Outcome.FAILED, Outcome.PASSED]


def test_no_terms_make_no_rule() -> None:
    assert lexicons.rules((), today=TODAY) == []
    assert lexicons.rules([Term("是", "是")], today=TODAY) == []
    assert list(Matcher(()).find("字")) == []


def test_the_last_of_two_counts_and_a_term_counts_on_its_last_day() -> None:
    first, second = Term("甲", "乙"), Term("甲", "丙", expires_on=TODAY)
    assert standing([first, second], today=TODAY) == [second]
    assert standing([first, second], today=date(2026, 3, 3)) == [first]


HAN = st.text(alphabet="甲乙丙丁", min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.sets(HAN, min_size=1, max_size=8), st.text(alphabet="甲乙丙丁戊𠀀", max_size=40))
def test_it_finds_what_a_slow_reading_finds(forms: set[str], content: str) -> None:
    terms = [Term(form, "") for form in sorted(forms)]
    expected, position = [], 0
    while position < len(content):
        longest = max((form for form in forms if content.startswith(form, position)), key=len, default="")
        if longest:
            expected.append((position, position + len(longest), longest))
        position += len(longest) or 1
    assert [(start, end, term.form) for start, end, term in Matcher(terms).find(content)] == expected


TABLE = """词条,规范写法,类别,级别,说明,有效期至
市府办公厅,市政府办公室,机构,警告,,2027-12-31
最佳,,广告用语,提示,"广告法,第九条",
,乙,,,,
甲,乙,没有,,,
甲,乙,,红,,
甲,乙,,,,明年
甲,乙,,,,
甲,丙,,,,
,,,,,
"""


def test_a_table_gives_its_terms_and_names_the_lines_it_leaves_out() -> None:
    terms, faults = lexicons.read_csv("\ufeff" + TABLE)
    assert terms == [
        Term("市府办公厅", "市政府办公室", TermKind.NAME, Severity.WARN, "", date(2027, 12, 31)),
        Term("最佳", "", TermKind.ADVERTISING, Severity.ADVISE, "广告法,第九条"),
        Term("甲", "乙"),
    ]
    assert faults == [
        Fault(4, "lexicons.empty", ""),
        Fault(5, "lexicons.kind", "没有"),
        Fault(6, "lexicons.severity", "红"),
        Fault(7, "lexicons.date", "明年"),
        Fault(9, "lexicons.twice", "甲"),
    ]


def test_english_heads_and_a_long_form() -> None:
    terms, faults = lexicons.read_csv("Form, kind\n" + "长" * 101 + ",\n短,place\n")
    assert terms == [Term("短", kind=TermKind.PLACE)]
    assert faults == [Fault(2, "lexicons.long", "长" * 101)]


@pytest.mark.parametrize("source", ["", "甲,乙\n丙,丁\n"])
def test_a_table_without_forms_is_refused(source: str) -> None:
    with pytest.raises(Invalid) as refused:
        lexicons.read_csv(source)
    assert refused.value.code == "lexicons.no_form"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='词条form,"\n\r\0甲1-', max_size=60))
def test_no_table_breaks_the_reader(source: str) -> None:
    try:
        terms, _ = lexicons.read_csv("form,wanted,kind,expires_on\n" + source)
    except Invalid as refused:
        assert refused.code == "lexicons.unreadable"  # noqa: PT017
    else:
        assert len({term.form for term in terms}) == len(terms)


def test_a_scan_with_a_table(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a.txt").write_text("由市府办公厅印发。", encoding="utf-8")
    command = [sys.executable, "-m", "fangtang", "scan", "a.txt", "--pack", "language", "--lexicon"]
    done = subprocess.run([*command, "terms.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "a.txt:1:2: warn: A body that is not called so: 市府办公厅 → 市政府办公室 [language.terms.name]\n"
    assert "terms.csv:5: left out: lexicons.kind 没有" in done.stderr
    gone = subprocess.run([*command, "gone.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert gone.returncode == 2
    assert "gone.csv cannot be read" in gone.stderr

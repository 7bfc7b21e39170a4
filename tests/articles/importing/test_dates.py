"""Dates in Chinese numerals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.articles.importing import dates

_SIGNS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """A number from 1 to 99, as a person writes it."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _SIGNS[tens]) + ("十" if tens else "") + ("" if not ones else _SIGNS[ones])


def in_numerals(day: date, *, zero: str) -> str:
    year = "".join(_SIGNS[int(digit)] for digit in f"{day:%Y}").replace("〇", zero)
    return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"


@given(st.dates(min_value=date(1902, 1, 1), max_value=date(2199, 12, 31)), st.sampled_from("〇○零ＯO"))
def test_every_day_in_chinese_numerals_is_read(day: date, zero: str) -> None:
    found = dates.moment(in_numerals(day, zero=zero), formats=("%Y-%m-%d", "chinese"))
    assert found
    assert (found.date(), found.tzinfo) == (day, None)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("二〇二五年三月四日", (2025, 3, 4)),
        ("二○一九年十二月三十一日", (2019, 12, 31)),
        ("二〇二〇年十月廿三日", (2020, 10, 23)),
        ("二〇二五 年 三 月 四 日", (2025, 3, 4)),
    ],
)
def test_forms_of_documents_are_read(value: str, wanted: tuple[int, int, int]) -> None:
    found = dates.moment(value, formats=("chinese",))
    assert found
    assert found.date() == date(*wanted)


@pytest.mark.parametrize(
    "value",
    [
        "二〇二五年十三月一日",
        "二〇二三年二月二十九日",
        "二〇二五年三月",
        "二五年三月四日",
        "二〇二五年三月十十日",
        "二〇二五年三月二三日",
        "2025年3月4日",
        "〇〇〇〇年一月一日",
        "",
    ],
)
def test_what_is_no_date_is_none(value: str) -> None:
    assert dates.moment(value, formats=("chinese",)) is None


@given(st.text(st.sampled_from("〇一二三十廿卅年月日 0"), max_size=14))
def test_any_signs_end_in_a_date_or_none(value: str) -> None:
    assert dates.moment(value, formats=("chinese",)) is None or "年" in value


def test_they_are_not_read_unless_the_mapping_says_so() -> None:
    assert dates.moment("二〇二五年三月四日", formats=("%Y-%m-%d",)) is None

"""Dates as old systems write them: in the formats of a mapping, or in Chinese numerals."""

from __future__ import annotations

import re
from datetime import UTC, datetime

EARLIEST_YEAR = 1902
"""Before it, clocks kept local time to the second, and what old systems store is no date but the want of one (0001-01-01, 1900-01-01)."""

CHINESE = "chinese"
"""Names, among the formats, a date in Chinese numerals: 二〇二五年三月四日."""

_SAMPLE = datetime(2023, 11, 22, 13, 44, 55, tzinfo=UTC)
_DIGITS = {sign: digit for digit, signs in enumerate(("〇○零ＯO0", "一", "二", "三", "四", "五", "六", "七", "八", "九")) for sign in signs}
_IN_NUMERALS = re.compile(r"([〇○零ＯO0一二三四五六七八九]{4})年([一二三四五六七八九十廿卅]{1,3})月([一二三四五六七八九十廿卅]{1,3})日")
_TENS = re.compile(r"(?:(?P<many>[一二三四五六七八九]?)十|(?P<short>[廿卅])十?)?(?P<ones>[一二三四五六七八九]?)")


def is_format(form: str) -> bool:
    """Whether dates with a year can be written and read in this format."""
    if form == CHINESE:
        return True
    try:
        return datetime.strptime(_SAMPLE.strftime(form), form).year == _SAMPLE.year  # noqa: DTZ007 (only the year is read)
    except (ValueError, re.error):
        return False


def moment(value: str, *, formats: tuple[str, ...]) -> datetime | None:
    """The moment in the first format that fits, without a timezone unless the text names one; None when none fits."""
    for form in formats:
        found = _of_numerals(value) if form == CHINESE else _of_format(value, form=form)
        if found:
            return found
    return None


def _of_format(value: str, *, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007 (the zone is set by the caller)
    except (ValueError, OverflowError):
        return None


def _of_numerals(value: str) -> datetime | None:
    found = _IN_NUMERALS.fullmatch(re.sub(r"\s", "", value))
    if not found:
        return None
    month, day = _number(found[2]), _number(found[3])
    try:
        return datetime(int("".join(str(_DIGITS[sign]) for sign in found[1])), month, day)  # noqa: DTZ001 (the zone is set by the caller)
    except ValueError:
        return None


def _number(signs: str) -> int:
    """A number below 100 in Chinese numerals; 0 for what is none."""
    found = _TENS.fullmatch(signs)
    if not found:
        return 0
    tens = {"廿": 2, "卅": 3}.get(found["short"] or "", 0) or (_DIGITS.get(found["many"] or "一", 0) if "十" in signs else 0)
    return tens * 10 + _DIGITS.get(found["ones"], 0)

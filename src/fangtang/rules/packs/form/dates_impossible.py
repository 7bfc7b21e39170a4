"""Dates that no calendar has: 2月30日, 13月1日, 2023年2月29日."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_DAY = re.compile(r"月(?<=[0-9]月)份?([0-9]{1,2})[日号](?!线|楼|院|门|车)")
_MONTH = re.compile(r"(?:(?<![0-9])([12][0-9]{3})年)?(?<![0-9.、/\-—~～至])([0-9]{1,2})\Z")
BEFORE = 8
"""Characters before 月 in which the year and the month stand."""
LEAP_YEAR = 2024


def find(sample: Sample) -> Iterator[Hit]:
    """Without a year, the 29th of February may be one."""
    content = sample.text.content
    for found in _DAY.finditer(content):
        before = _MONTH.search(content[max(0, found.start() - BEFORE) : found.start()])
        if before is None:
            continue
        year, month, day = int(before[1]) if before[1] else None, int(before[2]), int(found[1])
        if not _exists(year, month, day):
            yield Hit(found.start() - len(before[0]), found.end(), data={"year": year, "month": month, "day": day})


def _exists(year: int | None, month: int, day: int) -> bool:
    if not 1 <= month <= 12:
        return False
    last = monthrange(LEAP_YEAR if year is None or isleap(year) else LEAP_YEAR - 1, month)[1]
    return 1 <= day <= last


RULE = Rule(
    id="form.dates.impossible",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A date that no calendar has",
    advice="Look up the date: the month has no such day, or the year no such month.",
    find=find,
    fails=(
        Example("会议定于2月30日召开。", ("2月30日",)),
        Example("截至2023年2月29日，共受理12件。", ("2023年2月29日",)),
        Example("自13月1日起施行。", ("13月1日",)),
        Example("4月31号前报送。", ("4月31号",)),
    ),
    passes=(
        Example("2024年2月29日，2月29日，12月31日，1月1日。"),
        Example("全年12个月共30日。"),
        Example("比重为0.2月1日起执行。"),
    ),
    inapplicable=(Example(""),),
)

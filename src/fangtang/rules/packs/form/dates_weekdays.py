"""Weekdays that do not fall on the date beside them: 2026年3月2日（星期二） was a Monday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_CHINESE = r"年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"
_NUMERIC = r"(?P<mark>[-/.])(?P<m>[0-9]{1,2})(?P=mark)(?P<d>[0-9]{1,2})"
_NAME = r"(?P<word>星期|礼拜|周)(?P<name>[一二三四五六日天])"
_AFTER = r"(?=(?P<after>[）)]|上午|下午|中午|晚|早|凌晨|[ \u3000]?[0-9]|[，。；,\n]|$))"
_DATED = re.compile(rf"(?P<year>(?:19|20)[0-9]{{2}})(?<![0-9农历]....)(?:{_CHINESE}|{_NUMERIC})[ \u3000]?(?P<bracket>[（(])?[ \u3000]?{_NAME}{_AFTER}")
WEEKDAYS = "一二三四五六日"


def find(sample: Sample) -> Iterator[Hit]:
    """A weekday in a bracket must end there or go on with an hour: （周一至周五） says on which days, not which day it is."""
    for found in _DATED.finditer(sample.text.content):
        if found["bracket"] and found["after"][:1] in "，。；,\n":
            continue
        right = _weekday(int(found["year"]), int(found["month"] or found["m"]), int(found["day"] or found["d"]))
        if right and right != found["name"].replace("天", "日"):
            yield Hit(found.start("word"), found.end("name"), suggestions=(found["word"] + right,))


def _weekday(year: int, month: int, day: int) -> str:
    """ "" for a date that no calendar has, which another rule finds."""
    try:
        return WEEKDAYS[date(year, month, day).weekday()]
    except ValueError:
        return ""


RULE = Rule(
    id="form.dates.weekdays",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A weekday that does not fall on its date",
    advice="Look up which of the two is meant, the date or the weekday, and correct the other.",
    find=find,
    fails=(
        Example("会议定于2026年3月2日（星期二）召开。", ("星期二",), ("星期一",)),
        Example("时间：2024年10月1日(周三)上午9:30。", ("周三",), ("周二",)),
        Example("2023-05-01（星期天）起停水。", ("星期天",), ("星期一",)),
        Example("2022年6月5日星期六，晴。", ("星期六",), ("星期日",)),
    ),
    passes=(
        Example("会议定于2026年3月2日（星期一）召开。"),
        Example("2022年6月5日（星期天）上午。"),
        Example("自2026年3月2日（周二至周五）开放。"),
        Example("2026年3月2日周二虎同志出席。"),
        Example("农历2026年3月2日（星期二）。"),
        Example("2026年2月30日（星期二）。"),
    ),
    inapplicable=(Example(""),),
)

"""Sums that a sentence states and its parts do not make: 共12件：A类5件、B类6件."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_NUMBER = r"[0-9]{1,12}+(?:\.[0-9]{1,6}+)?+"
_UNIT = r"(?P<unit>件次|人次|[件起人个家项宗例户名条次辆处所篇期份元]|[万亿]元)"
_STATED = re.compile(
    rf"(?P<total>{_NUMBER}){_UNIT}(?:[，,]?(?P<all>分别[为是])|[，,]?其中[：，]?|(?P<colon>：))(?P<parts>[^。；;\n（）()]{{4,200}}+)(?=[。；;\n）)]|\Z)"
)
_PART = re.compile(rf"(?P<name>[^0-9.]{{1,20}}+)(?P<number>{_NUMBER})(?P<unit>[^0-9.]{{1,2}})")
_BETWEEN = re.compile(r"[，、,]")
BEFORE = 10
"""Characters before the total in which 共 stands when the parts follow a colon."""
FEWEST = 2


def find(sample: Sample) -> Iterator[Hit]:
    """Only where the parts are said to be all of them: 分别为, a colon after 共, or 其他 at the end. What 其中 names may be some, or overlap."""
    content = sample.text.content
    for found in _STATED.finditer(content):
        parts = [_PART.fullmatch(part) for part in _BETWEEN.split(found["parts"])]
        numbers = [part["number"] for part in parts if part and part["unit"] == found["unit"]]
        if len(numbers) < max(FEWEST, len(parts)) or not _is_all(content, found):
            continue
        total = sum(Decimal(number) for number in numbers)
        if abs(total - Decimal(found["total"])) > _rounding([*numbers, found["total"]]):
            yield Hit(found.start(), found.end("unit"), data={"stated": found["total"], "total": str(total)})


def _is_all(content: str, found: re.Match[str]) -> bool:
    if found["all"]:
        return True
    if found["colon"]:
        return "共" in content[max(0, found.start() - BEFORE) : found.start()]
    return _BETWEEN.split(found["parts"])[-1].startswith(("其他", "其它", "其余"))


def _rounding(numbers: list[str]) -> Decimal:
    """By how much a sum of rounded numbers may be off: half of the last place of each. Where all are whole they are taken for exact."""
    places = [len(number.partition(".")[2]) for number in numbers]
    return sum((Decimal(5) / 10 ** (place + 1) for place in places), Decimal(0)) if any(places) else Decimal(0)


RULE = Rule(
    id="form.sums.differ",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A sum that its parts do not make",
    advice="The parts make {total}, the sentence says {stated}: look up which number is wrong.",
    find=find,
    fails=(
        Example("全年共受理12件：信访5件、举报6件。", ("12件",)),
        Example("公开信息30条，其中公告20条，政策5条，其他6条。", ("30条",)),
        Example("下拨资金100万元，分别为甲县50万元，乙县40万元。", ("100万元",)),
    ),
    passes=(
        Example("全年共受理11件：信访5件、举报6件。"),
        Example("参会12人，其中党员8人、女性6人。"),
        Example("共293条，其中规范性文件28条，公告27条。"),
        Example("共投入1.2亿元，其中中央0.63亿元，省级0.33亿元，其他0.25亿元。"),
        Example("共12件：信访5件（含重复2件）、举报6件。"),
    ),
    inapplicable=(Example(""),),
)

"""Resident identity numbers of the first generation: 15 digits, no check, so only where they are called so.

The mask keeps what the one of today's numbers keeps: the province and the last two digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.packs.privacy import numbers, surroundings
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_D = numbers.DIGIT
_NUMBER = re.compile(rf"[1-8１-８](?<![{_D}A-Za-z.].)[{_D}]{{14}}+(?![{_D}A-Za-z])")
_CALLED = re.compile("身份证|身份證|身份号码|身份號碼|公民身份")
NEAR = 30


def find(sample: Sample) -> Iterator[Hit]:
    for found in _NUMBER.finditer(sample.text.content):
        if numbers.is_old_identity(numbers.compact(found[0])) and _CALLED.search(surroundings.before(sample.text, found.start(), width=NEAR)):
            yield Hit(*found.span(), (numbers.masked(found[0], first=2, last=2),), confidence=0.95)


RULE = Rule(
    id="privacy.identity.old-number",
    pack=Pack.PRIVACY,
    severity=Severity.WARN,
    title="An identity number of the first generation that can be read in full",
    advice="Mask the identity number, keeping the name, or leave it out: nobody may be published with it without having agreed to that separately.",
    find=find,
    fails=(
        Example("王五，身份证号码：110101491231001。", ("110101491231001",), ("11***********01",)),
        Example("居民身份证110101000101002号", ("110101000101002",), ("11***********02",)),
        Example("公民身份号码１１０１０１４９１２３１００１", ("１１０１０１４９１２３１００１",), ("１１***********０１",)),
    ),
    passes=(
        Example("订单110101491231001已发货。"),
        Example("身份证号110101491331001没有这个月，990101491231001没有这个省。"),
        Example("身份证号11***********01，批次1101014912310011。"),
        Example("纠正其他结果尚未审结总计000113000300011"),
    ),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条、第二十八条、第二十九条", "GB/T 35273-2020 附录B"),
)

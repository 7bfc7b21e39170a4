"""Plates of vehicles: 京A·12345, and those of new energy vehicles with one character more.

The mask keeps the place and the last two characters, 京A·***45: enough for the keeper to know the vehicle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.packs.privacy import surroundings
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]([·•・‧∙.．\- ]?)"
    r"(?:[A-HJ-NP-Z0-9]{5}|[A-K][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-K]|[A-HJ-NP-Z0-9]{4}[挂学试超])(?![A-Za-z0-9*警])"
)
_DOTS = frozenset("·•・‧∙")
_DIGIT = re.compile("[0-9]")
_VEHICLE = re.compile("车牌|车牌号|号牌|牌照|车号|车辆|机动车|驾驶|轿车|客车|货车|汽车|公交|出租|摩托")
_WORDS = frozenset("新云宁川青吉贵藏桂")
"""Also end a word before a code (更新A12345)."""
NEAR = 30


def find(sample: Sample) -> Iterator[Hit]:
    """A plate has two digits at least. Police cars are nobody's."""
    content = sample.text.content
    for found in _PLATE.finditer(content):
        start, end = found.span()
        if len(_DIGIT.findall(found[0])) >= 2 and (_is_alone(content, start, found[1]) or _is_called(sample, start, end)):
            kept = start + 2 + len(found[1])
            yield Hit(start, end, (f"{content[start:kept]}{'*' * (end - kept - 2)}{content[end - 2 : end]}",), confidence=0.95)


def _is_alone(content: str, start: int, joint: str) -> bool:
    return joint in _DOTS or content[start] not in _WORDS or not content[max(0, start - 1) : start].isalpha()


def _is_called(sample: Sample, start: int, end: int) -> bool:
    return bool(_VEHICLE.search(surroundings.before(sample.text, start, width=NEAR)) or _VEHICLE.search(sample.text.content, end, end + NEAR))


RULE = Rule(
    id="privacy.vehicle.plate",
    pack=Pack.PRIVACY,
    severity=Severity.WARN,
    title="The plate of a vehicle",
    advice="Mask the plate unless the notice must name the vehicle, as one that was abandoned or that belongs to the body itself.",
    find=find,
    fails=(
        Example("车主张三驾驶京A·00012违停。", ("京A·00012",), ("京A·***12",)),
        Example("号牌冀A0B034的小型轿车", ("冀A0B034",), ("冀A***34",)),
        Example("新能源车粤BD00056、沪A00078D", ("粤BD00056", "沪A00078D"), ("粤B****56", "沪A****8D")),
        Example("新A00090的车主请移车。", ("新A00090",), ("新A***90",)),
    ),
    passes=(
        Example("京A路公交，冀A·***12，京A·0001警。"),
        Example("系统更新A12345号补丁，阿里云B20240，京G4501高速，型号沪A1234567。"),
        Example("京ABCDEF项目，鄂A2024，粤港澳大湾区G0423。"),
    ),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条",),
)

"""Numbering that skips a number: 一、 三、 or （一） （三） or 1. 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_CHINESE = "一二三四五六七八九"
_POINT = (
    r"[ \u3000]{0,4}+(?:"
    r"(?P<one>[一二三四五六七八九十]{1,3}+)、"
    r"|[（(](?P<two>[一二三四五六七八九十]{1,3}+)[）)]"
    r"|(?P<three>[1-4]?[0-9])[.．、](?![0-9])"
    r"|[（(](?P<four>[1-4]?[0-9])[）)]"
    r"|(?P<new>第[一二三四五六七八九十百零〇]{1,7}+[编章节条]|附件)"
    r")"
)
_FIRST = re.compile(_POINT)
_MARK = re.compile("[。；：！？\n]" + _POINT)
_LEVELS = ("one", "two", "three", "four")
CIRCLED = 0x245F
"""The character before ①."""
AFTER = r"[ \u3000]*[、.．，,：:）)\u3000 是]"


def find(sample: Sample) -> Iterator[Hit]:
    """A number must follow its own predecessor; that the missing one is not to be found in between, in whatever dress, makes it certain."""
    content = sample.text.content
    last: dict[str, tuple[int, int]] = {}
    for found in chain(filter(None, [_FIRST.match(content)]), _MARK.finditer(content)):
        level = found.lastgroup or ""
        for deeper in _LEVELS[_LEVELS.index(level) + 1 if level in _LEVELS else 0 :]:
            last.pop(deeper, None)
        if level not in _LEVELS:
            continue
        number = _value(found[level])
        before, end = last.get(level, (number, 0))
        if before + 1 < number <= before + MOST and not _stands(content, end, found.start(level), before + 1, number):
            yield Hit(found.start(level), found.end(), data={"expected": _written(before + 1, found[level]), "number": found[level]})
        last[level] = (number, found.end())


MOST = 3
"""Numbers further on than this belong to another list."""


def _stands(content: str, start: int, end: int, first: int, stop: int) -> bool:
    """Whether one of the missing numbers stands in between, with any mark."""
    missing = range(first, stop)
    written = "|".join(part for number in missing for part in (_chinese(number), str(number)))
    circled = "|".join(chr(CIRCLED + min(number, 20)) for number in missing)
    return re.compile(rf"(?<![0-9一二三四五六七八九十])(?:{written}){AFTER}|(?:{circled})").search(content, start, end) is not None


def _value(numeral: str) -> int:
    """Of 1 to 99, in Arabic or Chinese numerals; 0 for what is none, like 二三."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (_CHINESE.find(tens) + 1 if tens else 1) * 10 * len(ten) + (_CHINESE.find(ones) + 1 if ones else 0)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens - 1] + "十") + (_CHINESE[ones - 1] if ones else "")


def _written(number: int, like: str) -> str:
    return str(number) if like.isdecimal() else _chinese(number)


RULE = Rule(
    id="form.numbering.skips",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="Numbering that skips a number",
    advice="After the point before, {expected} should follow: renumber, or add the point that is missing.",
    find=find,
    fails=(
        Example("一、总体要求\n二、主要任务\n四、保障措施", ("四、",)),
        Example("（一）加强领导。（三）落实责任。", ("三）",)),
        Example("1.申请。2.受理。4.办结。", ("4.",)),
        Example("一、要求\n（一）甲\n（二）乙\n二、任务\n（一）甲\n（三）丙", ("三）",)),
    ),
    passes=(
        Example("一、要求\n（一）甲\n（二）乙\n二、任务\n（一）甲\n（二）乙\n三、其他"),
        Example("一、要求\n二.任务\n三、措施"),
        Example("：一、二、三等奖。三、五年之内"),
        Example("增长：3.5万。1.申请。2、受理。3.办结。"),
        Example("十九、甲\n二十、乙\n二十一、丙"),
        Example("第一条 （一）甲。（二）乙。\n第二条 （三）丙"),
    ),
    inapplicable=(Example(""),),
)

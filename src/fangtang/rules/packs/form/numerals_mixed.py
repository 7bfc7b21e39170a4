"""Numbers half in Arabic and half in Chinese numerals: 二0二二年, 3千元, 5一8天."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_HAN = "一二三四五六七八九"
_ZERO = "〇0０○◯OＯo"
_YEAR = re.compile(rf"[一二](?:[{_HAN}{_ZERO}]{{3}})年")
_ROUND = re.compile(r"[百千](?<=[^0-9.,，．%-][1-9].)(?![克米瓦帕卡焦伏赫安分升字牛比吨位兆禧人])(?P<more>万|亿)?")
_DASH = re.compile(r"一(?<=[0-9].)(?=[0-9])")
_ZEROS = str.maketrans(dict.fromkeys(_ZERO, "〇"))


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    for found in _YEAR.finditer(content):
        right = found.group().translate(_ZEROS)
        if right != found.group():
            yield Hit(*found.span(), suggestions=(right,))
    for found in _ROUND.finditer(content):
        digit = content[found.start() - 1]
        zeros = "00" if content[found.start()] == "百" else "000"
        yield Hit(found.start() - 1, found.end(), suggestions=(digit + zeros + (found["more"] or ""),))
    for found in _DASH.finditer(content):
        yield Hit(*found.span(), suggestions=("—",))


RULE = Rule(
    id="form.numerals.mixed",
    pack=Pack.FORM,
    severity=Severity.ADVISE,
    title="A number in two kinds of numerals",
    advice="Write the whole number in Arabic or in Chinese numerals; only 万 and 亿 may stand behind digits. A Chinese zero in a year is 〇.",
    find=find,
    norm=("GB/T 15835-2011",),
    fails=(
        Example("二0二二年三月，二○二三年", ("二0二二年", "二○二三年"), ("二〇二二年", "二〇二三年")),
        Example("补助3千元", ("3千",), ("3000",)),
        Example("投资约2千万元", ("2千万",), ("2000万",)),
        Example("需5一8天", ("一",), ("—",)),
    ),
    passes=(
        Example("二〇二二年，三千元，3000元，2000万元，1.5亿元"),
        Example("5千米，3千克，2千瓦时，上升2百分点"),
        Example("第3一般公共预算，12345一号响应"),
        Example("一九九八年，一二三四五年"),
    ),
    inapplicable=(Example(""),),
)

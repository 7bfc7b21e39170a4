"""Ranges that leave out a sign or 万, 亿 where that changes the number: 15～30%, 13～17万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_NUMBER = r"[0-9]{1,6}+(?:\.[0-9]{1,4}+)?+"
_RANGE = re.compile(rf"(?P<mark>[-－—–~～])(?<=[0-9].)(?P<high>{_NUMBER})(?P<unit>[%％‰万亿])")
_LOW = re.compile(r"(?:^|[^0-9.,，．%％‰万亿/A-Za-z\-－—–~～第±+])(?P<low>[0-9]{1,6}(?:\.[0-9]{1,4})?)\Z")
BEFORE = 12


def find(sample: Sample) -> Iterator[Hit]:
    """Only where the first number is smaller: 3000～5万元 is clear enough."""
    content = sample.text.content
    for found in _RANGE.finditer(content):
        low = _LOW.search(content[max(0, found.start() - BEFORE) : found.start()])
        if low and Decimal(low["low"]) < Decimal(found["high"]):
            mark = found["mark"] if found["mark"] in "—～" else "～"
            start = found.start() - len(low["low"])
            yield Hit(start, found.end(), suggestions=(f"{low['low']}{found['unit']}{mark}{found['high']}{found['unit']}",))


RULE = Rule(
    id="form.ranges.units",
    pack=Pack.FORM,
    severity=Severity.ADVISE,
    title="A range whose first number lacks its percent sign, 万 or 亿",
    advice="Repeat the sign or 万, 亿 behind the first number, so that nobody reads 13 yuan for 130,000.",
    find=find,
    norm=("GB/T 15835-2011, 5.1.3",),
    fails=(
        Example("下降15～30%。", ("15～30%",), ("15%～30%",)),
        Example("处13-17万元罚款", ("13-17万",), ("13万～17万",)),
        Example("规模9—16亿元", ("9—16亿",), ("9亿—16亿",)),
    ),
    passes=(
        Example("下降15%～30%，13万～17万元，9亿—16亿元"),
        Example("罚款3000～5万元，3～5年，2020-2025年"),
        Example("电话0311-88万家，ISO9001-2000%"),
        Example("1-3-5万，2022-10-11万"),
    ),
    inapplicable=(Example(""),),
)

"""Passports and travel permits, only where they are called so: their numbers have no check.

The mask keeps the kind (a letter) and the last two digits, as that of an identity number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.packs.privacy import numbers
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_CALLED = re.compile("护照|護照|通行证|通行證|回乡证|台胞证|[Pp]assport|PASSPORT")
_LETTERED = re.compile(r"(?<![A-Za-z0-9])(?:[EGPSDHMCWTLKeg][0-9]{8}(?:[0-9]{2})?|(?:[EC][A-HJ-NP-Z]|[SDP]E)[0-9]{7})(?![A-Za-z0-9])")
_TAIWAN = re.compile(r"(?:台湾居民来往大陆通行证|台胞证)(?:号码|证号|编号|号)?[：:为是\s]{0,3}([0-9]{8})(?![0-9])")
NEAR = 30
LONGEST = 12
"""More than any number has: what cuts it off is its end, not that of what was looked at."""


def find(sample: Sample) -> Iterator[Hit]:
    content, done = sample.text.content, 0
    for called in _CALLED.finditer(content):
        for found in _LETTERED.finditer(content, max(done, called.end()), called.end() + NEAR + LONGEST):
            if found.end() > called.end() + NEAR:
                break
            done = found.end()
            yield Hit(*found.span(), (numbers.masked(found[0], first=1, last=2),), confidence=0.95)
    for found in _TAIWAN.finditer(content):
        yield Hit(*found.span(1), (numbers.masked(found[1], first=0, last=2),), confidence=0.95)


RULE = Rule(
    id="privacy.travel.document",
    pack=Pack.PRIVACY,
    severity=Severity.WARN,
    title="The number of a passport or a travel permit",
    advice="Mask the number of the document, keeping the name, or leave it out.",
    find=find,
    fails=(
        Example("张三，护照号码：E00000012。", ("E00000012",), ("E******12",)),
        Example("港澳通行证C00000034，护照EA0000056", ("C00000034", "EA0000056"), ("C******34", "E******56")),
        Example("台胞证号：00000078", ("00000078",), ("******78",)),
        Example("来往内地通行证H0000000101", ("H0000000101",), ("H********01",)),
    ),
    passes=(
        Example("产品型号E00000012，批次G12345678。"),
        Example("护照办理电话：65000000，通行证窗口工号20240101。"),
        Example("凭护照、港澳通行证登记；护照号E******12；护照办理编号E000000123456。"),
    ),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条", "GB/T 35273-2020 附录B"),
)

"""Full-width digits and letters: ２０２２年, ＡＰＰ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

WIDTH = 0xFEE0
"""From a half-width character to its full-width one."""
_FULL = r"０-９Ａ-Ｚａ-ｚ"
_HALF = str.maketrans({chr(code + WIDTH): chr(code) for code in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.%/"})
_RUN = re.compile(rf"[{_FULL}](?:[{_FULL}．％／年月]*[{_FULL}％])?")
"""A date is one finding, not three."""


def find(sample: Sample) -> Iterator[Hit]:
    for found in _RUN.finditer(sample.text.content):
        yield Hit(*found.span(), suggestions=(found.group().translate(_HALF),))


RULE = Rule(
    id="form.characters.fullwidth",
    pack=Pack.FORM,
    severity=Severity.ADVISE,
    title="Full-width digits or letters",
    advice="Write digits and letters half as wide as a Chinese character; searches and screen readers do not know the others.",
    find=find,
    norm=("GB/T 15835-2011",),
    fails=(
        Example("２０２２年共受理１２件", ("２０２２", "１２"), ("2022", "12")),
        Example("２０２２年７月１日施行", ("２０２２年７月１",), ("2022年7月1",)),
        Example("下载ＡＰＰ", ("ＡＰＰ",), ("APP",)),
        Example("增长３．５％。", ("３．５％",), ("3.5%",)),
    ),
    passes=(
        Example("2022年共受理12件，下载APP，增长3.5％。"),
        Example("（一）1．总则：甲－乙"),
        Example("①②③ⅠⅡ㎡℃"),
    ),
    inapplicable=(Example(""),),
)

"""Straight quotes in Chinese sentences: 推进"放管服"改革."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_QUOTED = re.compile(rf'"(?P<words>[^"\n=<>{{}}\[\]]{{1,60}}+)"(?=[{_HAN}，。、；：！？）》《（\n]|\Z)')
_BEFORE = re.compile(rf"[{_HAN}，。、；：（《）》]|\A|\n")
_CHINESE = re.compile(rf"[{_HAN}]")
_LEAN = "，。、；：！？）》和与及等的 "
"""What no quotation begins with: between these the quotes are the end of one and the start of the next."""


def find(sample: Sample) -> Iterator[Hit]:
    """Pairs that stand in Chinese on both sides; not in English, code and measures."""
    content = sample.text.content
    for found in _QUOTED.finditer(content):
        words, before = found["words"], content[max(0, found.start() - 1) : found.start()]
        if words[0] not in _LEAN and _CHINESE.search(words) and _BEFORE.fullmatch(before):
            yield Hit(*found.span(), suggestions=(f"“{words}”",))


RULE = Rule(
    id="form.quotes.straight",
    pack=Pack.FORM,
    severity=Severity.ADVISE,
    title="Straight quotes in a Chinese sentence",
    advice="Use the quotes of Chinese writing, “ and ”.",
    find=find,
    norm=("GB/T 15834-2011",),
    fails=(
        Example('推进"放管服"改革', ('"放管服"',), ("“放管服”",)),
        Example('"十四五"规划', ('"十四五"',), ("“十四五”",)),
        Example('落实"一岗双责"、"三管三必须"。', ('"一岗双责"', '"三管三必须"'), ("“一岗双责”", "“三管三必须”")),
    ),
    passes=(
        Example("推进“放管服”改革"),
        Example('the word "中文" here, {"name":"张三"}, <a title="标题">'),
        Example('屏幕21"，管径3"的水管'),
        Example('命令为 echo "你好" 。'),
    ),
    inapplicable=(Example(""),),
)

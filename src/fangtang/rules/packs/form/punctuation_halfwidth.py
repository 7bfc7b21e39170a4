"""Half-width marks in Chinese sentences: 提高认识,加强领导. Not in times, ratios, numbers, addresses and English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_MARK = re.compile(rf"[,;!:](?<=[{_HAN}》”）〕、].)(?=[{_HAN}《“（])")
_ANY = re.compile(rf"[,;!:(（](?:(?<=[(（])|(?<=[{_HAN}》”）〕、].)(?=[{_HAN}《“（]))")
_BRACKETS = re.compile(r"[(（][^()（）\n]{1,60}+[)）]")
_CHINESE = re.compile(rf"[{_HAN}]")
_FULL = str.maketrans(",;!:()", "，；！：（）")
_RATIO = re.compile(rf"[{_HAN}]{{0,8}}+(?::[{_HAN}0-9]|[ ]?[=＝为][ ]?[0-9])")
"""水泥:砂:石=1:2:3."""
_ADDRESS = re.compile(r"://[^\s，。；（）“”]{0,80}+\Z")
LONG = 80


def find(sample: Sample) -> Iterator[Hit]:
    """Brackets with the marks between them are one finding."""
    content = sample.text.content
    inside_until = 0
    for found in _ANY.finditer(content):
        start, end = found.span()
        quote = found.group()
        if quote not in "(（":
            if start >= inside_until and _is_chinese(content, start):
                yield Hit(start, end, suggestions=(quote.translate(_FULL),))
        elif (brackets := _BRACKETS.match(content, start)) and _is_half_width(content, *brackets.span()):
            inside_until = brackets.end()
            yield Hit(*brackets.span(), suggestions=("（" + _MARK.sub(_full, brackets.group()[1:-1]) + "）",))


def _full(found: re.Match[str]) -> str:
    return found.group().translate(_FULL)


def _is_chinese(content: str, at: int) -> bool:
    if _ADDRESS.search(content[max(0, at - LONG) : at]):
        return False
    return content[at] != ":" or not _is_ratio(content, at)


def _is_ratio(content: str, at: int) -> bool:
    return bool(_RATIO.match(content, at + 1)) or ":" in content[max(0, at - 6) : at]


def _is_half_width(content: str, start: int, end: int) -> bool:
    """Around Chinese words, after Chinese words or at the start of a line: not in English, formulas and addresses."""
    if content[start] == "（" and content[end - 1] == "）":
        return False
    before = content[max(0, start - 1) : start]
    inside = content[start + 1 : end - 1]
    return (before > "\u2000" or before in ("", "\n")) and "=" not in inside and bool(_CHINESE.search(inside))


RULE = Rule(
    id="form.punctuation.halfwidth",
    pack=Pack.FORM,
    severity=Severity.ADVISE,
    title="A half-width mark in a Chinese sentence",
    advice="Use the full-width mark of Chinese writing.",
    find=find,
    norm=("GB/T 15834-2011",),
    fails=(
        Example("提高认识,加强领导;落实责任。", (",", ";"), ("，", "；")),
        Example("联系人:张老师", (":",), ("：",)),
        Example("各县(市、区)人民政府", ("(市、区)",), ("（市、区）",)),
        Example("(牵头单位:省商务厅)负责", ("(牵头单位:省商务厅)",), ("（牵头单位：省商务厅）",)),
        Example("(一)加强领导。（含港澳台)", ("(一)", "（含港澳台)"), ("（一）", "（含港澳台）")),
    ),
    passes=(
        Example("上午9:30，比例3:7，共1,200人，https://a.cn/?q=中文,词。"),
        Example("水泥:砂:石=1:2:3，男:女=1:2"),
        Example("函数f(x)=y，Beijing (北京), China"),
        Example("各县（市、区）人民政府，你好！"),
    ),
    inapplicable=(Example(""),),
)

"""Two marks where one belongs: 。。 ，， 、， and full stops for an ellipsis. …… —— and ！！ are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_RUN = re.compile(r"[，。、；：]{2,}+")
_STRENGTH = "。；，、："
"""Of two marks the stronger one is likelier to be meant: it was typed last, over the weaker."""
_OPENING = "“‘（「『《(\"'【"
_CLOSING = "”’）」』》)\"'】"


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    for found in _RUN.finditer(content):
        run = found.group()
        marks = sorted(set(run), key=_STRENGTH.index)
        if len(marks) > 2 or (len(marks) == 2 and "：" in marks) or _is_spoken_of(content, *found.span()):
            continue
        yield Hit(*found.span(), suggestions=("……",) if run.startswith("。。。") else tuple(marks))


def _is_spoken_of(content: str, start: int, end: int) -> bool:
    """Marks as such, in quotes or brackets, or at the start of a line."""
    before, after = content[max(0, start - 1) : start], content[end : end + 1]
    return not before.strip() or before in _OPENING or (before in _CLOSING and after in _OPENING)


RULE = Rule(
    id="form.punctuation.doubled",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="Two punctuation marks where one belongs",
    advice="Keep one of the marks; for an ellipsis write ……, six dots.",
    find=find,
    norm=("GB/T 15834-2011",),
    fails=(
        Example("会议圆满结束。。", ("。。",), ("。",)),
        Example("提高认识，，加强领导", ("，，",), ("，",)),
        Example("教育、医疗、，都要保障；。", ("、，", "；。"), ("，", "。")),
        Example("还有很多。。。", ("。。。",), ("……",)),
    ),
    passes=(
        Example("他说……我们——都要去！！真的？！"),
        Example("“，。”是标点，（、，）也是。"),
        Example("联系人：，电话：。"),
        Example("他说：“好。”，“行。”、“可以！”。"),
    ),
    inapplicable=(Example(""),),
)

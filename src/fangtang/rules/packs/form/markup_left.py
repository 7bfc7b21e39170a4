"""Markup that readers see: &nbsp;, <br/>, </p>."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_ENTITY = r"&(?:amp;)?(?:nbsp|lt|gt|amp|quot|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|ensp|emsp|times|#[0-9]{2,6}|#x[0-9a-fA-F]{2,6});"
_TAG = r"</?(?:p|br|div|span|strong|font|table|tbody|tr|td|img|a|b|o:p|st1:[a-z]{1,20}+)(?:[ ][^<>\n]{0,200}+)?[ ]?/?>"
_LEFT = re.compile(rf"{_ENTITY}|{_TAG}")


def find(sample: Sample) -> Iterator[Hit]:
    for found in _LEFT.finditer(sample.text.content):
        yield Hit(*found.span())


RULE = Rule(
    id="form.markup.left",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="Markup that readers see",
    advice="Take the piece of markup away, or write the character that it stands for.",
    find=find,
    fails=(
        Example("会议&nbsp;&nbsp;通知", ("&nbsp;", "&nbsp;")),
        Example("各单位：<br/>现将", ("<br/>",)),
        Example('<span style="font-size:16px">通知</span>', ('<span style="font-size:16px">', "</span>")),
    ),
    passes=(
        Example("A<B且B>C，R&D经费，5<p<6"),
        Example("AT&T; <通知> <附件>"),
        Example("价格<50元，<<办法>>"),
    ),
    inapplicable=(Example(""),),
)

"""What was to be filled in and was not: （待补充）, 单击此处添加标题, lorem ipsum, {{ name }}, undefined, #REF!."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_STILL = "(?:此处)?(?:待补充?|待填写?|待完善|待核实|待确认|待更新)"
_LEFT = re.compile(
    "|".join(
        (
            *(f"{opens}{_STILL}{closes}" for opens, closes in (("（", "）"), (r"\(", r"\)"), ("【", "】"), (r"\[", r"\]"))),
            "此处(?:插入|填写|填入|输入|添加|补充)(?!的)",
            *(f"{verb}击此处(?:添加|编辑|输入|插入)(?!的)[^\\s，。；、]{{0,6}}" for verb in "单点"),
            "在此处?(?:输入|键入|粘贴|插入)(?:标题|正文|文字|文本|内容|图片)",
            "这是一(?:条|个|篇)测试(?:信息|文章|新闻|数据|稿)?",
            "Lorem ipsum|lorem ipsum|LOREM IPSUM",
            r"\{\{[^{}\n]{0,60}+\}\}|\$\{[^{}\n]{1,60}+\}|\{%[^{}\n%]{1,60}+%\}|<%[^<>\n%]{0,60}+%>",
            r"\[object Object\]|#REF!|#DIV/0!|#VALUE!|#NUM!|#NULL!|#NAME\?",
            "错误[!！] ?未(?:找到引用源|定义书签)|Error! Reference source not found|Error! Bookmark not defined",
        )
    )
)
"""Every alternative begins with a character of its own: `re` looks for these first, which makes it quick."""
_VALUE = re.compile(r"(?:undefined|NaN|null|None)(?![A-Za-z0-9_值 ]|指针|对象)")


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    for found in _LEFT.finditer(content):
        yield Hit(*found.span())
    for found in _VALUE.finditer(content):
        before = content[max(0, found.start() - 1) : found.start()]
        if before and (before in "：:，。、（；年月" or "\u4e00" <= before <= "\u9fff"):
            yield Hit(*found.span())


RULE = Rule(
    id="form.placeholders.left",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="Something that was still to be filled in",
    advice="Fill in what is missing, or take the placeholder of the template or the failed field away.",
    find=find,
    fails=(
        Example("联系电话：（待补充）。", ("（待补充）",)),
        Example("单击此处添加标题", ("单击此处添加标题",)),
        Example("尊敬的{{ name }}：您好，Lorem ipsum dolor", ("{{ name }}", "Lorem ipsum")),
        Example("发布日期：undefined，浏览量：NaN", ("undefined", "NaN")),
        Example("见错误!未找到引用源。合计#REF!元", ("错误!未找到引用源", "#REF!")),
    ),
    passes=(
        Example("政策有待完善，事实待核实，名单待确认。"),
        Example("被告人张××，电话130××××1234，××年×月×日"),
        Example("字段为null值，The null hypothesis，此处填写的内容"),
        Example("点击此处查看附件，{一}，#1楼"),
    ),
    inapplicable=(Example(""),),
)

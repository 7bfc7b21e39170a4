"""A paragraph or a sentence that stands there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample
from fangtang.rules.texts import Kind

SHOWN = 120
"""Characters of a repetition that are shown: its beginning."""
LONG = 120
"""Characters from which on a paragraph is no formula that may come back; laws repeat shorter ones."""
SHORT = 20
"""Characters from which on a paragraph is looked at: twice in a row none should stand there."""
_TWICE = re.compile(r"[。！？；\n]([^。！？\n]{16,300}+[。！？])(?=\1)")


def find(sample: Sample) -> Iterator[Hit]:
    yield from _paragraphs(sample)
    for found in _TWICE.finditer(sample.text.content):
        length = found.end() - found.start(1)
        yield Hit(found.end(), found.end() + min(length, SHOWN))


def _paragraphs(sample: Sample) -> Iterator[Hit]:
    """Of paragraphs with whole sentences, the second and later ones."""
    text = sample.text
    seen: set[str] = set()
    last = ""
    for block in text.blocks:
        if block.end - block.start < SHORT:
            last = last if not text.content[block.start : block.end].strip() else ""
            continue
        words = text.content[block.start : block.end].strip()
        if block.kind is Kind.PARAGRAPH and "。" in words and words in seen and (words == last or (len(words) >= LONG and "前款" not in words)):
            start = text.content.index(words, block.start)
            yield Hit(start, start + min(len(words), SHOWN))
        seen.add(words)
        last = words


_SENTENCE = "各部门要高度重视安全生产工作，压实责任。"
_PARAGRAPH = (
    _SENTENCE
    + "各单位要按照职责分工，制定具体方案，明确时间节点，确保各项任务落到实处。"
    + "各市要每月报送进展情况，省有关部门要加强督导检查，及时通报工作中好的做法和存在的问题，对落实不力的严肃追责问责。"
    + "各地贯彻落实情况，请于年底前书面报送。"
)

RULE = Rule(
    id="form.paragraphs.repeated",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A paragraph or sentence that was already there",
    advice="Take the second one away, unless the repetition is meant.",
    find=find,
    fails=(
        Example(f"{_PARAGRAPH}\n二、保障措施\n{_PARAGRAPH}\n", (_PARAGRAPH[:SHOWN],)),
        Example(f"{_SENTENCE}\n{_SENTENCE}\n", (_SENTENCE,)),
        Example(f"通知。{_SENTENCE}{_SENTENCE}谢谢。", (_SENTENCE,)),
    ),
    passes=(
        Example("特此通知。\n附件\n特此通知。"),
        Example(f"通知。{_SENTENCE}谢谢。{_SENTENCE}"),
        Example(f"{_SENTENCE}\n第二条\n{_SENTENCE}"),
        Example("加油！加油！加油！"),
        Example("承诺人（签字）：＿＿＿＿＿＿　　日期：＿＿年＿月＿日\n承诺人（签字）：＿＿＿＿＿＿　　日期：＿＿年＿月＿日"),
    ),
    inapplicable=(Example(""),),
)

"""Small words that were typed twice: 的的, 以及以及, 进行进行."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_WORDS = re.findall("..", "进行以及关于通过按照根据我们他们因为由于对于并且或者其中必须应当不得需要为了如果但是因此切实已经")
_TWICE = re.compile(
    "的的(?<![目标有众是]的的)(?<!矢之的的)(?![确士])|及及(?<!普及及)(?![时格早])|与与(?<![参给授赠]与与)(?!会)|" + "|".join(word + word for word in _WORDS)
)


def find(sample: Sample) -> Iterator[Hit]:
    for found in _TWICE.finditer(sample.text.content):
        quote = found.group()
        yield Hit(*found.span(), suggestions=(quote[: len(quote) // 2],), confidence=0.95)


RULE = Rule(
    id="form.words.doubled",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A small word that was typed twice",
    advice="Take one of the two away.",
    find=find,
    fails=(
        Example("全市的的重点工作", ("的的",), ("的",)),
        Example("对项目进行进行审查", ("进行进行",), ("进行",)),
        Example("教育、医疗以及以及养老", ("以及以及",), ("以及",)),
    ),
    passes=(
        Example("的的确确，打的的士，目的的实现，标的的价格，有的的确"),
        Example("谢谢，等等，了了心愿，和和气气，认认真真"),
        Example("普及及推广，参与与否，为了了解，涉及及时"),
    ),
    inapplicable=(Example(""),),
)

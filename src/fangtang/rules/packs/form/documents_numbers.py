"""Numbers of official documents in the form of the standard: 国发〔2022〕12号, without other brackets, 第 or leading zeros."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_NUMBERED = re.compile(
    r"(?P<open>[\[［(（【〔〈<﹝])[ ]?(?P<year>20[0-9]{2})年?[ ]?(?P<close>[\]］)）】〕〉>﹞])[ ]?(?P<ordinal>第?)(?P<zeros>0*)(?P<number>[1-9][0-9]{0,4})号"
)
"""From the year 2000 on, when the first edition of the standard that says so came into force; older numbers are quoted as they were."""
_DOCUMENT = re.compile(r"[发函办字文通规电政党委厅](?<!证字)(?<!用字)(?<!准字)(?<!案字)\Z")
"""What stands before the year in the number of a document; a certificate (国用（2008）第012号), a case and an order are numbered in their own ways."""
BEFORE = 4


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    for found in _NUMBERED.finditer(content):
        is_right = found["open"] == "〔" and found["close"] == "〕" and not found["ordinal"] and not found["zeros"]
        if not is_right and _DOCUMENT.search(content[max(0, found.start() - BEFORE) : found.start()]):
            yield Hit(*found.span(), suggestions=(f"〔{found['year']}〕{found['number']}号",))


RULE = Rule(
    id="form.documents.numbers",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A document number that is not written as the standard says",
    advice="Put the year into 〔 〕 and the number after it without 第 and without leading zeros, as the document itself has it.",
    find=find,
    norm=("GB/T 9704-2012, 7.2.5",),
    fails=(
        Example("《通知》（国发[2022]12号）要求", ("[2022]12号",), ("〔2022〕12号",)),
        Example("国办发（2021）8号", ("（2021）8号",), ("〔2021〕8号",)),
        Example("冀政办字〔2022〕第12号", ("〔2022〕第12号",), ("〔2022〕12号",)),
        Example("石政函【2019】012号文", ("【2019】012号",), ("〔2019〕12号",)),
    ),
    passes=(
        Example("《通知》（国发〔2022〕12号）要求"),
        Example("（2022）冀01民初123号判决书"),
        Example("石国用（2008）第012号土地使用证，冀（2020）石家庄市不动产权第0012345号"),
        Example("税务总局公告〔2022〕第12号，第15号令，财政部令（2019）第103号"),
        Example("国科发计字[1998]052号"),
        Example("GB/T 9704-2012；本刊[2022]12期"),
    ),
    inapplicable=(Example(""),),
)

"""Resident identity numbers of 18 characters.

The mask keeps the province and the last two characters: 11**************16. A list needs no more to tell two people of one name apart (one in a hundred).
More would give the number away: with the last four kept, as is often done, whoever knows the home and the birthday of a person has all of it, and the
last four are what many services ask for as a password. With two kept, about nine numbers remain possible even for those who know both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Outcome, Severity
from fangtang.rules.packs.privacy import numbers, surroundings
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_D, _J = numbers.DIGIT, numbers.JOINT
_YEAR = rf"[{_J}]{{0,2}}(?:[1１][{_J}]{{0,2}}[89８９]|[2２][{_J}]{{0,2}}[0０])"
_NUMBER = re.compile(
    rf"[1-9１-９](?<![{_D}].)(?=((?:[{_J}]{{0,2}}[{_D}]){{5}}{_YEAR}(?:[{_J}]{{0,2}}[{_D}]){{9}}[{_J}]{{0,2}}(?:[{_D}](?![{_D}])|[xXｘＸ](?![{_D}A-Za-z]))))"
)
_CODE = surroundings.label("信用代码", "信用代碼", "机构代码", "组织代码", "登记证号", "USCC")
_PERSON = surroundings.label("身份证", "身份證", "身份号码", "身份號碼", "证件号", "居留")


def find(sample: Sample) -> Iterator[Hit]:
    """The number may have spaces or hyphens in it. One that could as well be the code of an organisation, and is called neither, is one to look at."""
    done = 0
    for found in _NUMBER.finditer(sample.text.content):
        start, end = found.start(), found.end(1)
        quote = sample.text.content[start:end]
        number = numbers.compact(quote)
        if start < done or not numbers.is_identity(number):
            continue
        outcome = _outcome(number, surroundings.before(sample.text, start, width=24))
        if outcome is not Outcome.PASSED:
            done = end
            yield Hit(start, end, (numbers.masked(quote, first=2, last=2),), outcome=outcome)


def _outcome(number: str, before: str) -> Outcome:
    if not numbers.is_credit_code(number) or _PERSON.search(before):
        return Outcome.FAILED
    return Outcome.PASSED if _CODE.search(before) or number[0] == "9" else Outcome.CANNOT_TELL


RULE = Rule(
    id="privacy.identity.number",
    pack=Pack.PRIVACY,
    severity=Severity.BLOCK,
    title="An identity number that can be read in full",
    advice="Mask the identity number, keeping the name, or leave it out: nobody may be published with it without having agreed to that separately.",
    find=find,
    fails=(
        Example("张三，身份证号110101194912310016。", ("110101194912310016",), ("11**************16",)),
        Example("公民身份号码：11010119000101009x", ("11010119000101009x",), ("11**************9x",)),
        Example("证件号码 110101 19491231 0016（李四）", ("110101 19491231 0016",), ("11**** ******** **16",)),
        Example("１１０１０１１９４９１２３１００１６", ("１１０１０１１９４９１２３１００１６",), ("１１**************１６",)),
    ),
    passes=(
        Example("身份证号11**************16，110101********0016，1101011949****0016。"),
        Example("流水号8110101194912310016，校验码不符的110101194912310017，没有这一天的110101194913310010。"),
        Example("统一社会信用代码：91110000100000040X，订单号202312311200001234。"),
        Example("东经116.397128000000000，北纬39.916527000000000；ISBN 978-7-111-12345-6。"),
    ),
    cannot_tell=(Example("代表：511202195001030066", ("511202195001030066",)),),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条、第二十八条、第二十九条", "GB 11643-1999", "GB/T 35273-2020 附录B"),
)

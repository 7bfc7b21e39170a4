"""Numbers of bank cards.

The mask keeps the last four digits, by which people know their card; the first six would name the bank and the kind of card and help nobody who reads a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Outcome, Severity
from fangtang.rules.packs.privacy import numbers, surroundings
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_D, _J = numbers.DIGIT, numbers.JOINT
_GROUPS = rf"[{_D}]{{3}}([{_J}])[{_D}]{{4}}\2[{_D}]{{4}}\2[{_D}]{{4}}(?:\2[{_D}]{{1,3}}(?![{_D}]))?"
_HALVES = rf"[{_D}]{{5}}[{_J}][{_D}]{{10,13}}"
FOUR_GROUPS = len("0000 0000 0000 0000")
_NUMBER = re.compile(rf"[2-69２-６９](?<![{_D}A-Za-z].)(?=([{_D}]{{15,18}}(?![{_D}])|{_GROUPS}(?![{_D}])|{_HALVES}(?![{_D}])))(?!\1[A-Za-z])")
_CHINESE = re.compile(r"62[0-9]{14,17}|95588[0-9]{14}|9558[0-9]{12}")
_FOREIGN = re.compile(r"(?:4[0-9]{3}|5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720|352[89]|35[3-8][0-9])[0-9]{12}")
_OTHER = re.compile(r"(?:60|68|69|90|94|95|96|98|99)[0-9]{14,17}")
_CARD = re.compile("卡号|卡號|银行卡|借记卡|储蓄卡|信用卡|社保卡|医保卡|工资卡|一卡通|账号|帐号|帳號|账户|帐户|开户|存折")
_AREA = re.compile(r"0[0-9]{2,3}[\-－—–)）] ?\Z")
"""Two office numbers without a space between them follow."""
_ELSE = surroundings.label(
    "订单|单号|编号|文号|流水|批次|序列号|发票|代码|条码|条形码|学号|工号|运单|快递|案号|受理号|交易号|凭证号|SN|ID|No|ISBN|ISSN|IMEI",
    "电话|传真|热线|咨询电话",
    "(?:合同|许可证|执照|证书|登记|备案|产权证)(?:编|证)?[号:： ]",
)


def find(sample: Sample) -> Iterator[Hit]:
    """Cards of this country wherever they stand, unless the number is called something else. What could be one from elsewhere is one to look at
    when nothing there says card."""
    done = 0
    for found in _NUMBER.finditer(sample.text.content):
        start = found.start()
        if start < done:
            continue
        quote = _card(sample.text.content[start : found.end(1)], has_tail=found[2] is not None)
        outcome = _outcome(quote, surroundings.before(sample.text, start, width=40)) if quote else Outcome.PASSED
        if outcome is not Outcome.PASSED:
            done = start + len(quote)
            is_sure = outcome is Outcome.FAILED
            mask = numbers.masked(quote, first=0, last=4)
            yield Hit(start, done, (mask,), outcome=outcome, severity=None if is_sure else Severity.WARN, confidence=0.95 if is_sure else 0.5)


def _card(quote: str, *, has_tail: bool) -> str:
    """What of the quote is a card by length and check digit, "" for none: the last of five groups may be the next number."""
    number = numbers.compact(quote)
    if numbers.is_luhn(number) and not numbers.is_identity(number) and not (numbers.is_credit_code(number) and number[:2] != "62"):
        return quote
    return _card(quote[:FOUR_GROUPS], has_tail=False) if has_tail and len(number) > 16 else ""


def _outcome(quote: str, before: str) -> Outcome:
    if _AREA.search(before) or (_ELSE.search(before[-24:]) and not _CARD.search(before[-10:])):
        return Outcome.PASSED
    number, is_called_card = numbers.compact(quote), bool(_CARD.search(before))
    if _CHINESE.fullmatch(number) or (is_called_card and (_FOREIGN.fullmatch(number) or _OTHER.fullmatch(number))):
        return Outcome.FAILED
    return Outcome.CANNOT_TELL if len(quote) == 16 and _FOREIGN.fullmatch(number) else Outcome.PASSED


RULE = Rule(
    id="privacy.bank.card",
    pack=Pack.PRIVACY,
    severity=Severity.BLOCK,
    title="The number of a bank card",
    advice="Leave the number of the card out, or keep its last four digits only.",
    find=find,
    fails=(
        Example("补贴发放至银行卡6222000000000000004。", ("6222000000000000004",), ("***************0004",)),
        Example("卡号：6212 0000 0000 0000 005", ("6212 0000 0000 0000 005",), ("**** **** **** ***0 005",)),
        Example("李四 6228000000000003", ("6228000000000003",), ("************0003",)),
        Example("信用卡4000-0000-0000-0002", ("4000-0000-0000-0002",), ("****-****-****-0002",)),
    ),
    passes=(
        Example("卡号6222000000000000005（校验位不符），尾号0004，6222***********0004。"),
        Example("订单号6222000000000000004，流水号：6228000000000003。"),
        Example("联系电话：6200000062000000，合计 4000 0000 0000 0002"),
        Example("统一社会信用代码91110000100000040X，发票号码4000000000000002。"),
        Example("身份证号620101194912310016不是银行卡。"),
    ),
    cannot_tell=(Example("附表：4000000000000002", ("4000000000000002",), ("************0002",)),),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条、第二十八条、第二十九条", "GB/T 35273-2020 附录B"),
)

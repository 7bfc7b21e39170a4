"""Numbers of mobile phones.

The mask keeps the first three digits and the last four, 138****5678, as is done everywhere: people know their number by it, and ten thousand remain possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.packs.privacy import numbers, surroundings
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_D = numbers.DIGIT
_J = "[ \u00a0\u3000\\-‐‑–－]"
_BODY = rf"[{_D}]{{10}}|[{_D}]{{2}}{_J}[{_D}]{{4}}{_J}?[{_D}]{{4}}|[{_D}]{{3}}{_J}[{_D}]{{3}}{_J}[{_D}]{{4}}"
_NUMBER = re.compile(
    rf"[1１+＋(（0](?:(?<=[1１])(?<![{_D}A-Za-z_*+＋].)|(?<=[+＋])86{_J}?1|(?<=0)(?<![{_D}].)086{_J}?1|(?<=[(（])[+＋]?86[)）]{_J}?1)"
    rf"({_BODY})(?![{_D}A-Za-z_*@＠]|\.[0-9a-z])"
)
_GLUED = re.compile(r"[A-Za-z0-9%][.=&\-]\Z|[A-Za-z]/\Z")
"""What stands before a part of an address, a decimal, or a compound number."""
_PREFIX = re.compile(r"1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}")
_UNIT = re.compile(r" ?(?:多|余)?(?:元|万|亿|吨|平方|立方|公斤|千克|千瓦|美元|%|％)")
"""Of what is counted by the ten thousand million."""
_ELSE = surroundings.label(
    "订单|单号|编号|文号|流水|批次|序列号|发票|代码|条码|学号|工号|案号|受理号|QQ|SN|ID",
    "(?:合同|许可证|执照|证书)(?:编|证)?[号:： ]",
)
_PHONE = re.compile("手机|手機|电话|電話|联系|聯繫|移动|微信|Tel|Mobile|Phone", re.IGNORECASE)
_OFFICE = re.compile(
    "(?:咨询|联系|监督|值班|举报|服务|投诉|办公|报名|热线|受理|报修|救援|报警|预约|订票|客服|支持|报送|技术|业务)(?:电话|方式|热线|手机)"
    "|联系人|热线|传真|电话[:： ]"
)
_PEOPLE = re.compile("身份证|性别|出生|住址|户籍|学生|考生|患者|申请人")
NEAR = 40


def find(sample: Sample) -> Iterator[Hit]:
    """Digits with spaces between them are a phone only where one is spoken of: the columns of a table look the same."""
    content = sample.text.content
    for found in _NUMBER.finditer(content):
        start, first = found.start(), found.start(1) - 1
        written = content[first : found.end()]
        before = surroundings.before(sample.text, start, width=NEAR)
        if _is_mobile(written) and not _UNIT.match(content, found.end()) and (first > start or _is_phone(sample, start, written, before)):
            is_office = _OFFICE.search(before) and not _PEOPLE.search(before)
            mask = content[start:first] + numbers.masked(written, first=3, last=4)
            yield Hit(start, found.end(), (mask,), severity=Severity.ADVISE if is_office else None)


def _is_mobile(written: str) -> bool:
    number = numbers.compact(written)
    return _PREFIX.fullmatch(number) is not None and not number.endswith("000000")


def _is_phone(sample: Sample, start: int, written: str, before: str) -> bool:
    if _GLUED.search(before) or _ELSE.search(before[-24:]) or surroundings.is_in_link(sample.text, start):
        return False
    return len(written) == 11 or "-" in written or bool(_PHONE.search(before))


RULE = Rule(
    id="privacy.phone.mobile",
    pack=Pack.PRIVACY,
    severity=Severity.WARN,
    title="The number of a mobile phone",
    advice="Mask the number, or leave it out; as the contact of an office, give the number of the office instead.",
    find=find,
    fails=(
        Example("获奖者张三，手机13800001234。", ("13800001234",), ("138****1234",)),
        Example("李四（+86 199-0000-1234）", ("+86 199-0000-1234",), ("+86 199-****-1234",)),
        Example("王五，电话 150 0000 1234；赵六，１８６００００１２３４", ("150 0000 1234", "１８６００００１２３４"), ("150 **** 1234", "１８６****１２３４")),
        Example("联系人：钱老师，13800001234/13900001234", ("13800001234", "13900001234")),
        Example("孙七 13800001234 35岁 8613900001234（+8615000001234）", ("13800001234", "+8615000001234")),
    ),
    passes=(
        Example("咨询电话：12345、010-65000000、400-810-0000、95588。"),
        Example("手机138****1234，编号13800001234，总额13800001234元，号段12800001234。"),
        Example("https://example.gov.cn/13800001234.html?id=13800001234，13800001234@example.gov.cn"),
        Example("合计 150 2000 3000；时间戳1609459200000；138000012345，A13800001234。"),
    ),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国个人信息保护法》第二十五条", "GB/T 35273-2020 附录A"),
)

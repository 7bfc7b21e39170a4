"""Numbers made for tests: right by their checks, and nobody's. Each maker takes its own source of chance."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fangtang.rules.packs.privacy import numbers

DIVISIONS = ("110101", "130102", "320106", "371102", "440305", "510104", "620102", "659001", "710101", "810000", "820000", "830000")
CARD_BEGINNINGS = (("622202", 19), ("621700", 19), ("622848", 19), ("625912", 16), ("622588", 16), ("623668", 18), ("955880", 19), ("622126", 17))
SURROUNDINGS = (
    "{}",
    "张三{}李四",
    "姓名：张三，身份证号：{}，获一等奖。",
    "1. 张三 {} 合格",
    "1\t张三\t{}\t35\t男\n2\t李四",
    "（{}）",
    "附件1，共12人：{}、王五。2023年5月1日",
    "ID:{}\r\n",
    "<{}>",
    "𠮷野家２０２３年{}号",
    "第3名 {} 98.5分 2023",
    "卡号／证件：{}；电话010-65000000",
)
DIGITS_OF_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def identity(chance: Random) -> str:
    born = date(1900, 1, 1) + timedelta(days=chance.randrange(43_000))
    first = f"{chance.choice(DIVISIONS)}{born:%Y%m%d}{chance.randrange(1, 1000):03d}"
    return first + numbers.identity_check(first)


def old_identity(chance: Random) -> str:
    born = date(1900, 1, 1) + timedelta(days=chance.randrange(36_000))
    return f"{chance.choice(DIVISIONS)}{born:%y%m%d}{chance.randrange(1, 1000):03d}"


def card(chance: Random) -> str:
    beginning, length = chance.choice(CARD_BEGINNINGS)
    first = beginning + "".join(chance.choices("0123456789", k=length - len(beginning) - 1))
    return next(first + digit for digit in "0123456789" if numbers.is_luhn(first + digit))


def credit_code(chance: Random, *, digits_only: bool = True) -> str:
    """Of a company, or of any other body."""
    body = "".join(chance.choices("0123456789" if digits_only else "0123456789ABCDEFGHJKLMNPQRTUWXY", k=8))
    first = f"{chance.choice(('91', '92', '93', '11', '12', '51', '52', '53'))}{chance.choice(DIVISIONS)}{body}{numbers.organisation_check(body)}"
    return first + numbers.credit_check(first)


def written(number: str, chance: Random) -> str:
    """As people write an identity number."""
    joint = chance.choice(" -　－")
    return chance.choice(
        (
            number,
            number.lower(),
            number.translate(DIGITS_OF_FULL_WIDTH),
            joint.join((number[:6], number[6:14], number[14:])),
            joint.join((number[:3], number[3:6], number[6:10], number[10:14], number[14:])),
            joint.join(number),
        )
    )

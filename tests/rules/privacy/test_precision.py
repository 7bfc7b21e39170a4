"""What looks like personal data and is none."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from fangtang.rules import catalogue, plain, scan
from tests.rules.privacy import made

RULES = [rule for rule in catalogue.every() if rule.pack == "privacy"]
ROUNDS = 300


def digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


LOOK_ALIKES: dict[str, Callable[[Random], str]] = {
    "credit codes": lambda chance: f"统一社会信用代码：{made.credit_code(chance)}，{made.credit_code(chance, digits_only=False)}",
    "orders": lambda chance: f"订单号：2023{digits(chance, 14)}，流水号{digits(chance, 16)}，合同编号 62{digits(chance, 17)}",
    "books": lambda chance: f"ISBN 978-7-{digits(chance, 3)}-{digits(chance, 5)}-{digits(chance, 1)}，ISSN {digits(chance, 4)}-{digits(chance, 4)}",
    "landlines": lambda chance: f"电话：0311-6{digits(chance, 7)}6{digits(chance, 7)}（传真），400-{digits(chance, 3)}-{digits(chance, 4)}、12345、95598",
    "years": lambda chance: " ".join(str(chance.randrange(1949, 2050)) for _ in range(12)),
    "amounts": lambda chance: f"合计1{digits(chance, 10)}元，{digits(chance, 2)},{digits(chance, 3)},{digits(chance, 3)}.00元，13{digits(chance, 9)}.50元",
    "coordinates": lambda chance: f"116.{digits(chance, 15)},39.{digits(chance, 15)}",
    "times": lambda chance: f"17{digits(chance, 8)}，17{digits(chance, 11)}，20231231{digits(chance, 6)}",
    "serial numbers": lambda chance: f"SN{digits(chance, 18)}，型号A{digits(chance, 11)}，批次{digits(chance, 15)}，序列号：6{digits(chance, 15)}",
    "links": lambda chance: f"https://example.gov.cn/art/2023/1{digits(chance, 10)}.html?id=13{digits(chance, 9)}&x=1",
    "columns": lambda chance: "合计 " + " ".join(str(chance.randrange(100, 5000)) for _ in range(15)),
    "roads and lines": lambda chance: f"京A路、G{digits(chance, 4)}高速、京G{digits(chance, 4)}、津S{digits(chance, 3)}、{digits(chance, 3)}路公交",
    "masked": lambda chance: (
        f"身份证110***********{digits(chance, 4)}，139****{digits(chance, 4)}，6222***********{digits(chance, 4)}，京A·***{digits(chance, 2)}"
    ),
}


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_look_alikes_pass(kind: str) -> None:
    source = "\n".join(LOOK_ALIKES[kind](Random(f"{kind} {number}")) for number in range(ROUNDS))
    assert [(one.rule_id, one.before, one.quote) for one in scan(plain(source), rules=RULES).findings] == []

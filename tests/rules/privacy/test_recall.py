"""What must be found is found wherever it stands, and its mask is quiet."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.rules import Finding, Severity, catalogue, plain, scan
from tests.rules.privacy import made

RULES = {rule.id: rule for rule in catalogue.every() if rule.pack == "privacy"}
SEEDS = st.integers(0, 2**32)


def findings(source: str, *rule_ids: str) -> list[Finding]:
    return list(scan(plain(source), rules=[RULES[one] for one in rule_ids or RULES]).findings)


@given(SEEDS, st.sampled_from(made.SURROUNDINGS))
def test_identity_numbers(seed: int, surrounding: str) -> None:
    chance = Random(seed)
    written = made.written(made.identity(chance), chance)
    source = surrounding.format(written)
    found = findings(source, "privacy.identity.number")
    assert [one.quote for one in found] == [written]
    assert found[0].severity is Severity.BLOCK
    assert source[found[0].place.start : found[0].place.end] == written
    assert not findings(surrounding.format(found[0].suggestions[0]), "privacy.identity.number", "privacy.bank.card", "privacy.phone.mobile")


@given(SEEDS, st.sampled_from([one for one in made.SURROUNDINGS if "ID:" not in one]))
def test_bank_cards(seed: int, surrounding: str) -> None:
    chance = Random(seed)
    card = made.card(chance)
    grouped = " ".join(card[start : start + 4] for start in range(0, len(card), 4))
    for written in (card, grouped, card.translate(made.DIGITS_OF_FULL_WIDTH)):
        found = findings(surrounding.format(written), "privacy.bank.card")
        assert [(one.quote, one.severity) for one in found] == [(written, Severity.BLOCK)]
        assert not findings(surrounding.format(found[0].suggestions[0]))[1 if "电话" in surrounding else 0 :]


@given(SEEDS)
def test_old_identity_numbers_that_are_called_so(seed: int) -> None:
    number = made.old_identity(Random(seed))
    assert [one.quote for one in findings(f"张三，身份证号：{number}。", "privacy.identity.old-number")] == [number]
    assert not findings(f"订单{number}，共12件。", "privacy.identity.old-number")


@pytest.mark.parametrize("prefix", ["130", "139", "145", "147", "150", "166", "170", "178", "189", "190", "199"])
@pytest.mark.parametrize("form", ["{}{}{}", "{}-{}-{}", "+86{}{}{}", "(+86){}{}{}", "0086 {}{}{}", "电话 {} {} {}", "手机：{}　{}　{}"])
def test_mobile_numbers(prefix: str, form: str) -> None:
    source = f"张三，{form.format(prefix, '0000', '1234')}（家长）"
    found = findings(source, "privacy.phone.mobile")
    assert len(found) == 1
    assert found[0].suggestions[0].endswith("1234")
    assert "****" in found[0].suggestions[0]


def test_the_mobile_number_of_an_office_is_advice() -> None:
    assert [one.severity for one in findings("咨询电话：13800001234", "privacy.phone.mobile")] == [Severity.ADVISE]
    assert [one.severity for one in findings("患者李某，联系电话13800001234", "privacy.phone.mobile")] == [Severity.WARN]


def test_a_code_that_could_be_either_is_one_to_look_at() -> None:
    either = "511202195001030066"
    assert [one.outcome for one in findings(f"代表：{either}", "privacy.identity.number")] == ["cantTell"]
    assert not findings(f"统一社会信用代码：{either}", "privacy.identity.number")
    assert [one.outcome for one in findings(f"身份证号：{either}", "privacy.identity.number")] == ["failed"]

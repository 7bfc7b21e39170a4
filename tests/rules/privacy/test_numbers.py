"""Check digits, against numbers that others published and against themselves."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.rules.packs.privacy import numbers
from tests.rules.privacy import made

CHANCES = st.integers(0, 2**32).map(Random)


def test_the_examples_of_the_standards() -> None:
    assert numbers.identity_check("11010519491231002") == "X"  # GB 11643-1999, 4.2
    assert numbers.identity_check("44052418800101001") == "4"
    assert numbers.organisation_check("D2143569") == "X"  # GB 11714-1997
    assert numbers.is_credit_code("91350100M000100Y43")
    assert numbers.is_luhn("79927398713")  # ISO/IEC 7812-1


@given(CHANCES, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(chance: Random, place: int, digit: str) -> None:
    number = made.identity(chance)
    assert numbers.is_identity(number)
    if number[place] != digit:
        assert not numbers.is_identity(number[:place] + digit + number[place + 1 :])


@given(CHANCES, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_credit_code_is_noticed(chance: Random, place: int, digit: str) -> None:
    code = made.credit_code(chance, digits_only=False)
    assert numbers.is_credit_code(code)
    if code[place] != digit:
        assert not numbers.is_credit_code(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize("number", ["", "1", "11010119491231001", "990101194912310016", "110101194913310010", "11010119490229001X", "١١٠١٠١١٩٤٩١٢٣١٠٠١٦"])
def test_what_is_no_identity(number: str) -> None:
    assert not numbers.is_identity(number)


@given(st.text(max_size=40), st.integers(0, 6), st.integers(0, 6))
def test_a_mask_hides_all_but_the_ends(text: str, first: int, last: int) -> None:
    mask = numbers.masked(text, first=first, last=last)
    assert len(mask) == len(text)
    assert len(re.findall("[0-9０-９A-Za-zｘＸ]", mask)) <= first + last
    assert numbers.masked(mask, first=first, last=last) == mask or "*" in mask


@given(st.text(max_size=40))
def test_any_text_can_be_asked(text: str) -> None:
    number = numbers.compact(text)
    assert number == numbers.compact(number)
    for is_it in (numbers.is_identity, numbers.is_old_identity, numbers.is_credit_code):
        assert is_it(text) in (True, False)

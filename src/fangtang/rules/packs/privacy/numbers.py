"""Numbers that stand for people, and how they are told from those that do not. What the rules of the pack share; no rule itself."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence

DIGIT = "0-9０-９"
"""For a class of characters: digits, half and full width."""
JOINT = " \u00a0\u2002-\u200d\u2060\ufeff\u3000\\-‐‑‒–—－_"
"""For a class of characters: what people and programs write between the digits of one number, seen or not."""
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""GB/T 2260, its first two digits; 83 is that of the residence permits for people from Taiwan."""
_TO_ASCII = str.maketrans("０１２３４５６７８９ｘＸ", "0123456789XX")
_NOT_SHOWN = re.compile(r"[^0-9A-Z]+")
_TO_MASK = re.compile(rf"[{DIGIT}A-Za-zｘＸ]")
_KIND = "(?:1[1239]|2[19]|3[1-59]|4[19]|5[1-59]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)"
_ORGANISATION = re.compile(rf"{_KIND}(?:10|{_PROVINCE.pattern})[0-9]{{4}}[0-9A-HJ-NPQRTUWXY]{{10}}")
"""Kind, division (10 for the nation), organisation, check: GB 32100-2015, 4."""
_ORGANISATION_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ORGANISATION_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_OLD_CHECKS = "0123456789X"
_OLD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
FIRST_YEAR, LAST_YEAR = 1850, 2049
"""Of a birth. There is no clock here; a year to come is not worth a number missed."""


def compact(written: str) -> str:
    """Only the half width digits and capitals of what is written."""
    return _NOT_SHOWN.sub("", written.translate(_TO_ASCII).upper())


def masked(written: str, *, first: int, last: int) -> str:
    """Stars for all but the `first` and `last` digits and letters; what stands between them stays."""
    places = [found.start() for found in _TO_MASK.finditer(written)]
    hidden = set(places[first : len(places) - last])
    return "".join("*" if place in hidden else character for place, character in enumerate(written))


def is_identity(number: str) -> bool:
    """A resident identity number, 18 characters (GB 11643-1999): province, date of birth and check character are right.

    Foreigners with permanent residence have one that begins with 9, the province after it (identity cards since 2023).
    """
    if len(number) != 18 or not (number[:17].isdecimal() and number.isascii()):
        return False
    province = number[1:3] if number[0] == "9" else number[:2]
    return _PROVINCE.fullmatch(province) is not None and _is_day(number[6:10], number[10:12], number[12:14]) and number[17] == identity_check(number)


def identity_check(number: str) -> str:
    """The check character of 17 digits, ISO/IEC 7064 MOD 11-2."""
    return "10X98765432"[_weighed(number, _WEIGHTS) % 11]


def is_old_identity(number: str) -> bool:
    """An identity number of the first generation, 15 digits without a check: province, and a birth in the 20th century."""
    if len(number) != 15 or not number.isdecimal() or number[12:] == "000":
        return False
    return _PROVINCE.fullmatch(number[:2]) is not None and _is_day(f"19{number[6:8]}", number[8:10], number[10:12])


def is_credit_code(number: str) -> bool:
    """A unified social credit code (GB 32100-2015), which stands for an organisation: kind, province, and both check characters."""
    if not _ORGANISATION.fullmatch(number):
        return False
    return number[16] == organisation_check(number[8:16]) and number[17] == credit_check(number)


def organisation_check(body: str) -> str:
    """The check character of the 8 characters of an organisation code (GB 11714-1997); they count in base 36."""
    return _OLD_CHECKS[-sum(int(character, 36) * weight for character, weight in zip(body, _OLD_WEIGHTS, strict=True)) % 11]


def credit_check(number: str) -> str:
    """The check character of the 17 first ones of a unified social credit code."""
    values = (_ORGANISATION_CHARACTERS.index(character) for character in number[:17])
    return _ORGANISATION_CHARACTERS[-sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 31]


def is_luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = sum(int(digit) * 2 - 9 * (digit > "4") for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + doubled) % 10 == 0


def _weighed(number: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def _is_day(year: str, month: str, day: str) -> bool:
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12):
        return False
    return 1 <= int(day) <= monthrange(int(year), int(month))[1]

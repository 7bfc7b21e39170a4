"""Text in its plain, comparable form."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """NFC, without control and zero-width characters, turns of the writing direction and non-characters; line ends as "\\n".

    Full-width punctuation stays as it is.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """`clean`, with every run of white space as one space and none at the ends."""
    return _SPACES.sub(" ", clean(text)).strip()


def is_blank(text: str) -> bool:
    """Whether there is no letter and no digit to see: only spaces, marks, signs, or letters that are drawn as nothing (the Hangul fillers).

    Characters for private use count as letters: rare Chinese names are written with them.
    """
    return all(one in _FILLERS or (unicodedata.category(one)[0] not in "LN" and unicodedata.category(one) != "Co") for one in text)


def shortened(text: str, *, most: int) -> str:
    """At most `most` characters, the last being "…" when something was cut."""
    text = one_line(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

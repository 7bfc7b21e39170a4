"""What stands before a number, which tells what it is. What the rules of the pack share; no rule itself."""

from __future__ import annotations

import re

from fangtang.rules.texts import Text

LONGEST_LINK = 200
_LINK = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'*+,;=%"


def before(text: Text, start: int, *, width: int) -> str:
    """Up to `width` characters, from earlier lines too: what heads a cell stands in another one."""
    return text.content[max(0, start - width) : start]


def is_in_link(text: Text, index: int) -> bool:
    """Whether the characters before this one, back to the last that no address has, begin an address."""
    window = text.content[max(0, index - LONGEST_LINK) : index]
    link = window[len(window.rstrip(_LINK)) :].lower()
    return "//" in link or "www." in link


def label(*words: str) -> re.Pattern[str]:
    """One of these words (patterns), with no more than 号码为： and their like behind it: the label of the number that follows."""
    return re.compile(rf"(?:{'|'.join(words)})[编证书单号码为是:：#№.（( \u3000]{{0,8}}\Z", re.IGNORECASE)

"""Many terms in one look: the double-array automaton of daachorse (ADR 25)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import daachorse

from fangtang.rules.lexicons.terms import Term

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WORD = re.compile(r"[A-Za-z0-9]")


class Matcher:
    """`terms` have different forms, none of them empty. Of forms that overlap the one that begins first is met, of those that begin together the longest."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        forms = [term.form for term in terms]
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(forms, daachorse.MATCH_KIND_LEFTMOST_LONGEST) if forms else None

    def find(self, content: str) -> Iterator[tuple[int, int, Term]]:
        """Start, end and term of each match, in order, without those that are right. A form that begins or ends with a Latin letter or a digit is met only
        as a whole word."""
        if self._automaton is None:
            return
        for start, end, number in self._automaton.find(_encodable(content)):
            term = self._terms[number]
            if not term.is_right and _is_whole(content, start, end):
                yield start, end, term


def _encodable(content: str) -> str:
    """The same length without halves of characters, which no encoding knows."""
    return content if content.isascii() else _SURROGATE.sub("\ufffd", content)


def _is_whole(content: str, start: int, end: int) -> bool:
    before, after = content[start - 1 : start] if start else "", content[end : end + 1]
    return not (_WORD.match(content[start]) and _WORD.match(before)) and not (_WORD.match(content[end - 1]) and _WORD.match(after))

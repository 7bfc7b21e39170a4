"""HTML that nests as no page does, refused before it costs time or memory."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from selectolax.lexbor import LexborNode

DEEPEST = 256
"""Elements inside each other in a page as it was read."""

_MOST_OPEN = 5_000
_MOST_MADE = 3_000_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})([^<>]{0,200})")
# Tags that HTML closes by itself or that hold nothing: left open they nest nothing.
_SELF_CLOSING = {"p", "li", "tr", "td", "th", "thead", "tbody", "tfoot", "br", "img", "hr", "input", "meta", "link", "option", "dd", "dt", "col", "wbr"}
# Left open, these are opened again in every block that follows, three alike at most (HTML, 13.2.4.3 The list of active formatting elements).
_REOPENED = {"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_ALIKE = 3


class TooDeep(ValueError):
    """The HTML nests more than `DEEPEST` tags, or would grow beyond measure: no page does."""


def refuse_deep_text(markup: str) -> None:
    """Raises TooDeep for text that a parser should not see. A guard only: it counts tags and does not know which close which."""
    reading = _Reading()
    for closing, name, rest in _TAG.findall(markup):
        if closing:
            reading.close(name.lower())
        else:
            reading.open(name.lower(), rest)


def refuse_deep(top: LexborNode) -> None:
    """Raises TooDeep for a tree that is deeper than `DEEPEST` below `top`."""
    waiting = [(top, 0)]
    while waiting:
        parent, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooDeep
        waiting.extend((child, depth + 1) for child in parent.iter(include_text=False))


class _Reading:
    """What stands open after the tags seen so far."""

    def __init__(self) -> None:
        self._open: dict[str, list[str]] = defaultdict(list)
        self._alike: Counter[tuple[str, str]] = Counter()
        self._depth = 0
        self._reopened = 0
        self._made = 0

    def open(self, name: str, rest: str) -> None:
        self._made += 1 + self._reopened
        if name in _SELF_CLOSING:
            rest = ""
        else:
            self._open[name].append(rest)
            self._depth += 1
        if name in _REOPENED:
            self._alike[name, rest] += 1
            self._reopened += self._alike[name, rest] <= _ALIKE
        if self._depth > _MOST_OPEN or self._made > _MOST_MADE:
            raise TooDeep

    def close(self, name: str) -> None:
        """A tag that closes nothing changes nothing."""
        if not self._open[name]:
            return
        rest = self._open[name].pop()
        self._depth -= 1
        if name in _REOPENED:
            self._reopened -= self._alike[name, rest] <= _ALIKE
            self._alike[name, rest] -= 1

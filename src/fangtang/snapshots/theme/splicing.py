"""Templates drawn once and spliced ever after: the same bytes as Jinja gives, at about a tenth of the cost.

A template is drawn once with *slots* in the place of values. A slot notes what was asked of it: an answer that decides the way through the template
("has it a summary?") becomes a condition, a value that is written becomes a gap. Text and gaps together are a *shape*. Any values that meet a shape's
conditions would go the same way through the template, so their page is the shape with its gaps filled, escaped as Jinja or JSON would.

A slot answers nothing else. Whatever a template asks that cannot be noted raises, and such a page is drawn by Jinja as before. Functions that templates
call are marked `lifted` when they depend on their arguments alone. Finished text (the result of a macro) holds the marks of its gaps: a template may
write it and do nothing else with it, which a test holds for all templates. A new shape is compared with Jinja's own page before it is used.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from json.encoder import encode_basestring
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

from markupsafe import Markup, escape

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

MOST_SHAPES = 64
"""Shapes kept for one template; the oldest goes first."""
MOST_BOUND = 64
"""First roots for which a shape keeps what is the same on all their pages."""
MOST_FAILURES = 64
"""Pages of one template that could not be spliced, after which it is left to Jinja."""

# json.dumps leaves these alone, an HTML parser does not: "</script>", "<!--", and the two line ends of JavaScript.
ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


class NotSpliceable(Exception):
    """A template asked a slot for something that cannot be noted."""


def script_json(value: Any) -> str:
    """`value` as JSON that cannot end the script element it stands in. Slots inside become gaps."""
    return _harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_as_json))


def _harmless(text: str) -> str:
    for character, escaped in ESCAPES:  # five passes in C take a tenth of one str.translate
        text = text.replace(character, escaped)
    return text


def _as_json(value: Any) -> str:
    if isinstance(value, Slot):
        return value._trace.gap("json", value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def lifted(function: Callable[P, R]) -> Callable[P, R]:
    """A pure function that templates may call with slots: the call is made again for each page."""

    @wraps(function, updated=())
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for value in (*args, *kwargs.values()):
            if isinstance(value, Slot):
                return cast("R", value._trace.call(function, args, kwargs))  # stands for one
        return function(*args, **kwargs)

    return call


class Slot:
    """A value that differs from page to page: `code` tells how to read it anew, `value` is what it is on the page that is drawn. `is_shared` when it
    comes from the first root alone, which many pages share."""

    __slots__ = ("_code", "_is_shared", "_trace", "_value")

    def __init__(self, trace: Trace, code: str, value: Any, *, is_shared: bool) -> None:
        self._trace, self._code, self._value, self._is_shared = trace, code, value, is_shared

    def _part(self, code: str, value: Any) -> Slot:
        return Slot(self._trace, self._code + code, value, is_shared=self._is_shared)

    def __getattr__(self, name: str) -> Slot:
        if name.startswith("_"):
            raise AttributeError(name)  # what Python and Jinja look for on any object, `__await__` for one
        return self._part(f".{name}", getattr(self._value, name))

    def __getitem__(self, key: int | str) -> Slot:
        if isinstance(key, Slot):
            raise NotSpliceable("an index that differs")
        return self._part(f"[{key!r}]", self._value[key])

    def __call__(self, *args: Any, **kwargs: Any) -> Slot:
        if args or kwargs:
            raise NotSpliceable("a method with arguments")
        return self._part("()", self._value())

    def __bool__(self) -> bool:
        return self._trace.decide(self._code, bool(self._value))

    def __iter__(self) -> Iterator[Slot]:
        count = len(self._value)
        self._trace.require(f"len({self._code}) == {count}")
        return iter([self._part(f"[{index}]", self._value[index]) for index in range(count)])

    def __html__(self) -> str:
        return self._trace.gap("html", self)

    def __eq__(self, other: object) -> bool:
        return self._compared("==", other, self._value.__eq__)

    def __ne__(self, other: object) -> bool:
        return self._compared("!=", other, self._value.__ne__)

    def __lt__(self, other: object) -> bool:
        return self._compared("<", other, self._value.__lt__)

    def __gt__(self, other: object) -> bool:
        return self._compared(">", other, self._value.__gt__)

    def __hash__(self) -> int:
        raise NotSpliceable("a value in a set or as a key")

    def _compared(self, sign: str, other: object, ask: Callable[[Any], Any]) -> bool:
        trace = self._trace
        answer = ask(other._value if isinstance(other, Slot) else other)
        if answer is NotImplemented:
            raise NotSpliceable(f"{sign} of unlike values")
        return trace.decide(f"({self._code} {sign} {trace.code(other)})", bool(answer))

    def __str__(self) -> str:
        raise NotSpliceable("a value made into text")

    def __format__(self, form: str) -> str:
        raise NotSpliceable("a value formatted")

    __repr__ = __str__


class Gap(NamedTuple):
    """Where a value is written: the code that writes it."""

    code: str
    is_shared: bool


class Trace:
    """What was asked while a template was drawn with slots."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)  # no text that is drawn can hold it by chance or by intent; it is gone from the result
        self._known: dict[int, str] = {}
        self.names: dict[str, Any] = {"html": _html, "json": _json}
        self.conditions: dict[str, None] = {}
        self.gaps: list[Gap] = []

    def code(self, value: Any) -> str:
        """How to read a value anew: a slot's own way, anything else by a name of its own."""
        if isinstance(value, Slot):
            return value._code
        name = self._known.setdefault(id(value), f"k{len(self.names)}")
        self.names[name] = value  # and keeps it, so that nobody else gets its id
        return name

    def call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Slot:
        given = [self.code(value) for value in args] + [f"{name}={self.code(value)}" for name, value in kwargs.items()]
        value = function(*map(_value, args), **{name: _value(value) for name, value in kwargs.items()})
        is_shared = all(one._is_shared for one in (*args, *kwargs.values()) if isinstance(one, Slot))
        return Slot(self, f"{self.code(function)}({', '.join(given)})", value, is_shared=is_shared)

    def decide(self, code: str, answer: bool) -> bool:
        self.require(code if answer else f"not {code}")
        return answer

    def require(self, condition: str) -> None:
        self.conditions[condition] = None

    def gap(self, writer: str, slot: Slot) -> str:
        """The mark of a new gap, filled with what `writer` makes of the value."""
        self.gaps.append(Gap(f"{writer}({slot._code})", slot._is_shared))
        return f"{self._mark}{len(self.gaps) - 1}{writer}"

    def pieces(self, text: str) -> list[str | Gap]:
        """Text and gaps in turn, text first and last. Raises NotSpliceable unless each gap came out at most once."""
        found = re.split(f'"{self._mark}([0-9]+)json"|{self._mark}([0-9]+)html', text)
        numbers = [json_gap or html_gap for json_gap, html_gap in zip(found[1::3], found[2::3], strict=True)]
        if len(set(numbers)) != len(numbers) or any(self._mark in piece for piece in found[::3]):
            raise NotSpliceable("a gap was copied or changed")
        return [found[0], *(part for number, piece in zip(numbers, found[3::3], strict=True) for part in (self.gaps[int(number)], piece))]


class Shape:
    """The text and gaps of all pages that meet the same conditions. `fits` and `drawn` take the values of the roots."""

    def __init__(self, trace: Trace, text: str, roots: tuple[str, ...]) -> None:
        names = dict(trace.names)
        fixed: list[list[str]] = [[]]  # between two gaps that differ from page to page: what is the same as long as the first root is
        differing: list[str] = []
        for piece in trace.pieces(text):
            if isinstance(piece, Gap) and not piece.is_shared:
                differing.append(piece.code)
                fixed.append([])
            elif piece:
                code = piece.code if isinstance(piece, Gap) else f"t{len(names)}"
                if isinstance(piece, str):
                    names[code] = piece.encode()
                fixed[-1].append(code)
        written = {code: f"v{number}" for number, code in enumerate(dict.fromkeys(differing))}
        parts = ["f[0]", *(part for number, code in enumerate(differing, start=1) for part in (written[code], f"f[{number}]"))]
        lines = [f"def fits({', '.join(roots)}):", f"    return {' and '.join(trace.conditions) or 'True'}"]
        between = [f"b''.join({_tuple(codes)})" for codes in fixed]
        lines += [f"def bound({roots[0]}):", f"    return {_tuple(between)}"]
        lines += [f"def drawn({', '.join(roots)}):", f"    f = kept.get(id({roots[0]})) or bind({roots[0]})"]
        lines += [f"    {name} = {code}" for code, name in written.items()]
        lines += [f"    return b''.join({_tuple(parts)})"]
        names |= {"kept": {}, "bind": self._bind}
        exec("\n".join(lines), names)  # noqa: S102  made above, of names that stand in our own templates
        self.fits: Callable[..., bool] = names["fits"]
        self.drawn: Callable[..., bytes] = names["drawn"]
        self._bound: Callable[[Any], tuple[bytes, ...]] = names["bound"]
        self._kept: dict[int, tuple[bytes, ...]] = names["kept"]
        self._shared: list[Any] = []

    def _bind(self, shared: Any) -> tuple[bytes, ...]:
        """What is the same for all pages with this first root; kept together with it, so that nobody else gets its id."""
        if len(self._shared) >= MOST_BOUND:
            self._kept.clear()
            self._shared.clear()
        self._shared.append(shared)
        self._kept[id(shared)] = found = self._bound(shared)
        return found


def _tuple(parts: Iterable[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


class Splicer:
    """A template that is drawn by splicing. `draw` gives its text for the values of `roots`, which may be slots."""

    def __init__(self, draw: Callable[..., str], *roots: str) -> None:
        self._draw = draw
        self._roots = roots
        self._shapes: tuple[Shape, ...] = ()
        self._failures = 0

    def drawn(self, *values: Any) -> bytes:
        """The template with these values, in UTF-8."""
        for shape in self._shapes:
            if shape.fits(*values):
                return shape.drawn(*values)
        plain = self._draw(*values).encode()
        if self._failures < MOST_FAILURES:
            self._learn(values, plain)
        return plain

    def _learn(self, values: tuple[Any, ...], plain: bytes) -> None:
        trace = Trace()
        try:
            text = self._draw(*(Slot(trace, name, value, is_shared=name == self._roots[0]) for name, value in zip(self._roots, values, strict=True)))
            shape = Shape(trace, text, self._roots)
        except (NotSpliceable, TypeError, AttributeError) as reason:
            logger.debug("not spliced: %s", reason)
            self._failures += 1
            return
        if not shape.fits(*values) or shape.drawn(*values) != plain:
            logger.error("a template drawn with slots is not what it is with values; it is left to Jinja")
            self._failures = MOST_FAILURES
            return
        self._shapes = (shape, *self._shapes)[:MOST_SHAPES]


def _value(value: Any) -> Any:
    return value._value if isinstance(value, Slot) else value


def _html(value: Any) -> bytes:
    """As `markupsafe.escape`, which wraps every result once more."""
    if type(value) is str:
        return value.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;").replace("'", "&#39;").replace('"', "&#34;").encode()
    return value.encode() if type(value) is Markup else escape(value).encode()


def _json(value: Any) -> bytes:
    return (_harmless(encode_basestring(value)) if type(value) is str else script_json(value)).encode()

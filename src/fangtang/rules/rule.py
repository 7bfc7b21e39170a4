"""A rule: a pure function from a sample to the places at which something is wrong, with its examples, its source and its measured precision.

One file each, in the folder of its pack; `catalogue` finds them. The examples are the first tests of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fangtang.rules.findings import Outcome, Severity
from fangtang.rules.samples import Sample


class Pack(StrEnum):
    """A named set of rules."""

    CHARACTERS = "characters"
    LANGUAGE = "language"
    FORM = "form"
    PRIVACY = "privacy"
    PAGE = "page"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Hit:
    """Characters `start` to `end` of the content of the sample's text. The rest as in `Finding`; `severity` where it is not the rule's own."""

    start: int
    end: int
    suggestions: tuple[str, ...] = ()
    confidence: float = 1.0
    outcome: Outcome = Outcome.FAILED
    severity: Severity | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, or a page (`is_html`), and what the rule says of it: the quotes of its findings in order, and for each the first suggestion ("" for none)."""

    source: str
    quotes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is the pack and two or three words, for ever the same ("form.brackets.unpaired"). `title` and `advice` are English message ids; the advice says
    what to do and may name keys of a hit's `data`. `norm` is the law, standard or guideline with number and clause, () when it is good practice only.

    `find` gives hits in any order and raises nothing for any input; `applies` tells whether there is anything to look at. `fails` are examples with findings,
    `passes` without, `inapplicable` have nothing to look at, in `cannot_tell` every finding is one of that outcome.
    """

    id: str
    pack: Pack
    severity: Severity
    title: str
    advice: str
    find: Callable[[Sample], Iterable[Hit]]
    fails: tuple[Example, ...]
    passes: tuple[Example, ...]
    inapplicable: tuple[Example, ...] = ()
    cannot_tell: tuple[Example, ...] = ()
    norm: tuple[str, ...] = ()
    applies: Callable[[Sample], bool] = lambda sample: bool(sample.text.content.strip())

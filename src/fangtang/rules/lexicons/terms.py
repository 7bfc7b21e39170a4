"""A term: a form of words, and what is wanted in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fangtang.rules.findings import Severity

FORM_MOST = 100
"""Characters of a form."""


class TermKind(StrEnum):
    """What a term is about; a rule for each."""

    WRONG = "wrong"
    NAME = "name"
    PERSON = "person"
    DOCUMENT = "document"
    PLACE = "place"
    POLICY = "policy"
    RESPECT = "respect"
    ADVERTISING = "advertising"


@dataclass(frozen=True, slots=True)
class Term:
    """`form` is looked for, exactly as it is written; `wanted` is what should stand there, "" when only a person can say. A term whose wanted form is its own
    is right: a longer one shields what it contains ("最佳实践" from "最佳"). It counts up to and with `expires_on`, for ever when that is None."""

    form: str
    wanted: str = ""
    kind: TermKind = TermKind.WRONG
    severity: Severity = Severity.WARN
    note: str = ""
    expires_on: date | None = None

    @property
    def is_right(self) -> bool:
        return self.form == self.wanted


def standing(terms: Iterable[Term], *, today: date) -> list[Term]:
    """Those that have not expired; of several with one form the last."""
    return list({term.form: term for term in terms if term.expires_on is None or today <= term.expires_on}.values())

"""The rules that a lexicon makes: one for each kind of its terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from fangtang.rules.findings import Severity
from fangtang.rules.lexicons.matching import Matcher
from fangtang.rules.lexicons.terms import Term, TermKind, standing
from fangtang.rules.rule import Hit, Pack, Rule
from fangtang.rules.samples import Sample

TITLES = {
    TermKind.WRONG: "A form that the unit does not write",
    TermKind.NAME: "A body that is not called so",
    TermKind.PERSON: "A person who is not called so",
    TermKind.DOCUMENT: "A document that is not called so",
    TermKind.PLACE: "A place that is not called so",
    TermKind.POLICY: "A policy that is not called so",
    TermKind.RESPECT: "Words that hurt",
    TermKind.ADVERTISING: "Words that the advertising law forbids",
}
ADVICE = "Write what the lexicon wants; if it is right here, say so and why."


def rules(terms: Iterable[Term], *, today: date) -> list[Rule]:
    """A rule for each kind that occurs, "language.terms.<kind>". All terms are looked for at once: a right form shields what it contains, whatever its kind."""
    some = standing(terms, today=today)
    reading = _Reading(Matcher(some))
    kinds = sorted({term.kind for term in some if not term.is_right})
    return [_rule(kind, reading.of(kind)) for kind in kinds]


class _Reading:
    """What was found in the last text that was read."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._last: tuple[str, list[tuple[int, int, Term]]] = ("", [])

    def of(self, kind: TermKind) -> Callable[[Sample], Iterator[Hit]]:
        def find(sample: Sample) -> Iterator[Hit]:
            content, found = self._last
            if content is not sample.text.content:
                found = list(self._matcher.find(sample.text.content))
                self._last = (sample.text.content, found)
            for start, end, term in found:
                if term.kind is kind:
                    suggestions = (term.wanted,) if term.wanted else ()
                    yield Hit(start, end, suggestions=suggestions, severity=term.severity, data={"note": term.note})

        return find


def _rule(kind: TermKind, find: Callable[[Sample], Iterator[Hit]]) -> Rule:
    return Rule(
        id=f"language.terms.{kind.value}",
        pack=Pack.LANGUAGE,
        severity=Severity.WARN,
        title=TITLES[kind],
        advice=ADVICE,
        find=find,
        fails=(),
        passes=(),
    )

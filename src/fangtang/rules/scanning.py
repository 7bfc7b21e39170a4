"""Rules put to a sample."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fangtang.rules import catalogue
from fangtang.rules.findings import Finding, Outcome, Place
from fangtang.rules.rule import Hit, Pack, Rule
from fangtang.rules.samples import Sample

logger = logging.getLogger(__name__)

CONTEXT = 24
"""Characters on each side that are shown with a finding."""
NEAR = 8
"""Characters on each side that a fingerprint looks at."""


@dataclass(frozen=True, slots=True)
class Report:
    """Findings by place, what each rule that was asked said of the whole sample, and these rules, by id."""

    sample: Sample
    findings: Sequence[Finding]
    outcomes: Mapping[str, Outcome]
    rules: Mapping[str, Rule]

    def quote(self, finding: Finding) -> str:
        """What may be shown where anybody reads, in a log for example: of personal data the mask, "…" where a rule gives none."""
        if self.rules[finding.rule_id].pack is not Pack.PRIVACY:
            return finding.quote
        return finding.suggestions[0] if finding.suggestions else "…"


def scan(sample: Sample, *, rules: Iterable[Rule] | None = None) -> Report:
    """Put rules to a sample, all of the catalogue when none are named. A rule that fails on an input "cannot tell", and the others go on."""
    found: list[tuple[Hit, Rule]] = []
    outcomes: dict[str, Outcome] = {}
    asked = {rule.id: rule for rule in (catalogue.every() if rules is None else rules)}
    for rule in asked.values():
        hits, outcomes[rule.id] = _asked(rule, sample)
        found += [(hit, rule) for hit in hits]
    found.sort(key=lambda one: (one[0].start, one[0].end, one[1].id))
    return Report(sample, _numbered(_finding(sample, hit, rule) for hit, rule in found), outcomes, asked)


def _asked(rule: Rule, sample: Sample) -> tuple[list[Hit], Outcome]:
    try:
        if not rule.applies(sample):
            return [], Outcome.CANNOT_TELL if sample.gaps else Outcome.INAPPLICABLE
        hits = list(rule.find(sample))
    except Exception:
        logger.exception("%s failed on %s", rule.id, sample.name or "a text")
        return [], Outcome.CANNOT_TELL
    if any(hit.outcome is Outcome.FAILED for hit in hits):
        return hits, Outcome.FAILED
    return hits, Outcome.CANNOT_TELL if hits or sample.gaps else Outcome.PASSED


def _finding(sample: Sample, hit: Hit, rule: Rule) -> Finding:
    text = sample.text
    number = text.block(hit.start)
    block = text.blocks[number]
    before, after = text.content[block.start : hit.start], text.content[hit.end : max(hit.end, block.end)]
    quote = text.content[hit.start : hit.end]
    start, end = text.source(hit.start, hit.end)
    return Finding(
        rule_id=rule.id,
        severity=hit.severity or rule.severity,
        place=Place(start, end, block.part, number),
        quote=quote,
        before=before[-CONTEXT:],
        after=after[:CONTEXT],
        suggestions=hit.suggestions,
        confidence=hit.confidence,
        outcome=hit.outcome,
        data=hit.data,
        fingerprint=_digest(rule.id, block.part, before[-NEAR:], quote, after[:NEAR]),
    )


def _numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that look the same get the number of their turn, so that each can be answered."""
    seen: Counter[str] = Counter()
    numbered = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        turn = seen[finding.fingerprint]
        numbered.append(finding if turn == 1 else replace(finding, fingerprint=f"{finding.fingerprint}-{turn}"))
    return numbered


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""What every rule promises: its examples, its place in the catalogue, and that no input breaks it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangtang.rules import Example, Outcome, Rule, Sample, catalogue, plain, scan

EVERY = catalogue.every()
PARTS = sorted({piece for rule in EVERY for example in (*rule.fails, *rule.passes) for piece in re.findall(r"\w+|\W", example.source)})


def sample(example: Example) -> Sample:
    assert not example.is_html
    return plain(example.source)


def cases(*kinds: str) -> list[object]:
    """Each example of these kinds, with its rule."""
    found = [(rule, kind, number, example) for rule in EVERY for kind in kinds for number, example in enumerate(getattr(rule, kind))]
    return [pytest.param(rule, example, id=f"{rule.id}-{kind}-{number}") for rule, kind, number, example in found]


@pytest.mark.parametrize(("rule", "example"), cases("fails", "passes", "inapplicable", "cannot_tell"))
def test_an_example_says_what_the_rule_does(rule: Rule, example: Example) -> None:
    report = scan(sample(example), rules=[rule])
    expected = next(
        outcome
        for outcome, examples in (
            (Outcome.FAILED, rule.fails),
            (Outcome.PASSED, rule.passes),
            (Outcome.INAPPLICABLE, rule.inapplicable),
            (Outcome.CANNOT_TELL, rule.cannot_tell),
        )
        if example in examples
    )
    assert report.outcomes == {rule.id: expected}
    assert tuple(finding.quote for finding in report.findings) == example.quotes
    if example.suggestions:
        assert tuple(next(iter(finding.suggestions), "") for finding in report.findings) == example.suggestions
    for finding in report.findings:
        if not example.is_html:
            assert example.source[finding.place.start : finding.place.end] == finding.quote


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_has_what_a_rule_has(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+(-[a-z]+)*){1,3}", rule.id)
    assert len(rule.fails) >= 2
    assert len(rule.passes) >= 2
    assert rule.title
    assert rule.advice.endswith(".")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=8)), max_size=40).map("".join))
def test_no_text_breaks_a_rule_and_every_place_is_in_it(source: str) -> None:
    looked_at = plain(source)
    for rule in EVERY:
        for hit in rule.find(looked_at):
            assert 0 <= hit.start < hit.end <= len(source)
            assert 0 <= hit.confidence <= 1
    fingerprints = [finding.fingerprint for finding in scan(looked_at).findings]
    assert len(fingerprints) == len(set(fingerprints))

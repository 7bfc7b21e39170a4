"""One JSON value for editors and for programs: docs/how-to/scan.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fangtang.rules.findings import Finding
from fangtang.rules.scanning import Report

VERSION = 1


def write(reports: Sequence[Report]) -> dict[str, Any]:
    """{"version": 1, "samples": [{"name", "gaps", "outcomes", "findings"}]}; offsets count characters (code points), `end` not included."""
    return {"version": VERSION, "samples": [_sample(report) for report in reports]}


def _sample(report: Report) -> dict[str, Any]:
    return {
        "name": report.sample.name,
        "gaps": [{"part": gap.part, "code": gap.code} for gap in report.sample.gaps],
        "outcomes": {rule_id: outcome.value for rule_id, outcome in sorted(report.outcomes.items())},
        "findings": [finding(one) for one in report.findings],
    }


def finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule_id,
        "severity": one.severity.value,
        "outcome": one.outcome.value,
        "part": one.place.part,
        "block": one.place.block,
        "start": one.place.start,
        "end": one.place.end,
        "quote": one.quote,
        "before": one.before,
        "after": one.after,
        "suggestions": list(one.suggestions),
        "confidence": one.confidence,
        "data": dict(one.data),
        "fingerprint": one.fingerprint,
    }

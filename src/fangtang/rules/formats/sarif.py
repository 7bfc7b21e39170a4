"""SARIF 2.1.0 (OASIS Standard, 27 March 2020), for users of continuous integration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fangtang import __version__
from fangtang.rules.findings import Finding, Outcome, Severity
from fangtang.rules.formats.lines import Lines
from fangtang.rules.rule import Rule
from fangtang.rules.scanning import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.ADVISE: "note"}


def write(reports: Sequence[Report], sources: Sequence[str]) -> dict[str, Any]:
    """One run. What a rule cannot tell is of kind "open" (3.27.9); what could not be read is a notification, and the run was not successful."""
    rules = {rule_id: rule for report in reports for rule_id, rule in report.rules.items()}
    numbers = {rule_id: number for number, rule_id in enumerate(rules)}
    results = [_result(one, report, Lines(source), numbers) for report, source in zip(reports, sources, strict=True) for one in report.findings]
    gaps = [_notification(report.sample.name, gap.part, gap.code) for report in reports for gap in report.sample.gaps]
    driver = {"name": "fangtang", "semanticVersion": __version__, "rules": [_rule(rule) for rule in rules.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not gaps, "toolExecutionNotifications": gaps}],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.advice},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"pack": rule.pack.value, "norm": list(rule.norm)},
    }


def _result(finding: Finding, report: Report, lines: Lines, numbers: dict[str, int]) -> dict[str, Any]:
    is_open = finding.outcome is Outcome.CANNOT_TELL
    place, uri = finding.place, _uri(report.sample.name)
    (line, column), (end_line, end_column) = lines.at(place.start), lines.at(place.end)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": place.start,
        "charLength": place.end - place.start,
        "snippet": {"text": report.quote(finding)},
    }
    result = {
        "ruleId": finding.rule_id,
        "ruleIndex": numbers[finding.rule_id],
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else LEVELS[finding.severity],
        "message": {"text": f"{report.rules[finding.rule_id].title}: {report.quote(finding)}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"fangtang/v1": finding.fingerprint},
        "rank": round(finding.confidence * 100, 1),
    }
    fixes = [_fix(uri, place.start, place.end - place.start, suggestion) for suggestion in finding.suggestions]
    return result | ({"fixes": fixes} if fixes else {})


def _fix(uri: str, offset: int, length: int, suggestion: str) -> dict[str, Any]:
    replacement = {"deletedRegion": {"charOffset": offset, "charLength": length}, "insertedContent": {"text": suggestion}}
    return {"artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": [replacement]}]}


def _notification(name: str, part: str, code: str) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(name)}}}
    return {"level": "error", "message": {"text": f"{code} {part}".strip()}, "locations": [place]}


def _uri(name: str) -> str:
    """3.4.3: relative references with forward slashes."""
    return quote(Path(name).as_posix(), safe="/~")

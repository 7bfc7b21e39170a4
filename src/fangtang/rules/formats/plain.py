"""A line a finding, as compilers write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fangtang.rules.findings import Finding, Outcome
from fangtang.rules.formats.lines import Lines
from fangtang.rules.scanning import Report


def write(reports: Sequence[Report], sources: Sequence[str]) -> Iterator[str]:
    """Lines without their ends: name:line:column: severity: title: quote → suggestion (rule)."""
    for report, source in zip(reports, sources, strict=True):
        lines = Lines(source)
        for gap in report.sample.gaps:
            yield f"{report.sample.name}: cannot tell: {gap.code}{f' ({gap.part})' if gap.part else ''}"
        for finding in report.findings:
            line, column = lines.at(finding.place.start)
            yield f"{report.sample.name or '-'}:{line}:{column}: {_said(finding, report)}"


def _said(finding: Finding, report: Report) -> str:
    severity = finding.severity.value if finding.outcome is Outcome.FAILED else "cannot tell"
    quote = report.quote(finding)
    suggestion = f" → {finding.suggestions[0]}" if finding.suggestions and finding.suggestions[0] != quote else ""
    return f"{severity}: {report.rules[finding.rule_id].title}: {_one_line(quote)}{_one_line(suggestion)} [{finding.rule_id}]"


def _one_line(words: str) -> str:
    return words.replace("\n", "⏎")

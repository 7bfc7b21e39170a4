"""Rules: what embarrasses a public body or harms people in what it publishes, found before it does.

A pure library, usable alone: no Django, no database, no network, no clock.

    from fangtang.rules import plain, scan

    for finding in scan(plain("会议于2月30日召开。")).findings:
        print(finding.rule_id, finding.quote, finding.suggestions)
"""

from fangtang.rules.findings import Finding, Outcome, Place, Severity
from fangtang.rules.readers.plain import read as plain
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Gap, Sample
from fangtang.rules.scanning import Report, scan

__all__ = ["Example", "Finding", "Gap", "Hit", "Outcome", "Pack", "Place", "Report", "Rule", "Sample", "Severity", "plain", "scan"]

"""`fangtang scan`: the rules as a program, without Django and without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.rules import catalogue
from fangtang.rules.findings import Outcome, Severity
from fangtang.rules.formats import json as as_json
from fangtang.rules.formats import plain as as_lines
from fangtang.rules.formats import sarif
from fangtang.rules.lexicons import Term, read_csv
from fangtang.rules.lexicons import rules as lexicon_rules
from fangtang.rules.readers import files
from fangtang.rules.readers import plain as plain_text
from fangtang.rules.rule import Pack, Rule
from fangtang.rules.scanning import Report, scan

ORDER = (Severity.BLOCK, Severity.WARN, Severity.ADVISE)


def main(argv: Sequence[str] | None = None) -> int:
    """Look at files, folders, or standard input ("-"). 0: nothing to stop for; 1: findings at least as severe as --fail-on, or something that could not be
    read; 2: arguments that are not understood."""
    arguments = _parser().parse_args(argv)
    if arguments.list:
        for rule in catalogue.every():
            print(f"{rule.id:40}{rule.severity:8}{rule.title}")  # noqa: T201
        return 0
    if not arguments.source:
        _parser().error("name at least one file or folder, or - for standard input")
    every = [*catalogue.every(), *_of_lexicons(arguments.lexicon or ())]
    rules = [rule for rule in every if _is_wanted(rule, arguments.pack, arguments.rule)]
    if not rules:
        _parser().error("no rule of that name: fangtang scan --list")
    reports, sources = [], []
    for name in arguments.source:
        for sample, source in [(plain_text.read(text := sys.stdin.read()), text)] if name == "-" else map(files.read, files.find(Path(name))):
            reports.append(scan(sample, rules=rules))
            sources.append(source)
    _write(arguments.format, reports, sources)
    return int(any(_stops(report, Severity(arguments.fail_on)) for report in reports))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fangtang scan", description="Find what should not go out: in text, HTML, whole folders.")
    parser.add_argument("source", nargs="*", metavar="FILE|FOLDER|-")
    parser.add_argument("--format", choices=["text", "json", "sarif"], default="text")
    parser.add_argument("--pack", action="append", choices=[pack.value for pack in Pack], help="only rules of this pack; may be given several times")
    parser.add_argument("--rule", action="append", help="only this rule; may be given several times")
    parser.add_argument("--lexicon", action="append", metavar="FILE", help="a table of terms in CSV (docs/how-to/scan.md); may be given several times")
    parser.add_argument("--fail-on", choices=[severity.value for severity in ORDER], default="warn", help="leave with 1 from this severity on (default warn)")
    parser.add_argument("--list", action="store_true", help="list the rules")
    return parser


def _of_lexicons(names: Sequence[str]) -> list[Rule]:
    """Of all tables together; the later says what counts where two know one form. Lines that are left out are named on the standard error."""
    terms: list[Term] = []
    for name in names:
        try:
            found, faults = read_csv(Path(name).read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, Invalid) as error:
            _parser().error(f"{name} cannot be read as a table of terms ({error.code if isinstance(error, Invalid) else type(error).__name__})")
        terms += found
        sys.stderr.writelines(f"{name}:{fault.line}: left out: {fault.code} {fault.value}\n" for fault in faults)
    return lexicon_rules(terms, today=date.today())  # noqa: DTZ011  the day where the program runs


def _is_wanted(rule: Rule, packs: Sequence[str] | None, ids: Sequence[str] | None) -> bool:
    return not (packs or ids) or rule.pack in (packs or ()) or rule.id in (ids or ())


def _stops(report: Report, least: Severity) -> bool:
    severe = ORDER[: ORDER.index(least) + 1]
    return bool(report.sample.gaps) or any(finding.outcome is Outcome.FAILED and finding.severity in severe for finding in report.findings)


def _write(form: str, reports: Sequence[Report], sources: Sequence[str]) -> None:
    if form == "text":
        sys.stdout.writelines(f"{line}\n" for line in as_lines.write(reports, sources))
        return
    json.dump(as_json.write(reports) if form == "json" else sarif.write(reports, sources), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")

"""Lexicons as tables: CSV with a head, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fangtang.kernel.errors import Invalid
from fangtang.kernel.text import is_blank
from fangtang.rules.findings import Severity
from fangtang.rules.lexicons.terms import FORM_MOST, Term, TermKind

COLUMNS = {
    "form": ("form", "词条", "詞條"),
    "wanted": ("wanted", "规范写法", "規範寫法"),
    "kind": ("kind", "类别", "類別"),
    "severity": ("severity", "级别", "級別"),
    "note": ("note", "说明", "說明"),
    "expires_on": ("expires_on", "有效期至", "有效期至"),
}
"""Each column with its names; only the first must be there."""
KINDS = {
    "错误写法": TermKind.WRONG,
    "机构": TermKind.NAME,
    "人名": TermKind.PERSON,
    "文件": TermKind.DOCUMENT,
    "地名": TermKind.PLACE,
    "政策用语": TermKind.POLICY,
    "尊重用语": TermKind.RESPECT,
    "广告用语": TermKind.ADVERTISING,
} | {kind.value: kind for kind in TermKind}
SEVERITIES = {"阻断": Severity.BLOCK, "警告": Severity.WARN, "提示": Severity.ADVISE} | {severity.value: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Fault:
    """A line (from 1, the head is the first) that was left out, and why: lexicons.empty, .long, .kind, .severity, .date, .twice."""

    line: int
    code: str
    value: str


def read_csv(source: str) -> tuple[list[Term], list[Fault]]:
    """Terms in the order of their lines, and what was left out; the rest of a table is never lost over one line. Raises Invalid "lexicons.no_form" when no
    column is called so, "lexicons.unreadable" when the text is no table."""
    terms: dict[str, Term] = {}
    faults: list[Fault] = []
    try:
        reader = csv.DictReader(io.StringIO(source.removeprefix("\ufeff"), newline=""))
        names = _names(reader.fieldnames or ())
        for row in reader:
            term = _term({name: (row.get(column) or "").strip() for name, column in names.items()}, reader.line_num, faults)
            if term is not None and term.form in terms:
                faults.append(Fault(reader.line_num, "lexicons.twice", term.form))
            elif term is not None:
                terms[term.form] = term
    except csv.Error as error:
        raise Invalid("lexicons.unreadable", reason=str(error)) from error
    return list(terms.values()), faults


def _names(columns: object) -> dict[str, str]:
    given = {str(column).strip().lower(): str(column) for column in columns} if isinstance(columns, list | tuple) else {}
    found = {name: given[one] for name, known in COLUMNS.items() for one in known if one in given}
    if "form" not in found:
        raise Invalid("lexicons.no_form", seen=sorted(given))
    return found


def _term(row: Mapping[str, str], line: int, faults: list[Fault]) -> Term | None:
    form = row["form"]
    if is_blank(form):
        if any(row.values()):
            faults.append(Fault(line, "lexicons.empty", form))
        return None
    if len(form) > FORM_MOST:
        faults.append(Fault(line, "lexicons.long", form))
        return None
    values: dict[str, Any] = {"form": form, "wanted": row.get("wanted", ""), "note": row.get("note", "")}
    readers: dict[str, Callable[[str], Any]] = {"kind": KINDS.__getitem__, "severity": SEVERITIES.__getitem__, "expires_on": date.fromisoformat}
    for name, reader in readers.items():
        if row.get(name):
            try:
                values[name] = reader(row[name])
            except (KeyError, ValueError):
                faults.append(Fault(line, f"lexicons.{'date' if name == 'expires_on' else name}", row[name]))
                return None
    return Term(**values)

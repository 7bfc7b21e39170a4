"""Lexicons: a unit's own list of terms, and the rule that reads with it."""

from fangtang.rules.lexicons.reading import Fault, read_csv
from fangtang.rules.lexicons.rules import rules
from fangtang.rules.lexicons.terms import Term, TermKind

__all__ = ["Fault", "Term", "TermKind", "read_csv", "rules"]

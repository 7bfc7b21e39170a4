"""What became of every row: counts for the screen, one JSON line for each row that did not go in, or not whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

from fangtang.articles.importing import sentences
from fangtang.articles.importing.outcomes import Outcome, Result


class Report:
    """Collects outcomes; writes those that a person must look at to `target` as they come (None: counts only)."""

    def __init__(self, target: TextIO | None = None) -> None:
        self._target = target
        self.results: Counter[Result] = Counter()
        self.reasons: Counter[str] = Counter()

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take in the outcomes of one batch, in the order of the rows."""
        for outcome in outcomes:
            self.results[outcome.result] += 1
            if outcome.code:
                self.reasons[outcome.code] += 1
                self._tell(outcome)

    @property
    def rows(self) -> int:
        """How many rows were read, whatever became of them."""
        return self.results.total()

    def _tell(self, outcome: Outcome) -> None:
        if self._target is None:
            return
        told = {
            "line": outcome.line,
            "source_id": outcome.source_id,
            "result": outcome.result,
            "code": outcome.code,
            "reason": sentences.sentence(outcome.code, outcome.data),
            "data": outcome.data,
        }
        self._target.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._target.flush()

"""Which marks are numbering and which only mention a number: the order they run in decides.

A mark is believed when its number follows the last of its level (or opens a new run with 1), when what stands before it
allows a paragraph to end there, and when its run has at least two members. One mark alone proves nothing. Articles (第五条)
may begin a run at any number, since laws are quoted in part, but then it takes three of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from fangtang.articles.importing.paragraphs.marks import Boundary, Level, Mark, boundary_before

HEADING_LENGTH = 45
LISTED_LENGTH = 90
_RUNS_KEPT = 4
# A heading that falls may take the one below with it, level by level; a text that is not settled by then is no prose.
_WALKS = 4 * len(Level)
# An amended law may lack an article, and an article may open with words that look like a reference.
_ARTICLES_SKIPPED = 2
_STOP = re.compile(r"[。！？；：]")
_ARTICLE_OPENS = re.compile(r"[\s　]*(?:为|根据|依据|按照|本|凡|在|一切)")
_TITLE_ENDS = re.compile(r"(?:办法|规定|条例|制度|规程|章程|方案|法|则|目的|[）)》])$")
_HEADING_LEVELS = frozenset({Level.PART, Level.CHAPTER, Level.SECTION, Level.CHINESE, Level.CHINESE_BRACKETED, Level.ARABIC})
_DIVISIONS = frozenset({Level.PART, Level.CHAPTER, Level.SECTION})


@dataclass(slots=True)
class _Run:
    """A numbering that is still open: the last mark believed and a number that names the run."""

    last: Mark
    name: int


@dataclass(slots=True)
class _Reading:
    """One walk over the text; `accepted` pairs each believed mark with its run."""

    text: str
    cuts: Collection[int]
    accepted: list[tuple[Mark, int]] = field(default_factory=list)
    runs: dict[Level, list[_Run]] = field(default_factory=dict)
    names: int = 0

    def offer(self, mark: Mark) -> None:
        boundary = Boundary.SENTENCE if mark.start in self.cuts else boundary_before(self.text, mark.start)
        if boundary is Boundary.FORBIDDEN:
            return
        run = self._run_continued_by(mark, boundary=boundary)
        if run is not None and self._may_continue(run, mark=mark, boundary=boundary):
            run.last = mark
            self.accepted.append((mark, run.name))
        elif self._may_open(mark, boundary=boundary):
            self._open(mark)

    def _run_continued_by(self, mark: Mark, *, boundary: Boundary) -> _Run | None:
        runs = self.runs.get(mark.level, [])
        is_sure = mark.level is Level.ARTICLE and boundary is Boundary.SENTENCE
        step = _ARTICLES_SKIPPED + 1 if is_sure else 1
        return next((run for run in reversed(runs) if 0 < mark.number - run.last.number <= step), None)

    def _may_continue(self, run: _Run, *, mark: Mark, boundary: Boundary) -> bool:
        if mark.end - run.last.end < 2:
            return False
        if boundary is not Boundary.NONE:
            return True
        return self._is_next_in_list(run, mark=mark) or self._stands_below_heading(mark)

    def _is_next_in_list(self, run: _Run, *, mark: Mark) -> bool:
        """1.甲公司2.乙公司: the mark before is the last of the same run and no sentence ends between them."""
        if not self.accepted or self.accepted[-1][0] is not run.last:
            return False
        between = self.text[run.last.end : mark.start].strip()
        limit = HEADING_LENGTH if mark.level in _DIVISIONS else LISTED_LENGTH
        return 2 <= len(between) <= limit and not _STOP.search(between) and mark.level is not Level.ARTICLE

    def _stands_below_heading(self, mark: Mark) -> bool:
        """一、扩大供给（一）加强培养: what lies between this mark and a higher one is a heading, not a sentence."""
        if not self.accepted:
            return False
        above = self.accepted[-1][0]
        if above.level >= mark.level or above.level not in _HEADING_LEVELS:
            return False
        between = self.text[above.end : mark.start].strip()
        return 2 <= len(between) <= HEADING_LENGTH and not _STOP.search(between)

    def _may_open(self, mark: Mark, *, boundary: Boundary) -> bool:
        if mark.number != 1:
            return mark.level is Level.ARTICLE and boundary is Boundary.SENTENCE
        if boundary is Boundary.SENTENCE or self._stands_below_heading(mark):
            return True
        before = self.text[max(0, mark.start - 30) : mark.start].rstrip()
        if mark.level in _DIVISIONS:
            return bool(_TITLE_ENDS.search(before)) or before.endswith("目录")
        opens_article = mark.level is Level.ARTICLE and bool(_ARTICLE_OPENS.match(self.text, mark.end))
        return opens_article and bool(_TITLE_ENDS.search(before))

    def _open(self, mark: Mark) -> None:
        self.names += 1
        runs = self.runs.setdefault(mark.level, [])
        runs.append(_Run(last=mark, name=self.names))
        del runs[:-_RUNS_KEPT]
        self.accepted.append((mark, self.names))

    def unproven(self) -> list[Mark]:
        """The members of runs that are too short to prove anything."""
        members = Counter(run for _, run in self.accepted)
        firsts = {run: mark.number for mark, run in reversed(self.accepted)}
        return [mark for mark, run in self.accepted if members[run] < (2 if firsts[run] == 1 else 3)]


def numbering(text: str, *, marks: list[Mark], cuts: Collection[int]) -> list[Mark]:
    """The marks that open paragraphs, in order. `cuts` are offsets where a break is already known to stand.

    Walks again without the runs that stayed too short until every run is proven: a lone mark must not serve another one as its heading.
    """
    offered = list(marks)
    for _ in range(_WALKS):
        reading = _Reading(text, cuts)
        for mark in offered:
            reading.offer(mark)
        alone = {mark for mark in reading.unproven() if mark.start not in cuts}
        if not alone:
            return [mark for mark, _ in reading.accepted]
        offered = [mark for mark in offered if mark not in alone]
    return []

"""What a rule says: values that travel, in plain JSON-safe parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """What follows from a finding: `block` stops a release until a named person accepts it, `warn` wants an answer, `advise` can be passed over."""

    BLOCK = "block"
    WARN = "warn"
    ADVISE = "advise"


class Outcome(StrEnum):
    """Of a rule on a sample, in the words of W3C's Evaluation and Report Language (EARL 1.0 Schema, 2.8). "Cannot tell" is never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the source: characters (code points) from `start` up to, not including, `end`, counted in the source as it was given, markup and all.

    `part` names the part of a file ("word/document.xml", "sheet Budget"), "" where there is one only; offsets count in the text that was read from it.
    `block` is the number of the block, from 0.
    """

    start: int
    end: int
    part: str = ""
    block: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule at one place, or one place at which a rule cannot tell.

    `quote` is the text at the place as a reader sees it, `before` and `after` what stands around it in the same block. `suggestions` replace the
    quote, the best first; () when only a person can say. `confidence` from 0 to 1 is the share of such findings that were right on our sets.
    `data` fills the placeholders of the rule's sentence. The `fingerprint` stays the same while other places of the text are edited.
    """

    rule_id: str
    severity: Severity
    place: Place
    quote: str
    before: str = ""
    after: str = ""
    suggestions: tuple[str, ...] = ()
    confidence: float = 1.0
    outcome: Outcome = Outcome.FAILED
    data: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""

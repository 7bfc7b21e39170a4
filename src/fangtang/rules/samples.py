"""What is looked at: a text, a page, a file, with what could be read of it and what could not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fangtang.rules.elements import Element
from fangtang.rules.texts import Text


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read, so that nobody takes it for clean: `part` of the file, and why, as a stable code ("samples.encrypted")."""

    part: str
    code: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`name` is what the sample is called where findings are listed: a path, an address, "". `elements` are those of a page, in the order of their start
    tags; () where the source has none. `gaps` make every rule that looks at texts "cannot tell" where it finds nothing."""

    name: str
    text: Text
    elements: Sequence[Element] = ()
    gaps: Sequence[Gap] = ()

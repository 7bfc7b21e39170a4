"""Elements of a page, with the places of their tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class Element:
    """`start` and `end` are those of the start tag in the source; `text_start` and `text_end` those of what it says in the content of the text, which are equal
    when it says nothing. `parent` is its number among the elements, -1 at the top. `is_hidden`: it or one above it is not shown."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    parent: int = -1
    text_start: int = 0
    text_end: int = 0
    is_hidden: bool = False

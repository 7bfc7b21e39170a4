"""What the enclosed files say: read from `contents.txt`, where `== name` begins a file, then come its title and its rows of cells (`a|b`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

GENERAL = "banshi-zhinan"


@dataclass(frozen=True, slots=True)
class Content:
    """A title and rows of cells; in a running text a row is a line, its cells joined."""

    title: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple("　".join(row) for row in self.rows)


def content_of(name: str) -> Content:
    """What the file `name` says; a general guide for a name that has no text of its own."""
    known = _contents()
    return known.get(name.rpartition(".")[0], known[GENERAL])


@cache
def _contents() -> dict[str, Content]:
    text = (resources.files(__package__) / "contents.txt").read_text("utf-8")
    return dict(_parsed(part) for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:])


def _parsed(part: str) -> tuple[str, Content]:
    name, title, *rows = part.strip().splitlines()
    return name, Content(title, tuple(tuple(row.split("|")) for row in rows))

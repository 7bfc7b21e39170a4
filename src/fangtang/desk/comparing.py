"""Two states of a text beside each other, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from fangtang.articles.models import Article


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: "same", "gone" or "new"."""

    kind: str
    words: str


def lines_of(article: Article) -> list[str]:
    """The words of a text, a line for each paragraph; fields first, with their names."""
    named = [(_("Title"), article.title), (_("Short title"), article.short_title), (_("Summary"), article.summary), (_("Source"), article.source)]
    lines = [f"{name}: {value}" for name, value in named if value]
    for block in article.body:
        shown = strip_tags(block.render().replace("</p>", "</p>\n").replace("</li>", "</li>\n"))
        lines += [line.strip() for line in shown.splitlines() if line.strip()]
    return lines


def pieces(old: Sequence[str], new: Sequence[str]) -> list[list[Piece]]:
    """A paragraph for each line of the comparison; changed lines are compared letter by letter, so that Chinese reads well."""
    found: list[list[Piece]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [[Piece("same", line)] for line in old[i1:i2]]
        elif tag == "replace" and i2 - i1 == j2 - j1:
            found += [_letters(a, b) for a, b in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            found += [[Piece("gone", line)] for line in old[i1:i2]] + [[Piece("new", line)] for line in new[j1:j2]]
    return found


def _letters(old: str, new: str) -> list[Piece]:
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", old[i1:i2]))
            continue
        found += [Piece(kind, words) for kind, words in (("gone", old[i1:i2]), ("new", new[j1:j2])) if words]
    return found

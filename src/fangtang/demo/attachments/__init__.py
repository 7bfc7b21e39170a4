"""Files that the articles enclose, made by code: PDF, sheets, documents, a film and its captions.

The same name gives the same bytes, whatever the clock says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fangtang.demo.attachments import film, office, portable
from fangtang.demo.attachments.contents import content_of

__all__ = ["made"]


@cache
def made(name: str) -> bytes:
    """The file called `name`; ValueError for an ending that nothing here makes."""
    ending = name.rpartition(".")[2]
    if ending not in MAKERS:
        raise ValueError(f"no file of this kind is made here: {name!r}")
    return MAKERS[ending](name)


MAKERS: dict[str, Callable[[str], bytes]] = {
    "pdf": lambda name: portable.document(content_of(name)),
    "xlsx": lambda name: office.sheet(content_of(name)),
    "docx": lambda name: office.document(content_of(name)),
    "vtt": lambda _: film.captions(),
    "webm": lambda _: film.clip(),
}

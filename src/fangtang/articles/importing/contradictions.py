"""What each value of a mapping allows alone but the whole does not: said before the first row is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from fangtang.articles.importing import dates
from fangtang.articles.importing.parts import KINDS, Choice, ImportMapping, Problem, Skip


def contradictions(mapping: ImportMapping) -> Iterator[Problem]:
    """What each value allows alone but the whole does not."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}", mapping.origin):
        yield Problem("origin", "unknown_value", ("a-z, 0-9 and -",))
    if not mapping.id.columns:
        yield Problem("id.columns", "missing_key")
    for key, choice in (("unit", mapping.unit), ("kind", mapping.kind)):
        if not choice.default and not choice.columns:
            yield Problem(f"{key}.columns", "missing_key", ("columns", "default"))
    yield from _date_problems(mapping)
    yield from _kind_problems(mapping.kind)
    yield from _empty_texts(mapping)
    for key, sections in (("section.default", mapping.section.default), *((f"section.table.{name}", value) for name, value in mapping.section.table.items())):
        if any("/" not in section.strip("/") for section in sections):
            yield Problem(key, "unknown_value", ("site key/section address",))
    for number, skip in enumerate(mapping.skip):
        yield from _skip_problems(skip, key=f"skip[{number}]")


def _date_problems(mapping: ImportMapping) -> Iterator[Problem]:
    if not mapping.date:
        return
    if mapping.date.timezone not in available_timezones():
        yield Problem("date.timezone", "unknown_value", ("a name such as Asia/Shanghai",))
    if not mapping.date.formats:
        yield Problem("date.formats", "empty_text")
    for number, form in enumerate(mapping.date.formats):
        if not dates.is_format(form):
            yield Problem(f"date.formats[{number}]", "unknown_value", ("%Y-%m-%d %H:%M:%S", dates.CHINESE))


def _kind_problems(kind: Choice) -> Iterator[Problem]:
    if kind.default and kind.default not in KINDS:
        yield Problem("kind.default", "unknown_value", KINDS)
    for name, value in kind.table.items():
        if value not in KINDS:
            yield Problem(f"kind.table.{name}", "unknown_value", KINDS)


def _empty_texts(mapping: ImportMapping) -> Iterator[Problem]:
    """Names of columns that no file can have, and signs that would stand between any two characters."""
    for key, names in {"id": mapping.id.columns, "unit": mapping.unit.columns, "section": mapping.section.columns, "kind": mapping.kind.columns}.items():
        if not all(name.strip() for name in names):
            yield Problem(f"{key}.columns", "empty_text")
    signs = {"body.breaks": mapping.body.breaks, "body.endings": mapping.body.endings}
    signs |= {f"{key}.separators": getattr(mapping, key).separators for key in ("keywords", "attachments")}
    for key, texts in signs.items():
        if not all(texts):
            yield Problem(key, "empty_text")


def _skip_problems(skip: Skip, *, key: str) -> Iterator[Problem]:
    if bool(skip.equals) == bool(skip.matches):
        yield Problem(key, "missing_key", ("either equals or matches",))
    try:
        re.compile(skip.matches)
    except re.error:
        yield Problem(f"{key}.matches", "unknown_value", ("a regular expression",))

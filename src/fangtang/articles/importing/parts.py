"""The parts of a mapping: what each of its tables may say. The keys in the TOML are the names of the fields here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fangtang.kernel.errors import NOTHING

KINDS = ("news", "notice", "policy", "interpretation", "qa", "topic", "profile", "gallery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """[id]: which columns tell rows apart. One column is taken as it is; several, or with `hash`, as a digest."""

    columns: tuple[str, ...]
    hash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """[title]"""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """[body]: `breaks` are strings that stand for a line break there, `endings` boilerplate cut off at the end."""

    column: str
    format: Literal["plain", "html"] = "plain"
    breaks: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """[date]: tried in the order of `formats` (strptime, or "chinese" for 二〇二五年三月四日); a time without zone is in `timezone`.

    A missing date is kept empty or rejected; `empty` are values that stand for none ("0001-01-01").
    """

    column: str
    formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")
    timezone: str = "Asia/Shanghai"
    missing: Literal["keep", "reject"] = "keep"
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """[unit] and [kind]: the value of the columns, joined by "/", looked up in `table`; else `default`; else the row is rejected."""

    columns: tuple[str, ...] = ()
    table: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """[section]: like a choice, but each value is a list of "site key/section address". No section at all: the article is not placed."""

    columns: tuple[str, ...] = ()
    table: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    default: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """[source], [author], [document_number], [issuing_body], [summary], [url]: a column, and a constant where it is empty."""

    column: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """[keywords], [attachments]: one column with several values in it, divided by any of the `separators` or a line break."""

    column: str = ""
    separators: tuple[str, ...] = (";", "；", "、", ",", "，")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """[[skip]]: rows that are left out on purpose, where the column `equals` one of these or `matches` this expression (searched)."""

    column: str
    equals: tuple[str, ...] = ()
    matches: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """A whole mapping."""

    origin: str
    id: Identity
    title: Title
    body: Body
    unit: Choice
    date: Date | None = None
    section: Sections = Sections()
    kind: Choice = Choice(default="news")
    language: Literal["zh-hans", "zh-hant", "en"] = "zh-hans"
    summary: Plain = Plain()
    source: Plain = Plain()
    author: Plain = Plain()
    document_number: Plain = Plain()
    issuing_body: Plain = Plain()
    url: Plain = Plain()
    keywords: Parts = Parts()
    attachments: Parts = Parts(separators=(";", "；"))
    skip: tuple[Skip, ...] = ()

    def named_columns(self) -> frozenset[str]:
        """Every column the mapping names."""
        return frozenset(_columns(self))


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a mapping: the key as a path ("body.format"), a code, and what is allowed there."""

    key: str
    code: str
    allowed: tuple[str, ...] = ()


def _columns(part: Any) -> Iterator[str]:
    if isinstance(part, tuple):
        for member in part:
            yield from _columns(member)
    elif dataclasses.is_dataclass(part):
        yield from (name for name in (getattr(part, "column", ""), *getattr(part, "columns", ())) if name)
        for wanted in dataclasses.fields(part):
            yield from _columns(getattr(part, wanted.name))


def zone(mapping: ImportMapping) -> ZoneInfo:
    """The timezone of dates without one."""
    return ZoneInfo(mapping.date.timezone if mapping.date else "Asia/Shanghai")

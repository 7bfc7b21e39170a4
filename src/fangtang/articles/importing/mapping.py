"""What the columns of an import file mean: a mapping in TOML, read and judged before the first row.

    origin = "old-portal"                 # names the source; with the id it makes a row unique for good

    [id]
    columns = ["url"]                     # several columns, or hash = true: the id is a digest of them

    [title]
    column = "title"

The keys are those of the dataclasses below. Every mistake is named with its key and what is allowed there, all at once.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from fangtang.kernel.errors import NOTHING, Invalid


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
    """[date]: tried in the order of `formats` (strptime); a time without zone is in `timezone`. A missing date is kept empty or rejected."""

    column: str
    formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")
    timezone: str = "Asia/Shanghai"
    missing: Literal["keep", "reject"] = "keep"


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


def read(path: Path) -> ImportMapping:
    """The mapping in this file. Raises Invalid `importing.mapping_unreadable` (no TOML, no UTF-8) or `importing.mapping_wrong`, whose
    `problems` lists every mistake as {key, code, allowed}."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid("importing.mapping_unreadable", file=path.name, reason=str(error)) from error
    return from_table(found, name=path.name)


def from_table(table: Mapping[str, Any], *, name: str = "mapping") -> ImportMapping:
    """The mapping of a parsed TOML table; errors as in `read`."""
    problems: list[Problem] = []
    mapping = _built(ImportMapping, value=table, key="", problems=problems)
    if not problems:
        problems.extend(_contradictions(mapping))
    if problems:
        raise Invalid("importing.mapping_wrong", file=name, problems=[dataclasses.asdict(problem) for problem in problems])
    return typing.cast(ImportMapping, mapping)


def _built(shape: Any, *, value: Any, key: str, problems: list[Problem]) -> Any:
    """`value` in the shape of a type annotation; mistakes are noted and give None."""
    origin = typing.get_origin(shape)
    if dataclasses.is_dataclass(shape):
        return _built_dataclass(shape, value=value, key=key, problems=problems)
    if origin is types.UnionType:
        return _built(typing.get_args(shape)[0], value=value, key=key, problems=problems)
    if origin is Literal:
        return _noted(value, fits=value in typing.get_args(shape), problem=Problem(key, "unknown_value", typing.get_args(shape)), problems=problems)
    if origin is tuple:
        return _built_tuple(typing.get_args(shape)[0], value=value, key=key, problems=problems)
    if origin is not None:
        return _built_table(typing.get_args(shape)[1], value=value, key=key, problems=problems)
    name = {str: "text", bool: "true or false"}[shape]
    return _noted(value, fits=isinstance(value, shape), problem=Problem(key, "wrong_type", (name,)), problems=problems)


def _noted(value: Any, *, fits: bool, problem: Problem, problems: list[Problem]) -> Any:
    if fits:
        return value
    problems.append(problem)
    return None


def _built_dataclass(shape: Any, *, value: Any, key: str, problems: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        return _noted(value, fits=False, problem=Problem(key, "wrong_type", ("a table",)), problems=problems)
    hints = typing.get_type_hints(shape)
    prefix = f"{key}." if key else ""
    problems.extend(Problem(prefix + name, "unknown_key", tuple(hints)) for name in value if name not in hints)
    required = {wanted.name for wanted in dataclasses.fields(shape) if wanted.default is dataclasses.MISSING and wanted.default_factory is dataclasses.MISSING}
    problems.extend(Problem(prefix + name, "missing_key") for name in sorted(required - set(value)))
    parts = {name: _built(hints[name], value=part, key=prefix + name, problems=problems) for name, part in value.items() if name in hints}
    return None if required - set(parts) else shape(**parts)


def _built_tuple(shape: Any, *, value: Any, key: str, problems: list[Problem]) -> tuple[Any, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        problems.append(Problem(key, "wrong_type", ("a list",)))
        return ()
    return tuple(_built(shape, value=part, key=f"{key}[{number}]", problems=problems) for number, part in enumerate(values))


def _built_table(shape: Any, *, value: Any, key: str, problems: list[Problem]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        problems.append(Problem(key, "wrong_type", ("a table",)))
        return NOTHING
    return {name: _built(shape, value=part, key=f"{key}.{name}", problems=problems) for name, part in value.items()}


def _contradictions(mapping: ImportMapping) -> Iterator[Problem]:
    """What each value allows alone but the whole does not."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}", mapping.origin):
        yield Problem("origin", "unknown_value", ("a-z, 0-9 and -",))
    if not mapping.id.columns:
        yield Problem("id.columns", "missing_key")
    if mapping.date and mapping.date.timezone not in available_timezones():
        yield Problem("date.timezone", "unknown_value", ("a name such as Asia/Shanghai",))
    if not mapping.unit.default and not mapping.unit.columns:
        yield Problem("unit.columns", "missing_key", ("columns", "default"))
    for key, sections in (("section.default", mapping.section.default), *((f"section.table.{name}", value) for name, value in mapping.section.table.items())):
        if any("/" not in section.strip("/") for section in sections):
            yield Problem(key, "unknown_value", ("site key/section address",))
    for number, skip in enumerate(mapping.skip):
        yield from _skip_problems(skip, key=f"skip[{number}]")


def _skip_problems(skip: Skip, *, key: str) -> Iterator[Problem]:
    if bool(skip.equals) == bool(skip.matches):
        yield Problem(key, "missing_key", ("either equals or matches",))
    try:
        re.compile(skip.matches)
    except re.error:
        yield Problem(f"{key}.matches", "unknown_value", ("a regular expression",))


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

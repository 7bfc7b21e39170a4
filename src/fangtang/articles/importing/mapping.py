"""What the columns of an import file mean: a mapping in TOML, read and judged before the first row.

    origin = "old-portal"                 # names the source; with the id it makes a row unique for good

    [id]
    columns = ["url"]                     # several columns, or hash = true: the id is a digest of them

    [title]
    column = "title"

The keys are those of the dataclasses in `parts`. Every mistake is named with its key and what is allowed there, all at once.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from fangtang.articles.importing.contradictions import contradictions
from fangtang.articles.importing.parts import KINDS, Body, Choice, Date, Identity, ImportMapping, Parts, Plain, Problem, Sections, Skip, Title, zone
from fangtang.kernel.errors import NOTHING, Invalid

__all__ = [
    "KINDS",
    "Body",
    "Choice",
    "Date",
    "Identity",
    "ImportMapping",
    "Parts",
    "Plain",
    "Problem",
    "Sections",
    "Skip",
    "Title",
    "from_table",
    "read",
    "zone",
]


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
        problems.extend(contradictions(mapping))
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
    if not str(value.get("column", "x")).strip():
        problems.append(Problem(f"{prefix}column", "empty_text"))
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

"""How rows are asked for: in statements that every engine takes, one index range per key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
AT_ONCE = 400
"""Values in one statement, below the limits of every engine."""


def chunks(things: Sequence[T], most: int) -> Iterator[list[T]]:
    """`things` in lists of at most `most`."""
    rest = iter(things)
    while some := list(islice(rest, most)):
        yield some


def newest(table: str, columns: Sequence[str], *, key: str, order: str, most: Mapping[int, int], only: str = "") -> Iterator[tuple[Any, ...]]:
    """The first rows of each key in `order`. One index range per key, in few statements; the ORM has no such query for all engines."""
    condition = f" AND {only}" if only else ""
    part = f"SELECT * FROM (SELECT {', '.join(columns)} FROM {table} WHERE {key} = %s{condition} ORDER BY {order} LIMIT %s) AS part"  # noqa: S608  our own names
    for some in chunks(sorted(most.items()), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([part] * len(some)), [value for pair in some for value in pair])
            yield from cursor.fetchall()


def among(table: str, columns: Sequence[str], *, key: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of `table` whose `key` is one of `values`, as the driver gives them: a full build asks for each row once, and the ORM's converters cost
    more than the query. Moments go through `moment`, JSON comes as text."""
    for some in chunks(sorted(set(values)), AT_ONCE):
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} IN ({marks})", some)  # noqa: S608  our own names
            yield from cursor.fetchall()


def within(table: str, columns: Sequence[str], *, key: str, order: str, ranges: Sequence[tuple[Any, Any, Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows in one of the ranges (key, first, last) of `order`, as the driver gives them."""
    part = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = %s AND {order} BETWEEN %s AND %s"  # noqa: S608  our own names
    for some in chunks(ranges, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([part] * len(some)), [value for one in some for value in one])
            yield from cursor.fetchall()


def moment(value: datetime | str) -> datetime:
    """A moment as the driver gives it to plain SQL: SQLite gives text or (where it knows the column's type) a naive moment, both in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def grouped(things: Iterable[T], key: Any) -> dict[int, list[T]]:
    """Things by what `key` says of each."""
    groups: dict[int, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups

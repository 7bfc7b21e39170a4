"""A writer for the crash tests, in a process of its own: `python generations.py STORE FIRST LAST [FILE_BYTES]`.

Generation n of two sites is twelve files in several directories, each saying n; whoever sees two numbers in one snapshot has seen a mixture."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from fangtang.snapshots.store import TreesStore

SITES = ("health", "portal")
PATHS = tuple(f"{folder}{name}.html" for folder in ("", "news/", "news/2026/", "files/") for name in "abc")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def files(number: int, *, padding: int = 0) -> dict[str, bytes | None]:
    return {path: f"{number} {path}".encode() + b" " * padding for path in PATHS}


def main(folder: str, first: str, last: str, padding: str = "0") -> None:
    store = TreesStore(Path(folder))
    for number in range(int(first), int(last) + 1):
        store.commit_all({site_key: files(number, padding=int(padding)) for site_key in SITES}, at=AT)


if __name__ == "__main__":
    main(*sys.argv[1:])

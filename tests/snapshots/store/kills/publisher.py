"""A publisher in a process of its own, to be killed: `python -m tests.snapshots.store.kills.publisher STORE KEY NUMBER [VARIANT]`.

Publishes one generation of both sites. "endless" says "ready" and goes on from there until it is killed. The other variants are what a publisher must
not be; readers must find them out. They rest where a busy machine might let them rest."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import Layout, TreesStore, sites
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.layout import fanned
from tests.snapshots.store.kills.content import AT, SITES, changes_of_all, files

REFUSED = {"snapshots.store_full": 3, "snapshots.store_unwritable": 4, "snapshots.store_busy": 5}
"""Exit statuses."""
UNREADABLE = 6
"""What stands could not be read, before there was anything to publish."""
REST = 0.003


def main(folder: str, key: str, number: str, variant: str = "renames") -> int:
    numbers: Iterable[int] = count(int(number)) if variant == "endless" else [int(number)]
    if variant == "endless":
        print("ready", flush=True)
    if variant == "unlink_and_symlink":
        sites.point = _unlink_and_symlink
    try:
        store = TreesStore(Path(folder), signers=[PrivateKey.load(Path(key))])
        for each in numbers:
            if variant in WRITERS:
                _write_where_it_stands(store, each, WRITERS[variant])
            else:
                store.commit_all(_read_first(store, each), at=AT)
    except Unavailable as refused:
        return REFUSED[refused.code]
    return 0


def _read_first(store: TreesStore, number: int) -> dict[str, dict[str, bytes | None]]:
    try:
        return changes_of_all(store, number)
    except OSError:
        sys.exit(UNREADABLE)


def _write_where_it_stands(store: TreesStore, number: int, write: Callable[[Path, bytes], None]) -> None:
    for site_key in SITES:
        top = Path(store.layout.site(site_key), "current")
        before = list((top / "assets").iterdir())
        for path, content in files(site_key, number).items():
            write(top / path, content)
        for asset in before:
            asset.unlink()


def _in_place(place: Path, content: bytes) -> None:
    with place.open("wb", buffering=0) as file:
        file.write(content[: len(content) // 2])
        time.sleep(REST)
        file.write(content[len(content) // 2 :])


def _exchanged(place: Path, content: bytes) -> None:
    fresh = place.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(place)
    time.sleep(REST)


def _unlink_and_symlink(layout: Layout, site_key: str, root: str) -> None:
    current = Path(layout.site(site_key), "current")
    current.unlink()
    time.sleep(REST)
    current.symlink_to(f"../../trees/{fanned(root)}")


WRITERS = {"in_place": _in_place, "file_by_file": _exchanged}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

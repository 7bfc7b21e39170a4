"""A publisher in a process of its own, to be killed: `python -m tests.snapshots.store.kills.publisher STORE KEY NUMBER [VARIANT]`.

Publishes one generation of both sites. "endless" says "ready" and goes on from there until it is killed. The other variants are what a publisher must
not be; readers must find them out. They rest where a busy machine might let them rest."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.store import Layout, TreesStore, sites
from fangtang.snapshots.store.keys import PrivateKey
from fangtang.snapshots.store.layout import fanned
from tests.snapshots.store.kills.content import SITES, files, publish

REFUSED = {"snapshots.store_full": 3, "snapshots.store_unwritable": 4, "snapshots.store_busy": 5}
"""Exit statuses."""
REST = 0.003
VARIANTS = ("renames", "endless", "in_place", "file_by_file", "unlink_and_symlink")


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
                publish(store, each)
    except Unavailable as refused:
        return REFUSED[refused.code]
    return 0


def _write_where_it_stands(store: TreesStore, number: int, write: Callable[[str, bytes], None]) -> None:
    for site_key in SITES:
        top = f"{store.layout.site(site_key)}/current"
        before = os.listdir(f"{top}/assets")
        for path, content in files(site_key, number).items():
            write(f"{top}/{path}", content)
        for name in before:
            os.unlink(f"{top}/assets/{name}")


def _in_place(place: str, content: bytes) -> None:
    with open(place, "wb", buffering=0) as file:
        file.write(content[: len(content) // 2])
        time.sleep(REST)
        file.write(content[len(content) // 2 :])


def _exchanged(place: str, content: bytes) -> None:
    Path(f"{place}.new").write_bytes(content)
    os.replace(f"{place}.new", place)
    time.sleep(REST)


def _unlink_and_symlink(layout: Layout, site_key: str, root: str) -> None:
    current = f"{layout.site(site_key)}/current"
    os.unlink(current)
    time.sleep(REST)
    os.symlink(f"../../trees/{fanned(root)}", current)


WRITERS = {"in_place": _in_place, "file_by_file": _exchanged}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Moved addresses as the body of an nginx `map`, from the tables that the sites carry (`_redirects.json`).

What nginx cannot say exactly is left out, and then the application leads on: control characters, a "$" in the target (nginx would see a variable), what is
longer than a bucket of its hash. nginx compares without regard to case; of two addresses that differ in nothing else neither is listed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from fangtang.snapshots.serve import moved
from fangtang.snapshots.serve.files import CheckedLayout, Foreign, read_object
from fangtang.snapshots.store.layout import Layout
from fangtang.snapshots.store.manifests import Kind
from fangtang.snapshots.store.paths import checked_site_key

MOVES_FILE = "nginx-moves.conf"
"""In the store's own folder; the configuration includes it inside of a `map`, where nothing but lines of that map can stand."""
LONGEST_KEY_BYTES = 900
"""Of `map_hash_bucket_size` 1024 in the template."""
LONGEST_TARGET_BYTES = 2000

_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of pairs, which no address has."""


def moves_map(layout: Layout) -> str:
    """One line `"site:/old/path" "location";` for each moved address of every site, in the order of sites and paths."""
    return "".join(line for site_key in layout.site_keys() for line in _lines(site_key, _table(layout, site_key)))


def write_moves(store_root: Path) -> bool:
    """Write the map into the store; whether it changed, and nginx should be reloaded. Readers see the old file or the new one."""
    layout, file = CheckedLayout(store_root), Path(store_root) / MOVES_FILE
    content = moves_map(layout).encode()
    if file.exists() and file.read_bytes() == content:
        return False
    with tempfile.NamedTemporaryFile(dir=store_root, prefix=".moves-", delete=False) as fresh:
        fresh.write(content)
        fresh.flush()
        os.fchmod(fresh.fileno(), 0o644)
        os.fsync(fresh.fileno())
    Path(fresh.name).replace(file)
    return True


def _table(layout: Layout, site_key: str) -> Mapping[str, str]:
    """Nothing for a site without a snapshot or a table, nor for a table whose bytes are not what the manifest says."""
    root = layout.current(checked_site_key(site_key))
    try:
        entry = layout.find(root, [moved.TABLE]) if root else None
        if entry is None or entry.kind is not Kind.FILE:
            return {}
        return moved.read_table(read_object(layout, entry.sha256))
    except Foreign:
        return {}


def _lines(site_key: str, table: Mapping[str, str]) -> Iterator[str]:
    listed = {f"{site_key}:{path}": target for path, target in table.items() if not _UNFIT.search(path)}
    spellings = Counter(key.encode().lower() for key in listed)
    for key, target in sorted(listed.items()):
        if spellings[key.encode().lower()] == 1 and _fits(key, target):
            yield f'"{_quoted(key)}" "{_quoted(target)}";\n'


def _fits(key: str, target: str) -> bool:
    return len(key.encode()) <= LONGEST_KEY_BYTES and len(target) <= LONGEST_TARGET_BYTES and "$" not in target


def _quoted(text: str) -> str:
    """Inside double quotation marks nginx knows two special characters."""
    return text.replace("\\", "\\\\").replace('"', '\\"')

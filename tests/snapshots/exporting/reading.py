"""What a stranger does with an export: read it without our store, and compare it with the signed root."""

from __future__ import annotations

from collections.abc import Mapping

from fangtang.kernel.hashing import sha256
from fangtang.snapshots.exporting.contents import PAPERS
from fangtang.snapshots.store import records, trust
from fangtang.snapshots.store.manifests import Edit, Entry, Kind, Plan
from fangtang.snapshots.store.records import Record


def verified(files: Mapping[str, bytes], *, first: bytes, site_key: str = "health") -> Record:
    """The record of an export, after walking from the trust that was handed over to the newest one, and recomputing the root."""
    known = trust.first(first)
    while successor := files.get(f"{PAPERS}trust/{known.version + 1}.json"):
        known = trust.successor(known, successor)
    record = records.read(files[f"{PAPERS}record.json"], trust=known, site_key=site_key)
    assert root_of(files) == record.snapshot.root_sha256
    return record


def root_of(files: Mapping[str, bytes]) -> str:
    edit = Edit()
    for path, content in files.items():
        if not path.startswith(PAPERS):
            edit.add(tuple(path.split("/")), Entry(Kind.FILE, sha256(content), len(content)))
    return Plan(lambda digest: {}).root(None, edit)

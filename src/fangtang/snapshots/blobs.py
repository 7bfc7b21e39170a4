"""Files of articles (pictures in their sizes, attachments) kept by digest beside the store, ready for any site that needs them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256
from fangtang.snapshots.store import Blob
from fangtang.snapshots.store.trouble import told

BLOCK_BYTES = 1024 * 1024


def keep(source: IO[bytes]) -> str:
    """Keep what is read from `source`, block by block; its SHA-256. Raises Unavailable snapshots.store_full or snapshots.store_unwritable when the
    disk refuses."""
    with told():
        folder = Path(settings.SNAPSHOT_ROOT) / "blobs"
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
    found = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as file:
            while block := source.read(BLOCK_BYTES):
                found.update(block)
                with told():
                    file.write(block)
            with told():
                file.flush()
                os.fsync(file.fileno())
        place = _place(found.hexdigest())
        with told():
            place.parent.mkdir(exist_ok=True)
            Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
    return found.hexdigest()


def found(digest: str) -> Blob:
    """What was kept, for a store to take over. Raises Unavailable "snapshots.blob_missing" when it is gone."""
    place = _place(digest)
    try:
        return Blob(str(place), digest, place.stat().st_size)
    except FileNotFoundError:
        raise Unavailable("snapshots.blob_missing", permanent=True, sha256=digest) from None


def read(digest: str) -> bytes:
    """What was kept. Raises Unavailable "snapshots.blob_missing" when it is gone or is not what it was."""
    try:
        content = _place(digest).read_bytes()
    except FileNotFoundError:
        raise Unavailable("snapshots.blob_missing", permanent=True, sha256=digest) from None
    if sha256(content) != digest:
        raise Unavailable("snapshots.blob_changed", permanent=True, sha256=digest)
    return content


def has(digest: str) -> bool:
    return _place(digest).exists()


def _place(digest: str) -> Path:
    return Path(settings.SNAPSHOT_ROOT) / "blobs" / digest[:2] / digest

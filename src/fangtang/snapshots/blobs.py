"""Files of articles (pictures in their sizes, attachments) kept by digest beside the store, ready for any site that needs them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.hashing import sha256


def keep(content: bytes) -> str:
    """Keep `content`; its SHA-256. A second call does nothing."""
    digest = sha256(content)
    place = _place(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    return digest


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

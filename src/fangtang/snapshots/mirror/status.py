"""What a mirror says of each site: a small JSON file for monitoring, and a line on stdout for each event."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fangtang.kernel.errors import FangtangError
from fangtang.snapshots.store.records import Record
from fangtang.snapshots.store.signing import written

_LINES = threading.Lock()


@dataclass(frozen=True, slots=True)
class Status:
    """Moments as ISO 8601 in UTC, None for never. `standing` is what is served: serial, root, given, expires. `stale_since` is when its record ended:
    from then on nobody vouches for it. `error` is that of the last try (code, data); None when it succeeded."""

    site: str
    standing: Mapping[str, Any] | None
    stale_since: str | None
    trust_version: int
    tried_at: str | None
    succeeded_at: str | None
    error: Mapping[str, Any] | None
    failures: int
    next_try_at: str | None


def standing(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    snapshot = record.snapshot
    return {"serial": snapshot.serial, "root": snapshot.root_sha256, "given": written(record.given), "expires": written(record.expires)}


def stale_since(record: Record | None, now: datetime) -> str | None:
    return written(record.expires) if record and record.is_expired(now) else None


def error_of(error: FangtangError) -> dict[str, Any]:
    return {"code": error.code, "data": error.data}


def write(folder: Path, status: Status) -> None:
    """Put it in place in one piece, readable for all."""
    place = folder / f"{status.site}.json"
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(status), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.chmod(0o644)
    fresh.rename(place)


def read(folder: Path, site_key: str) -> Status | None:
    """What was written last; None for nothing, or nothing that can be read."""
    try:
        return Status(**json.loads((folder / f"{site_key}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def say(now: datetime, site_key: str, event: str, **about: object) -> None:
    """One line: moment, site, event, then name=JSON value pairs. Nothing from outside can begin a line of its own."""
    pairs = "".join(f" {name}={json.dumps(seen, default=str)}" for name, seen in about.items())
    with _LINES:
        sys.stdout.write(f"{written(now)} {site_key} {event}{pairs}\n")
        sys.stdout.flush()


def make_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o755)  # noqa: PTH101, S103  (monitoring reads here)
    return folder

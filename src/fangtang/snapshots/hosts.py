"""Which host shows which site: a small file beside the store, written by the builder and read by the server without a database."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from fangtang.kernel.hashing import canonical

if TYPE_CHECKING:
    from fangtang.snapshots.register import Register

LOOK_SECONDS = 0.2
"""The server looks at the file's time at most this often."""


def place() -> Path:
    return Path(settings.SNAPSHOT_ROOT) / "hosts.json"


def write(sites: Register) -> None:
    """Write the table, unless it is the same. Readers see the old one or the new one."""
    main = next((site.key for site in sites.values() if site.is_default), "")
    content = canonical({"sites": {site.host.lower(): site.key for site in sites.values()}, "default": main})
    file = place()
    if file.exists() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
        fresh.write(content)
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).replace(file)


class HostTable:
    """Host name → site key, as the file says now. `desk_hosts` show the main site outside of the desk's own addresses."""

    def __init__(self, file: Path, *, desk_hosts: Collection[str]) -> None:
        self._file = file
        self._desk_hosts = frozenset(host.lower() for host in desk_hosts)
        self._sites: Mapping[str, str] = {}
        self._default: str | None = None
        self._read_at = -1.0
        self._stamp: tuple[int, int] | None = None

    def site_of(self, host: str) -> str | None:
        """The key of the site shown at a host; None for a host that shows none."""
        self._refresh()
        found = self._sites.get(host)
        return found or (self._default if host in self._desk_hosts else None)

    def _refresh(self) -> None:
        """Whoever asks while another thread reads for the first time reads too: an empty table says that there are no sites."""
        now = time.monotonic()
        if now - self._read_at < LOOK_SECONDS:
            return
        self._read()
        self._read_at = now

    def _read(self) -> None:
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            table = json.loads(self._file.read_bytes())
            self._sites, self._default, self._stamp = table["sites"], table["default"] or None, stamp

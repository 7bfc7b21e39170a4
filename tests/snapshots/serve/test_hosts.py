"""Which host shows which site, as the file says."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from fangtang.snapshots.hosts import HostTable


class Slow:
    """A table's file at which the first who looks is held up until somebody else was answered."""

    def __init__(self, file: Path, answered: threading.Event) -> None:
        self._file, self._answered, self._is_first = file, answered, True

    def stat(self) -> os.stat_result:
        is_first, self._is_first = self._is_first, False
        if is_first:
            self._answered.wait(timeout=5)
        return self._file.stat()

    def read_bytes(self) -> bytes:
        return self._file.read_bytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "hosts.json"
    place.write_text(json.dumps({"sites": {"www.fangtang.example": "portal"}, "default": ""}))
    return place


def test_a_host_is_found(file: Path):
    table = HostTable(file, desk_hosts=[])
    assert (table.site_of("www.fangtang.example"), table.site_of("elsewhere.example")) == ("portal", None)


def test_two_first_requests_at_once_both_find_their_site(file: Path):
    answered = threading.Event()
    table = HostTable(Slow(file, answered), desk_hosts=[])  # type: ignore[arg-type]
    found: list[str | None] = []
    first = threading.Thread(target=lambda: found.append(table.site_of("www.fangtang.example")))
    first.start()
    found.append(table.site_of("www.fangtang.example"))
    answered.set()
    first.join()
    assert found == ["portal", "portal"]

"""Files of the home folder are private to their owner, or to the group that a shared folder names."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fangtang.config import home


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o755, 0o600), (0o2771, 0o660)])
def test_who_may_read_the_queue_and_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder_mode: int, file_mode: int) -> None:
    monkeypatch.setenv("FANGTANG_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    tmp_path.chmod(folder_mode)
    for _ in range(2):
        home.prepare()
        assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (home.QUEUE, home.DATABASE)} == {file_mode}
        (tmp_path / home.DATABASE).chmod(0o644)
    home.prepare()
    assert stat.S_IMODE((tmp_path / home.DATABASE).stat().st_mode) == file_mode

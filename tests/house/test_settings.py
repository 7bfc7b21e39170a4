"""Settings come from one flat, documented list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from environs import Env, EnvValidationError

from fangtang.config import options

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r"os\.environ|os\.getenv|getenv\(")
# The fault point of test builds, the places that name the settings module, and the mirror's two processes, which tell each other what to serve.
MIRROR = {"src/fangtang/snapshots/mirror/answering.py", "src/fangtang/snapshots/mirror/served.py"}
MAY_READ = {"src/fangtang/kernel/faults.py", "src/fangtang/config/cli.py", "src/fangtang/config/server.py", *MIRROR}


def test_every_option_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert [option.name for option in options.OPTIONS if f"`{option.name}`" not in page] == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("*.py") if READS.search(path.read_text())}
    assert readers - MAY_READ == set()


def test_wrong_values_are_all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eight thousand")
    monkeypatch.setenv("FANGTANG_DEBUG", "perhaps")
    with pytest.raises(EnvValidationError) as caught:
        options.read(Env(eager=False))
    assert set(caught.value.error_messages) == {"PORT", "FANGTANG_DEBUG"}

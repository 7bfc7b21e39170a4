"""What every test gets: a home folder of its own, no network beyond loopback, tasks run at once after commit, a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.stacks import seeded_home, stack  # noqa: F401  fixtures

CI = os.environ.get("CI") == "true"
PATIENCE_MS = 30_000
"""How long a browser test waits for what it expects: machines of CI are shared."""


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """Uploads, snapshots and mails of one test; nothing remembered from another, whose rows had the same numbers."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.SNAPSHOT_ROOT = tmp_path / "snapshots"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path


def needed(name: str, reason: str) -> str:
    """The path of a program. In CI it must be there; elsewhere the test is skipped and says why."""
    found = shutil.which(name)
    if found:
        return found
    if CI:
        pytest.fail(f"{name} is missing, and CI may skip nothing: {reason}")
    pytest.skip(f"{name} is not installed: {reason}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium."""
    return needed("chromium", "browser tests need it (apt-get install chromium)")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """A headless browser without any request of its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield running
        running.close()

"""These tests are collected only on machines that hold the shared data; everything else must pass without it."""

from __future__ import annotations

from pathlib import Path

collect_ignore_glob = [] if Path("/work/shared/data").is_dir() else ["test_*.py"]

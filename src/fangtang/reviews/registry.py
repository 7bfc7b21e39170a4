"""What higher apps offer to reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fangtang.kernel.registry import Registry

current_sha256: Registry[Callable[[Any], str]] = Registry("present content hash of a subject")
"""By the subject's model label ("articles.article"): from the subject's row to the content hash of its newest revision, read afresh."""

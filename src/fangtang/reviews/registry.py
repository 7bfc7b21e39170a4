"""What higher apps offer to reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fangtang.kernel.registry import Registry

current_sha256: Registry[Callable[[Any], str]] = Registry("present content hash of a subject")
"""By the subject's model label ("articles.article"): from the subject's row to the content hash of its newest revision, read afresh."""

stands: Registry[Callable[[Any], bool]] = Registry("whether a subject stands in public")
"""By the subject's model label: what was released and stands was read; what came down counts as unread."""

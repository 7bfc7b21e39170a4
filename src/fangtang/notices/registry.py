"""The sentences of notices, offered by the apps that own the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fangtang.kernel.registry import Registry

sentences: Registry[Callable[[Mapping[str, Any]], str]] = Registry("sentences of notices")
"""By code ("review.due"): from a notice's facts to one line for people, in the active language."""

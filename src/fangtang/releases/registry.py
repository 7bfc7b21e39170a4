"""What higher apps offer to releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fangtang.kernel.registry import Registry

decided: Registry[Callable[[int], None]] = Registry("called after a decision")
"""Called on commit with the id of a release that waits to be built. After a bulk decision it is called once, with the last id."""

failures: Registry[Callable[[Mapping[str, Any]], str]] = Registry("sentences for what kept a release from the sites")
"""By `Release.error_code`: the sentence in the active language, from `error_data`."""

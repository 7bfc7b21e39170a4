"""What higher apps offer to releases."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.kernel.registry import Registry

decided: Registry[Callable[[int], None]] = Registry("called after a decision")
"""Called on commit with the id of a release that waits to be built. After a bulk decision it is called once, with the last id."""

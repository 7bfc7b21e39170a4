"""What whoever starts a guard may decide."""

from __future__ import annotations

from dataclasses import dataclass, field

from fangtang.snapshots.guard.quarantine import Limits


@dataclass(frozen=True, slots=True)
class Options:
    """`pass_seconds` from the end of a pass to the next, or more where passes are long (PASS_SHARE); every byte is read anew within `scrub_seconds`.
    `pinned`: the trust to begin with. `shield`: see `replicas.obstacle`."""

    pass_seconds: float = 120.0
    scrub_seconds: float = 86400.0
    pinned: bytes | None = None
    limits: Limits = field(default_factory=Limits)
    shield: bool | None = None

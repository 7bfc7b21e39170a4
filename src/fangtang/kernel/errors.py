"""The one tree of errors.

    FangtangError
    ├── NotAllowed      403  this person may not (answered to people as "not found", so that denied and missing look alike)
    ├── NotPossible     409  not now; carries *all* obstacles
    ├── Stale           409  somebody else changed it; carries both revisions
    ├── Invalid         422  the input is wrong; carries field → code
    └── Unavailable     502  an outside thing failed; `permanent` tells whether trying again helps

Each has a stable dotted code and JSON-safe data. Sentences for people are looked up where people read (`presenters`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason why an action is not possible now.

    `code` is stable and dotted ("reviews.step_waiting"). `data` is JSON-safe and fills the sentence's named
    placeholders. `clearers` names who can clear it: user ids, in no order, () when only time or nobody can.
    """

    code: str
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    clearers: tuple[int, ...] = ()


class FangtangError(Exception):
    """Root of the tree. `code` is stable and dotted, `data` JSON-safe."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        return f"{self.code} {self.data}" if self.data else self.code


class NotAllowed(FangtangError):
    """This person may not do this, or may not know that it exists."""

    status = 403


class NotPossible(FangtangError):
    """The action is not possible now; `obstacles` holds every reason, in the order a person should clear them."""

    status = 409

    def __init__(self, code: str, *, obstacles: Sequence[Obstacle] = (), **data: Any) -> None:
        super().__init__(code, **data)
        self.obstacles = tuple(obstacles) or (Obstacle(code, MappingProxyType(dict(data))),)

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(obstacle.code for obstacle in self.obstacles)


class Stale(FangtangError):
    """What the person saw is no longer what stands; data names `seen` and `current`."""

    status = 409


class Invalid(FangtangError):
    """The input is wrong; data says where and what was expected."""

    status = 422


class Unavailable(FangtangError):
    """Something outside failed. `permanent` is True when trying again cannot help."""

    status = 502

    def __init__(self, code: str, *, permanent: bool, **data: Any) -> None:
        super().__init__(code, **data)
        self.permanent = permanent

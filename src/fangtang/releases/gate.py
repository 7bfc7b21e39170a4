"""The gate: everything that can stand in the way of a decision, asked all at once.

Each obstacle function looks at one `Case` and returns what it finds. Higher apps may register more. Nothing recorded earlier is trusted:
the separation of duties, the plan and the hashes are computed afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from wagtail.models import Revision

from fangtang.articles.models import Article
from fangtang.kernel.errors import Obstacle
from fangtang.kernel.registry import Registry
from fangtang.people.models import Unit, User
from fangtang.reviews.models import Step, Turn


@dataclass(frozen=True, slots=True)
class Case:
    """What the gate looks at.

    `turn` is the one that passed or is being read, None without; `revision` is what would go out or come down, with `content` as the
    article stood in it and `unit` that it belongs to; `steps` are the turn's, in order.
    """

    article: Article
    unit: Unit
    turn: Turn | None
    revision: Revision | None
    content: Article
    steps: tuple[Step, ...]
    by: User
    now: datetime
    day: date


Look = Callable[[Case], Iterable[Obstacle]]

sign: Registry[Look] = Registry("obstacles to signing")
withdraw: Registry[Look] = Registry("obstacles to withdrawing")
VERBS = {"sign": sign, "withdraw": withdraw}

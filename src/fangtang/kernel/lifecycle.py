"""A life cycle is a table: status × verb → status, with the owner of each step.

Buttons, permissions, tests and the diagrams in the docs are drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fangtang.kernel.errors import NotPossible


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from `source`, `verb` leads to `target`; `owner` names the role or party whose step it is."""

    source: str
    verb: str
    target: str
    owner: str


class LifeCycle:
    """A whole table. `name` appears in error codes and diagrams; `start` is the status of a new row."""

    def __init__(self, name: str, *, start: str, moves: Iterable[Move]) -> None:
        self.name = name
        self.start = start
        self.moves = tuple(moves)
        self._targets = {(move.source, move.verb): move.target for move in self.moves}
        if len(self._targets) != len(self.moves):
            raise ValueError(f"{name}: a status and a verb lead to two places")

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status, the start first, then in the order of the table."""
        seen = dict.fromkeys([self.start])
        for move in self.moves:
            seen.update(dict.fromkeys((move.source, move.target)))
        return tuple(seen)

    def verbs(self, status: str) -> tuple[str, ...]:
        """The verbs possible in this status, in the order of the table; () for a final one."""
        return tuple(move.verb for move in self.moves if move.source == status)

    def sources(self, verb: str) -> tuple[str, ...]:
        """The statuses from which the verb is possible: what a guarded UPDATE filters by."""
        return tuple(move.source for move in self.moves if move.verb == verb)

    def after(self, status: str, verb: str) -> str:
        """The status that follows. Raises NotPossible "<name>.no_such_move"."""
        try:
            return self._targets[status, verb]
        except KeyError:
            raise NotPossible(f"{self.name}.no_such_move", status=status, verb=verb) from None

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the docs."""
        rows = [f"    {m.source} --> {m.target}: {m.verb} ({m.owner})" for m in self.moves]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.start}", *rows]) + "\n"

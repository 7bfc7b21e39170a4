"""Review plans as plain values: lists of step names ("proofread:1", "review:2") in order; which are sound, and how several merge to the strictest.

No Django: forms, actions and tests use the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

PROOFREAD, REVIEW = "proofread", "review"
MOST = {PROOFREAD: 3, REVIEW: 4}
STEPS = tuple(f"{kind}:{level}" for kind, most in MOST.items() for level in range(1, most + 1))

DEFAULT = {
    "ordinary": ("proofread:1", "review:1", "review:2"),
    "important": ("proofread:1", "review:1", "proofread:2", "review:2", "review:3"),
    "major": ("proofread:1", "review:1", "proofread:2", "review:2", "proofread:3", "review:3"),
}
"""The plan where nobody laid down another, by sensitivity (ADR 13). The signature of a chief editor always comes on top."""

Plan = tuple[str, ...]


def split(name: str) -> tuple[str, int]:
    """("review", 2) for "review:2". Raises ValueError for anything else than a known kind and a level within its bounds."""
    kind, _, level = name.partition(":")
    if kind not in MOST or level not in {str(n) for n in range(1, MOST[kind] + 1)}:
        raise ValueError(f"not a step: {name!r}")
    return kind, int(level)


def faults(steps: Sequence[str]) -> tuple[str, ...]:
    """Codes of what is wrong with a plan, () for a sound one.

    Sound: known steps, none twice, at least one review, and the levels of one kind rise (proofread:1 before proofread:2).
    """
    try:
        parts = [split(name) for name in steps]
    except ValueError:
        return ("reviews.plan_unknown_step",)
    found = []
    if len(set(parts)) != len(parts):
        found.append("reviews.plan_step_twice")
    if not any(kind == REVIEW for kind, _ in parts):
        found.append("reviews.plan_without_review")
    if any([level for of, level in parts if of == kind] != sorted(level for of, level in parts if of == kind) for kind in MOST):
        found.append("reviews.plan_levels_fall")
    return tuple(found)


def strictest(plans: Iterable[Plan]) -> Plan:
    """Every step that any of the plans asks for, once; in the order of the longest plan where two disagree. () without plans."""
    ranked = sorted(set(plans), key=lambda plan: (-len(plan), plan))
    merged: list[str] = []
    for plan in ranked:
        for index, name in enumerate(plan):
            if name not in merged:
                merged.insert(_place(name, before=plan[:index], among=merged), name)
    return tuple(merged)


def missing(wanted: Plan, taken: Iterable[str]) -> Plan:
    """The steps of `wanted` that are not among `taken`, in order."""
    done = set(taken)
    return tuple(name for name in wanted if name not in done)


def _place(name: str, *, before: Sequence[str], among: Sequence[str]) -> int:
    """Where to insert a step: after those it follows in its own plan, yet never above a higher level of its kind."""
    kind, level = split(name)
    ranks = [split(other) for other in among]
    after = [index + 1 for index, other in enumerate(among) if other in before or (ranks[index][0] == kind and ranks[index][1] < level)]
    higher = [index for index, (of, rank) in enumerate(ranks) if of == kind and rank > level]
    return min(max(after, default=0), min(higher, default=len(among)))

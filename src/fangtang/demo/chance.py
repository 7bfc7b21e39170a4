"""The one source of chance: named streams of pseudo-random numbers, the same for the same seed everywhere."""

from __future__ import annotations

import random


def stream(seed: int, name: str) -> random.Random:
    """A stream of its own for `name`, so that one part of the city does not change when another draws more often."""
    return random.Random(f"fangtang {seed} {name}")  # noqa: S311  # pictures and texts, not secrets

"""Compressed copies of objects: whether they are what they must become."""

from __future__ import annotations

from pathlib import Path

from fangtang.snapshots.store.variants import ENDINGS, is_variant_of

DIGEST_DIGITS = 64
CODINGS = {ending: coding for coding, ending in ENDINGS.items()}


def holds(place: str, digest: str, *, size: int) -> bool:
    """Whether this becomes the object of that digest and size, or is the empty file that says that a copy is not worth it. One that is not smaller than
    the object was not made by us."""
    try:
        with Path(place).open("rb") as file:
            packed = file.read(size + 1)
    except OSError:
        return False
    return not packed or (len(packed) <= size and is_variant_of(packed, digest, CODINGS[place.rpartition(".")[2]], size=size))


def is_name(name: str) -> bool:
    """Whether a file of this name is a compressed copy; others are on their way, and nobody reads them."""
    digest, _, ending = name.partition(".")
    return len(digest) == DIGEST_DIGITS and ending in CODINGS

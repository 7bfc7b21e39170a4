"""What may stand in the register. Pure: plain values in and out."""

from __future__ import annotations

from collections.abc import Iterable

from fangtang.kernel.errors import Obstacle

RESERVED_SLUGS = frozenset({"assets", "media", "feeds", "page", "sitemap", "desk", "desk-static"})
"""First path segments that the snapshot itself uses."""

MOST_LETTERS = 300
"""Of a section's address."""


def address_below(parent_address: str, slug: str) -> str:
    """The path of slugs of a section: "zwgk" + "tzgg" → "zwgk/tzgg"; "" is the site's root."""
    return f"{parent_address}/{slug}" if parent_address else slug


def obstacles_to_address(address: str, *, taken: Iterable[str], letters_below: int = 0) -> tuple[Obstacle, ...]:
    """Why a section may not have this address: a reserved first segment, another section of the site has it, or it is too long.

    `letters_below`: by how much the longest address of the sections below is longer.
    """
    found = []
    if len(address) + letters_below > MOST_LETTERS:
        found.append(Obstacle("outlets.address_too_long", {"letters": len(address) + letters_below, "most": MOST_LETTERS}))
    if address.split("/")[0] in RESERVED_SLUGS:
        found.append(Obstacle("outlets.slug_reserved", {"slug": address.split("/")[0]}))
    if address in set(taken):
        found.append(Obstacle("outlets.address_taken", {"address": address}))
    return tuple(found)


def obstacles_to_move(address: str, *, target_address: str) -> tuple[Obstacle, ...]:
    """Why a section may not move below another: it would stand below itself."""
    if f"{target_address}/".startswith(f"{address}/"):
        return (Obstacle("outlets.below_itself", {"address": address}),)
    return ()


def accepts(*, site_unit_id: int, contributor_ids: Iterable[int], unit_id: int) -> bool:
    """Whether a section takes articles of a unit: the site's own unit always, others when they are contributors."""
    return unit_id == site_unit_id or unit_id in set(contributor_ids)

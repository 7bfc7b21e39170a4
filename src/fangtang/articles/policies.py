"""May this article be submitted, edited, put into the bin? Plain values in, obstacles out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fangtang.kernel.errors import Obstacle


@dataclass(frozen=True, slots=True)
class Place:
    """A section in which an article is to appear. `takes_unit`: the article's unit may place there."""

    section_id: int
    name: str
    site_name: str
    is_closed: bool
    takes_unit: bool
    managers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a submission is judged by. People are user ids; `locked_by` is None when the article is not locked by somebody else."""

    is_trashed: bool
    is_in_review: bool
    is_saved: bool
    has_writer: bool
    has_body: bool
    places: tuple[Place, ...]
    undescribed_images: int
    missing_media: int
    long_tables: int
    lead_is_undescribed: bool
    locked_by: int | None
    locker_name: str
    editors: tuple[int, ...]


def submit_obstacles(draft: Draft) -> tuple[Obstacle, ...]:
    """Everything that stands between a draft and its first reader, in the order in which an editor clears it."""
    ours = draft.editors
    found = [*_state_obstacles(draft), *_text_obstacles(draft)]
    if not draft.places:
        found.append(Obstacle("articles.no_section", clearers=ours))
    return (*found, *place_obstacles(draft.places, editors=ours))


def place_obstacles(places: Iterable[Place], *, editors: tuple[int, ...]) -> tuple[Obstacle, ...]:
    """One obstacle for each section that was closed or does not take the unit's articles (any more)."""
    found: list[Obstacle] = []
    for place in places:
        facts = {"section": place.name, "site": place.site_name}
        if place.is_closed:
            found.append(Obstacle("articles.section_closed", facts, (*editors, *place.managers)))
        elif not place.takes_unit:
            found.append(Obstacle("articles.section_refuses", facts, (*editors, *place.managers)))
    return tuple(found)


def _state_obstacles(draft: Draft) -> list[Obstacle]:
    ours = draft.editors
    found: list[Obstacle] = []
    if draft.is_trashed:
        found.append(Obstacle("articles.in_bin", clearers=ours))
    if draft.locked_by is not None:
        found.append(Obstacle("articles.locked", {"name": draft.locker_name}, (draft.locked_by,)))
    if draft.is_in_review:
        found.append(Obstacle("articles.in_review", clearers=ours))
    if not (draft.is_saved and draft.has_writer):
        found.append(Obstacle("articles.not_saved", clearers=ours))
    return found


def _text_obstacles(draft: Draft) -> list[Obstacle]:
    ours = draft.editors
    found: list[Obstacle] = []
    if not draft.has_body:
        found.append(Obstacle("articles.no_body", clearers=ours))
    if draft.lead_is_undescribed:
        found.append(Obstacle("articles.lead_image_without_text", clearers=ours))
    for code, count in (
        ("articles.image_without_text", draft.undescribed_images),
        ("articles.table_too_long", draft.long_tables),
        ("articles.media_missing", draft.missing_media),
    ):
        if count:
            found.append(Obstacle(code, {"count": count}, ours))
    return found

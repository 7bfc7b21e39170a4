"""What stands between an article and its readers: gathered from the rows here, judged in `policies`, said in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.html import strip_tags

from fangtang.articles import content, policies, queries, revisions, tables
from fangtang.articles.models import Article
from fangtang.kernel.errors import Obstacle
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.reviews import queries as reviews


def of_submission(article: Article, *, by: User, now: datetime) -> tuple[Obstacle, ...]:
    """Everything that keeps the newest revision from being submitted now, in the order in which to clear it; () when nothing does."""
    return policies.submit_obstacles(_draft(article, by=by, now=now))


def of_places(article: Article, sections: Iterable[Section]) -> tuple[Obstacle, ...]:
    """What keeps the article out of these sections."""
    return policies.place_obstacles(_places(article, sections), editors=())


def _draft(article: Article, *, by: User, now: datetime) -> policies.Draft:
    revision = article.latest_revision
    stored = revision.content if revision else {}
    blocks = content.blocks_of(stored)
    sections = [placement.section for placement in article.placements.select_related("section__site")]
    locker = article.locked_by if article.locked and article.locked_by_id != by.pk else None
    return policies.Draft(
        is_trashed=article.trashed_at is not None,
        is_in_review=reviews.open_turn_of(article) is not None,
        is_saved=revision is not None and content.content_from(revisions.fields_of(article)) == content.content_from(stored),
        has_writer=revision is not None and revision.user_id is not None,
        has_body=any(_says_something(block) for block in blocks),
        places=tuple(_places(article, sections)),
        undescribed_images=sum(_is_undescribed(block) for block in blocks),
        missing_media=sum(not digest for _kind, _id, digest in content.content_from(stored)["media"]),
        long_tables=sum(bool(block.get("type") == "table" and tables.too_large(block.get("value"))) for block in blocks),
        lead_is_undescribed=article.lead_image is not None and not article.lead_image.description.strip(),
        locked_by=locker.pk if locker else None,
        locker_name=str(locker or ""),
        editors=tuple(people.holders(Role.EDITOR, unit=article.unit, day=people.today(now)).values_list("pk", flat=True)),
    )


def _places(article: Article, sections: Iterable[Section]) -> list[policies.Place]:
    sections = list(sections)
    taking = set(Section.objects.filter(queries.takes(article.unit_id), pk__in=[section.pk for section in sections]).values_list("pk", flat=True))
    return [_place(section, takes_unit=section.pk in taking) for section in sections]


def _place(section: Section, *, takes_unit: bool) -> policies.Place:
    return policies.Place(section.pk, section.name, section.site.name, is_closed=section.closed_at is not None, takes_unit=takes_unit)


def _says_something(block: dict[str, Any]) -> bool:
    value = block.get("value")
    return bool(strip_tags(value).strip()) if isinstance(value, str) else bool(value)


def _is_undescribed(block: dict[str, Any]) -> bool:
    value = block.get("value")
    return block.get("type") == "image" and isinstance(value, dict) and not value.get("alt", "").strip() and not value.get("is_decorative")

"""What editors decide about an article: begin, save, place, submit, put into the bin and take back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Revision

from fangtang.articles import borrowing, content, obstacles, queries, revisions
from fangtang.articles.models import Article, Placement
from fangtang.audit import actions as audit
from fangtang.kernel.errors import NotAllowed, NotPossible, Stale
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.reviews import actions as reviews
from fangtang.reviews import queries as review_queries
from fangtang.reviews.models import Turn


@transaction.atomic
def create(*, unit: Unit, by: User, now: datetime, sections: Iterable[Section] = (), **fields: Any) -> Article:
    """A new article of a unit, with its first revision. `fields` are the model's, a `placements` list among them when the form made one.

    Raises NotAllowed "articles.not_editor", django's ValidationError for wrong fields.
    """
    placements = [*fields.pop("placements", ()), *(Placement(section=section) for section in sections)]
    article = Article(unit=unit, created_by=by, created_at=now, changed_at=now, **fields)
    _require_editor(article, by=by, now=now)
    article.placements = placements
    return begin(article, by=by, now=now)


@transaction.atomic
def begin(article: Article, *, by: User, now: datetime) -> Article:
    """The same for an article that a form has filled in."""
    _require_editor(article, by=by, now=now)
    article.created_by, article.created_at, article.changed_at = by, now, now
    _require_own_media(article, before=None, by=by)
    article.full_clean()
    article.save()
    audit.record("articles.create", by=by, now=now, subject=article, unit_id=article.unit_id)
    article.save_revision(user=by, clean=False, now=now)
    return article


@transaction.atomic
def save(article: Article, *, seen_revision_id: int | None, by: User, now: datetime, reverted_to: Revision | None = None) -> Revision:
    """Keep the article as it is in memory as a new revision; whatever was being read is superseded.

    `seen_revision_id` is the revision that the person began from. Raises Stale "articles.stale" (seen, current) when it is no longer the
    newest, NotAllowed "articles.not_editor" or "articles.media_of_others", NotPossible "articles.locked" or "articles.in_bin". Where nothing
    changed there is no new revision, and the turn goes on.
    """
    current = _locked_row(article)
    _require_editor(current, by=by, now=now)
    _require_open(current, by=by)
    if current.latest_revision_id != seen_revision_id:
        raise Stale("articles.stale", seen=seen_revision_id, current=current.latest_revision_id)
    if article.unit_id != current.unit_id:
        _require_editor(article, by=by, now=now)
    _require_own_media(article, before=current.latest_revision, by=by)
    article.latest_revision_id = current.latest_revision_id
    if current.latest_revision and not reverted_to and revisions.is_same(article, current.latest_revision):
        return current.latest_revision
    article.created_by_id, article.created_at, article.changed_at = current.created_by_id, current.created_at, now
    article.full_clean()
    article.save()
    revision: Revision = article.save_revision(user=by, clean=False, now=now, previous_revision=reverted_to)
    return revision


@transaction.atomic
def lock(article: Article, *, by: User, now: datetime) -> None:
    """Keep others from saving until it is unlocked. A second call does nothing. Raises NotAllowed "articles.not_editor"."""
    _require_editor(article, by=by, now=now)
    if Article.objects.filter(pk=article.pk, locked=False).update(locked=True, locked_by=by, locked_at=now):
        audit.record("articles.lock", by=by, now=now, subject=article, unit_id=article.unit_id)


@transaction.atomic
def unlock(article: Article, *, by: User, now: datetime) -> None:
    """Open it again; every editor of the unit may, since people fall ill. A second call does nothing. Raises NotAllowed "articles.not_editor"."""
    _require_editor(article, by=by, now=now)
    if Article.objects.filter(pk=article.pk, locked=True).update(locked=False, locked_by=None, locked_at=None):
        audit.record("articles.unlock", by=by, now=now, subject=article, unit_id=article.unit_id)


@transaction.atomic
def place(article: Article, *, sections: Iterable[Section], by: User, now: datetime) -> Revision:
    """Place the article in these sections too; where it is placed already it stays as it is. Changes nothing: no new revision.

    Raises as `save`, and NotPossible "articles.cannot_place" with one obstacle for each section that is closed or takes no articles of the unit.
    """
    current = Article.objects.get(pk=article.pk)
    _require_editor(current, by=by, now=now)
    there = set(current.placements.values_list("section_id", flat=True))
    wanted = [section for section in sections if section.pk not in there]
    found = obstacles.of_places(current, wanted)
    if found:
        raise NotPossible("articles.cannot_place", obstacles=found)
    if not wanted and current.latest_revision:
        return current.latest_revision
    current.placements.add(*(Placement(section=section) for section in wanted))
    return save(current, seen_revision_id=current.latest_revision_id, by=by, now=now)


@transaction.atomic
def submit(article: Article, *, by: User, now: datetime) -> Turn:
    """Hand the newest revision to its readers. Raises NotAllowed "articles.not_editor", NotPossible "articles.cannot_submit" with every obstacle."""
    current = _locked_row(article)
    _require_editor(current, by=by, now=now)
    found = obstacles.of_submission(current, by=by, now=now)
    if found:
        raise NotPossible("articles.cannot_submit", obstacles=found)
    revision = current.latest_revision
    turn = reviews.open_turn(
        subject=current,
        revision=revision,
        unit=current.unit,
        title=current.title,
        content_sha256=content.content_sha256(revision),
        steps=review_queries.plan_for(_sections(current), sensitivity=current.sensitivity),
        writers=queries.writers(current),
        by=by,
        now=now,
    )
    audit.record("articles.submit", by=by, now=now, subject=current, unit_id=current.unit_id, revision=revision.pk, turn=turn.pk)
    return turn


@transaction.atomic
def trash(article: Article, *, by: User, now: datetime) -> None:
    """Put the article into the bin; nothing is deleted, and what stands in public keeps standing. A second call does nothing.

    Raises NotAllowed "articles.not_editor", NotPossible "articles.locked". An open turn is superseded: nobody reads what was thrown away.
    """
    current = _locked_row(article)
    _require_editor(current, by=by, now=now)
    _require_unlocked(current, by=by)
    if Article.objects.filter(pk=current.pk, trashed_at__isnull=True).update(trashed_at=now):
        reviews.supersede(current, by=by, now=now)
        audit.record("articles.trash", by=by, now=now, subject=current, unit_id=current.unit_id)


@transaction.atomic
def take_back(article: Article, *, by: User, now: datetime) -> None:
    """Take the article out of the bin. A second call does nothing. Raises NotAllowed "articles.not_editor"."""
    _require_editor(article, by=by, now=now)
    if Article.objects.filter(pk=article.pk, trashed_at__isnull=False).update(trashed_at=None):
        audit.record("articles.take_back", by=by, now=now, subject=article, unit_id=article.unit_id)


def _locked_row(article: Article) -> Article:
    """The stored row, locked until the end of the transaction. Raises NotAllowed when there is none."""
    row = Article.objects.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if row is None:
        raise NotAllowed("articles.not_editor")
    return row


def _sections(article: Article) -> list[Section]:
    return [placement.section for placement in article.placements.select_related("section__site")]


def _require_editor(article: Article, *, by: User, now: datetime) -> None:
    if not queries.may_edit(by, article, day=people.today(now)):
        raise NotAllowed("articles.not_editor")


def _require_own_media(article: Article, *, before: Revision | None, by: User) -> None:
    if borrowing.strangers(revisions.fields_of(article), before=before.content if before else {}, by=by):
        raise NotAllowed("articles.media_of_others")


def _require_open(article: Article, *, by: User) -> None:
    if article.trashed_at:
        raise NotPossible("articles.in_bin")
    _require_unlocked(article, by=by)


def _require_unlocked(article: Article, *, by: User) -> None:
    if article.locked and article.locked_by_id != by.pk:
        raise NotPossible("articles.locked", name=str(article.locked_by))

"""Drafts into articles, in batches that stand or fall whole.

A batch is one transaction with one audit event, so that a killed import leaves whole batches behind and the next run goes on from there:
what is there already is known by (origin, source id). New articles are written together; when the database refuses the batch, row by row in
savepoints, so that the one at fault is named. A changed row becomes a new revision of its article, unless somebody edited that here: then it is
reported and left alone. What stands in public changes through review only. After the last batch `articles.registry.on_imported` hears of the
origin, so that what is taken over is taken over in its own order, not in the file's.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction
from wagtail.models import Revision

from fangtang.articles import content, registry
from fangtang.articles.importing.outcomes import Outcome, Result, rejected, went_in
from fangtang.articles.importing.places import Places, all_places
from fangtang.articles.importing.rows import ArticleDraft, Rejected, Skipped
from fangtang.articles.models import Article, Placement, Provenance
from fangtang.audit import actions as audit
from fangtang.kernel import faults
from fangtang.people import queries as people
from fangtang.people.models import User

__all__ = ["BATCH_ROWS", "Outcome", "Result", "Source", "load"]

BATCH_ROWS = 200

_REFUSALS = (DatabaseError, ValidationError, OverflowError)
_ID_SPACE = uuid.UUID("6f6b3f6e-5d0c-4c39-9d57-1a4f2f3b8c11")
_COPIED = ("title", "kind", "language", "summary", "source", "author", "document_number", "issuing_body", "keywords", "shown_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is imported, from where and by whom."""

    origin: str
    file_name: str
    by: User
    now: datetime


def load(drafts: Iterable[ArticleDraft | Rejected | Skipped], *, source: Source, is_rehearsal: bool) -> Iterator[list[Outcome]]:
    """Load batch after batch; each list of outcomes is in the order of the rows, given once its batch is committed.

    A rehearsal does everything and takes it back. A second call with the same drafts changes nothing. Rows of units
    for which the person holds no post that may import are rejected.
    """
    places = all_places(by=source.by, day=people.today(source.now))
    rows = iter(drafts)
    while batch := list(itertools.islice(rows, BATCH_ROWS)):
        with transaction.atomic():
            outcomes = _Batch(source, places).load(batch)
            faults.point("articles.import_batch")
            transaction.set_rollback(is_rehearsal)
        yield outcomes
    if not is_rehearsal:
        for hear in registry.on_imported:
            hear(origin=source.origin, by=source.by, now=source.now)


@dataclass(frozen=True, slots=True)
class _Batch:
    source: Source
    places: Places

    def load(self, rows: Sequence[ArticleDraft | Rejected | Skipped]) -> list[Outcome]:
        drafts = [row for row in rows if isinstance(row, ArticleDraft)]
        known = self._known(drafts)
        decided = {row.line: self._without_writing(row, known=known) for row in rows}
        new = [draft for draft in drafts if decided[draft.line] is None and draft.source_id not in known]
        changed = [draft for draft in drafts if decided[draft.line] is None and draft.source_id in known]
        created = self._create_all(new)
        decided |= {line: outcome for line, (outcome, _) in created.items()}
        decided |= {draft.line: self._update(draft, provenance=known[draft.source_id]) for draft in changed}
        outcomes = [outcome for outcome in decided.values() if outcome is not None]
        self._record([article for _, article in created.values() if article is not None], outcomes=outcomes)
        return outcomes

    def _known(self, drafts: Sequence[ArticleDraft]) -> dict[str, Provenance]:
        rows = Provenance.objects.filter(origin=self.source.origin, source_id__in=[draft.source_id for draft in drafts])
        return {row.source_id: row for row in rows.select_related("article__latest_revision")}

    def _without_writing(self, row: ArticleDraft | Rejected | Skipped, *, known: dict[str, Provenance]) -> Outcome | None:
        """The outcome of a row that writes nothing; None for one that does."""
        if isinstance(row, Skipped):
            return Outcome(row.line, row.source_id, "skipped")
        if isinstance(row, Rejected):
            return rejected(row)
        refusal = self.places.refusal(row)
        if refusal:
            return rejected(refusal)
        before = known.get(row.source_id)
        if before is None:
            return None
        if before.row_sha256 == row.row_sha256:
            return Outcome(row.line, row.source_id, "unchanged")
        reason = _why_left_alone(before)
        return Outcome(row.line, row.source_id, "edited_here", reason, {"article": before.article_id}) if reason else None

    def _create_all(self, drafts: list[ArticleDraft]) -> dict[int, tuple[Outcome, Article | None]]:
        try:
            with transaction.atomic():
                return self._create(drafts)
        except _REFUSALS as error:
            if len(drafts) == 1:
                outcome = Outcome(drafts[0].line, drafts[0].source_id, "rejected", "importing.refused_by_database", {"reason": _reason(error)})
                return {drafts[0].line: (outcome, None)}
        return {line: found for draft in drafts for line, found in self._create_all([draft]).items()}

    def _create(self, drafts: list[ArticleDraft]) -> dict[int, tuple[Outcome, Article | None]]:
        """New articles with placements, first revisions and provenance. Nothing of a new article can be under review, so no turn is superseded."""
        articles = [self._filled(Article(created_by=self.source.by, created_at=self.source.now), draft=draft) for draft in drafts]
        for article in articles:
            article.clean_fields(exclude=["body", "unit", "created_by"])
        Article.objects.bulk_create(articles)
        self._place(articles, drafts=drafts)
        self._begin_revisions(articles)
        Provenance.objects.bulk_create([self._provenance(article, draft=draft) for article, draft in zip(articles, drafts, strict=True)])
        return {draft.line: (went_in(draft, "created"), article) for article, draft in zip(articles, drafts, strict=True)}

    def _filled(self, article: Article, *, draft: ArticleDraft) -> Article:
        for name in _COPIED:
            setattr(article, name, getattr(draft, name))
        article.source_url = draft.url
        article.unit_id = self.places.units[draft.unit_key]
        article.body = self._stored_blocks(draft)
        article.changed_at = self.source.now
        return article

    def _stored_blocks(self, draft: ArticleDraft) -> str:
        """The body as the database keeps it; ids follow from the source, so that the same row gives the same bytes."""
        name = f"{self.source.origin}:{draft.source_id}"
        blocks = [{"type": block.kind, "value": block.value, "id": str(uuid.uuid5(_ID_SPACE, f"{name}:{n}"))} for n, block in enumerate(draft.blocks)]
        return json.dumps(blocks, ensure_ascii=False)

    def _place(self, articles: list[Article], *, drafts: list[ArticleDraft]) -> None:
        placements = [
            [Placement(article=article, section_id=pk) for pk in self.places.section_ids(draft)] for article, draft in zip(articles, drafts, strict=True)
        ]
        Placement.objects.bulk_create([placement for some in placements for placement in some])
        for article, some in zip(articles, placements, strict=True):
            article.placements = some

    def _begin_revisions(self, articles: list[Article]) -> None:
        kind = ContentType.objects.get_for_model(Article)
        revisions = [
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(article.pk),
                created_at=self.source.now,
                user=self.source.by,
                object_str=str(article)[:255],
                content=json.loads(json.dumps(article.serializable_data(), cls=DjangoJSONEncoder)),
            )
            for article in articles
        ]
        for article, revision in zip(articles, Revision.objects.bulk_create(revisions), strict=True):
            article.latest_revision = revision
        Article.objects.bulk_update(articles, ["latest_revision"])

    def _provenance(self, article: Article, *, draft: ArticleDraft) -> Provenance:
        return Provenance(article=article, origin=self.source.origin, source_id=draft.source_id, **self._traced(article, draft=draft))

    def _traced(self, article: Article, *, draft: ArticleDraft) -> dict[str, Any]:
        return {
            "source_url": draft.url,
            "file_name": self.source.file_name[-200:],
            "line": draft.line,
            "row_sha256": draft.row_sha256,
            "imported_sha256": content.content_sha256(article.latest_revision),
            "imported_at": self.source.now,
            "imported_by": self.source.by,
        }

    def _update(self, draft: ArticleDraft, *, provenance: Provenance) -> Outcome:
        try:
            with transaction.atomic():
                self._save_changed(draft, provenance=provenance)
        except _REFUSALS as error:
            return Outcome(draft.line, draft.source_id, "rejected", "importing.refused_by_database", {"reason": _reason(error)})
        return went_in(draft, "updated", article=provenance.article_id)

    def _save_changed(self, draft: ArticleDraft, *, provenance: Provenance) -> None:
        article = self._filled(provenance.article, draft=draft)
        article.clean_fields(exclude=["body", "unit", "created_by", "lead_image", "latest_revision", "locked_by"])
        article.placements = [Placement(section_id=pk) for pk in self.places.section_ids(draft)]
        article.save()
        article.save_revision(user=self.source.by, clean=False, now=self.source.now)
        article.latest_revision.refresh_from_db()  # as stored: the hash is over JSON types
        Provenance.objects.filter(pk=provenance.pk).update(**self._traced(article, draft=draft))

    def _record(self, created: list[Article], *, outcomes: list[Outcome]) -> None:
        """One event for the batch."""
        written = [outcome for outcome in outcomes if outcome.result in {"created", "updated"}]
        if not written:
            return
        audit.record(
            "articles.import",
            by=self.source.by,
            now=self.source.now,
            origin=self.source.origin,
            file=self.source.file_name,
            lines=[min(outcome.line for outcome in written), max(outcome.line for outcome in written)],
            created=[article.pk for article in created],
            updated=[outcome.data["article"] for outcome in written if outcome.result == "updated"],
        )


def _why_left_alone(provenance: Provenance) -> str:
    """The code of the reason why an article that came from here before is no longer the import's to change; "" when it is."""
    article = provenance.article
    if article.trashed_at:
        return "importing.in_bin"
    if article.locked:
        return "importing.locked"
    is_as_imported = article.latest_revision and content.content_sha256(article.latest_revision) == provenance.imported_sha256
    return "" if is_as_imported else "importing.edited_here"


def _reason(error: Exception) -> str:
    return "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)

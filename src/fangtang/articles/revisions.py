"""The one path on which a revision of an article comes to be.

Whoever saves (the editor's form, a revert, a bulk action, an import of what is here already, a shell) ends in `save_revision`, and there the
open turn is superseded and the act is written into the audit log, in the same transaction. The one exception is the first revision of a newly
imported article: `importing/load.py` writes these in bulk, with one event for the batch; nothing of a new article can be under review. A
revision is never overwritten and never scheduled: a turn or a release may name it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision, RevisionMixin

from fangtang.audit import actions as audit
from fangtang.people.models import User
from fangtang.reviews import actions as reviews

ROW_FACTS = frozenset({"created_by", "created_at", "changed_at", "latest_revision", "trashed_at", "locked", "locked_by", "locked_at"})
"""What a revision carries along though nobody wrote it."""


class KeptRevisions(RevisionMixin):
    """Revisions that supersede what was being read."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save_revision(  # noqa: PLR0913  Wagtail's own signature
        self,
        user: User | None = None,
        approved_go_live_at: datetime | None = None,
        changed: bool = True,
        log_action: bool | str = False,
        previous_revision: Revision | None = None,
        clean: bool = True,
        overwrite_revision: Revision | None = None,
        now: datetime | None = None,
    ) -> Revision:
        """A new revision, also when asked to overwrite or to schedule one. `now` is given by our actions; Wagtail's own doors have none."""
        at = now or timezone.now()
        revision = super().save_revision(user=user, changed=changed, log_action=log_action or True, previous_revision=previous_revision, clean=clean)
        if now:
            revision.created_at = now
            revision.save(update_fields=["created_at"])
        reviews.supersede(self, by=user, now=at)
        audit.record("articles.save", by=user, now=at, subject=self, unit_id=self.unit_id, **_facts(revision, previous_revision))
        return revision


def _facts(revision: Revision, reverted_to: Revision | None) -> dict[str, Any]:
    return {"revision": revision.pk} | ({"reverted_to": reverted_to.pk} if reverted_to else {})


def fields_of(article: KeptRevisions) -> dict[str, Any]:
    """The article as a revision of it would be saved."""
    fields: dict[str, Any] = json.loads(json.dumps(article.serializable_data(), cls=DjangoJSONEncoder))
    return fields


def is_same(article: KeptRevisions, revision: Revision) -> bool:
    """Whether saving the article would make a revision that differs in nothing that anybody wrote."""
    return _written(fields_of(article)) == _written(revision.content)


def _written(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name not in ROW_FACTS}
    placements = [{name: value for name, value in row.items() if name not in ("pk", "article")} for row in fields.get("placements", ())]
    return kept | {"placements": placements, "body": json.loads(fields.get("body") or "[]")}

"""Which release each article follows.

An article follows its newest release. When that failed, it follows the newest one that did not: what was good last stands, whether it was served
long ago or waited together with the one that failed, and it opens and closes as its own revision says. A withdrawal is followed even when it failed,
so nothing that was taken down comes back; and so is a failed release whose rows stand already, because some sites may show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet

from fangtang.releases.models import Release, ReleaseKind
from fangtang.releases.states import BUILDING, DECIDED, FAILED, SERVED
from fangtang.snapshots.models import Shown


@dataclass(frozen=True, slots=True)
class Followed:
    """`newest` are articles that follow their newest release, by its id; `earlier` the release of each that follows an older one; `nothing` those
    without any that may stand. `later` are those whose newest one waits for its own turn."""

    newest: dict[int, int] = field(default_factory=dict)
    earlier: dict[int, Release] = field(default_factory=dict)
    nothing: list[int] = field(default_factory=list)
    later: set[int] = field(default_factory=set)

    @property
    def settled(self) -> list[int]:
        """Articles whose rows are brought up to date."""
        return [*self.newest, *self.earlier, *self.nothing]


def followed(article_ids: Sequence[int]) -> Followed:
    """What these articles follow; those without any release are left out."""
    found, newest = Followed(), _newest(Release.objects.filter(article__in=article_ids))
    status = {article_id: (pk, status) for pk, article_id, status in Release.objects.filter(pk__in=newest).values_list("pk", "article_id", "status")}
    good = _good([article_id for article_id, (_, status) in status.items() if status == FAILED])
    for article_id, (pk, state) in sorted(status.items()):
        if state == DECIDED:
            found.later.add(article_id)
        elif state != FAILED or (article_id in good and good[article_id].pk == pk):
            found.newest[article_id] = pk
        elif article_id in good:
            found.earlier[article_id] = good[article_id]
        else:
            found.nothing.append(article_id)
    return found


def _newest(releases: QuerySet[Release]) -> list[int]:
    return [row["newest"] for row in releases.order_by().values("article").annotate(newest=Max("pk"))]


def _good(article_ids: Sequence[int]) -> dict[int, Release]:
    """Of articles whose newest release failed, the newest release that may stand."""
    if not article_ids:
        return {}
    standing = Shown.objects.filter(article__in=article_ids).values("release")
    may_stand = Q(status__in=(BUILDING, SERVED)) | Q(kind=ReleaseKind.WITHDRAW) | Q(pk__in=standing)
    newest = _newest(Release.objects.filter(may_stand, article__in=article_ids))
    return {release.article_id: release for release in Release.objects.filter(pk__in=newest).select_related("revision")}

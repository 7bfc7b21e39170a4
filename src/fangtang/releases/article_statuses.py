"""What this room offers to articles: public statuses, and the last released revision."""

from __future__ import annotations

from django.db.models import BigIntegerField, Exists, Expression, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fangtang.articles import registry
from fangtang.articles.statuses import Status
from fangtang.releases.models import Release, ReleaseKind, Standing


def _stands() -> Exists:
    return Exists(Standing.objects.filter(article=OuterRef("pk")))


def _of_kind(kind: str) -> Exists:
    last = Release.objects.filter(article=OuterRef(OuterRef("pk"))).order_by("-pk").values("pk")[:1]
    return Exists(Release.objects.filter(article=OuterRef("pk"), kind=kind, pk=Subquery(last)))


def _standing() -> Expression | Q:
    return Q(_stands())


def _withdrawn() -> Expression | Q:
    return Q(_of_kind(ReleaseKind.WITHDRAW))


def _legacy() -> Expression | Q:
    return Q(_stands()) & Q(_of_kind(ReleaseKind.LEGACY))


for _status in (
    Status("standing", _("Stands in public"), _standing),
    Status("withdrawn", _("Withdrawn"), _withdrawn),
    Status("legacy", _("Taken over, not reviewed here"), _legacy),
):
    registry.statuses.register(_status.code)(_status)


@registry.released_revisions.register("releases")
def released_revision() -> Expression:
    """Id of the revision that was last put up, also when it was withdrawn since."""
    ups = Release.objects.filter(article=OuterRef("pk")).exclude(kind=ReleaseKind.WITHDRAW).order_by("-pk")
    return Coalesce(Subquery(ups.values("revision_id")[:1]), None, output_field=BigIntegerField())

"""What this room offers to articles: public statuses, and the last released revision."""

from __future__ import annotations

from django.db.models import Exists, Expression, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from fangtang.articles import registry
from fangtang.articles.statuses import Status
from fangtang.releases.models import Release, ReleaseKind, Standing


def _stands() -> Exists:
    return Exists(Standing.objects.filter(article=OuterRef("pk")))


def _last_is(kind: str) -> Exists:
    later = Release.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    return Exists(Release.objects.filter(~Exists(later), article=OuterRef("pk"), kind=kind))


def _standing() -> Expression | Q:
    return Q(_stands())


def _withdrawn() -> Expression | Q:
    return Q(_last_is(ReleaseKind.WITHDRAW))


def _legacy() -> Expression | Q:
    return Q(_stands()) & Q(_last_is(ReleaseKind.LEGACY))


for _status in (
    Status("standing", _("Stands in public"), _standing),
    Status("withdrawn", _("Withdrawn"), _withdrawn),
    Status("legacy", _("Taken over, not reviewed here"), _legacy),
):
    registry.statuses.register(_status.code)(_status)


@registry.released.register("releases")
def released() -> Exists:
    """A revision goes out only while it is the newest: where the newest one went out, it was the last to do so."""
    return Exists(Release.objects.filter(revision=OuterRef("latest_revision")).exclude(kind=ReleaseKind.WITHDRAW))

"""What desk pages show, as plain values ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fangtang.articles.models import Article, Placement
from fangtang.kernel.errors import FangtangError, Invalid, NotPossible, Obstacle, Stale
from fangtang.outlets.models import Section, Site
from fangtang.releases import presenters as releases
from fangtang.releases.models import Address, Release
from fangtang.reviews import presenters as reviews
from fangtang.reviews.models import Step, Turn
from fangtang.snapshots import presenters as snapshots
from fangtang.snapshots.models import Incident


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a worklist: where it leads, what it is, whose and since when, and a remark."""

    url: str
    title: str
    what: str
    unit: str
    at: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An obstacle as people read it."""

    sentence: str
    clearers: str = ""


def moment(at: datetime | None) -> str:
    """A moment in the body's timezone, to the minute; "" for none."""
    return date_format(timezone.localtime(at), "Y-m-d H:i") if at else ""


def incident_row(incident: Incident) -> Row:
    seen = _("looked at by %(person)s") % {"person": incident.seen_by} if incident.seen_at else _("nobody has looked at it")
    return Row(
        reverse("desk:incident", args=[incident.pk]),
        snapshots.kind(incident.kind),
        snapshots.state(incident.count, incident.restored),
        sites_named(incident),
        moment(incident.at),
        seen,
    )


SITES_NAMED = 3


def sites_named(incident: Incident) -> str:
    """The sites concerned, the first few by name."""
    names = [site.name for site in incident.sites.all()]
    more = len(names) - SITES_NAMED
    first = "、".join(names[:SITES_NAMED])
    return first if more <= 0 else _("%(sites)s and %(count)d more") % {"sites": first, "count": more}


def step_row(step: Step) -> Row:
    return Row(
        reverse("desk:step", args=[step.pk]),
        step.turn.title,
        reviews.step_name(step.kind, step.level),
        str(step.turn.unit),
        moment(step.turn.opened_at),
        _("from %(person)s") % {"person": step.turn.opened_by},
    )


def turn_row(turn: Turn) -> Row:
    return Row(
        reverse("desk:turn", args=[turn.pk]), turn.title, str(reviews.TURN_STATUS[turn.status]), str(turn.unit), moment(turn.closed_at or turn.opened_at)
    )


def ready_row(turn: Turn) -> Row:
    return Row(
        reverse("desk:sign", args=[turn.object_id]),
        turn.title,
        _("Waits for your signature"),
        str(turn.unit),
        moment(turn.opened_at),
        _("from %(person)s") % {"person": turn.opened_by},
    )


def release_row(release: Release) -> Row:
    what = f"{release.get_kind_display()} · {releases.STATUS[release.status]}"
    return Row(reverse("desk:release", args=[release.pk]), release.article.title, what, str(release.article.unit), moment(release.at), str(release.by or ""))


def said(obstacles: Iterable[Obstacle]) -> list[Said]:
    return [Said(releases.sentence(obstacle), releases.clearers(obstacle)) for obstacle in obstacles]


def sentences(error: FangtangError) -> list[Said]:
    """What an error says to people, one sentence for each reason."""
    if isinstance(error, NotPossible):
        return said(error.obstacles)
    if isinstance(error, Stale | Invalid):
        return [Said(releases.sentence(Obstacle(error.code, error.data)))]
    raise error


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text will appear."""

    site_key: str
    site: str
    section: str
    own_title: str
    is_closed: bool
    remarks: tuple[str, ...]
    """How it is placed there: pinned, from, until."""


def places_of(article: Article) -> list[Place]:
    """Where a revision's text will appear; sections that are gone are left to the gate to name."""
    placements = list(article.placements.all())
    sections = Section.objects.select_related("site").in_bulk([placement.section_id for placement in placements])
    found = [(placement, sections[placement.section_id]) for placement in placements if placement.section_id in sections]
    return [Place(s.site.key, s.site.name, s.name, p.own_title, s.closed_at is not None, tuple(_remarks(p))) for p, s in found]


def _remarks(placement: Placement) -> Iterable[str]:
    if placement.is_pinned:
        yield _("pinned, rank %(rank)s") % {"rank": placement.rank}
    if placement.visible_from:
        yield _("from %(moment)s") % {"moment": moment(placement.visible_from)}
    if placement.visible_until:
        yield _("until %(moment)s") % {"moment": moment(placement.visible_until)}


def steps_of(turn: Turn) -> list[dict[str, Any]]:
    """The turn so far, step by step."""
    return [
        {
            "name": reviews.step_name(step.kind, step.level),
            "status": step.status,
            "status_name": reviews.STEP_STATUS[step.status],
            "by": str(step.by or ""),
            "stood_in_for": str(step.post.user) if step.post and step.post.user_id != step.by_id else "",
            "at": moment(step.at),
            "comment": step.comment,
            "marks": step.marks,
            "signature": step.signature,
            "sha256": step.content_sha256[:12],
        }
        for step in turn.steps.select_related("by", "post__user")
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """An address as a link."""

    site: str
    path: str
    url: str
    is_canonical: bool


def addresses_of(article: Article) -> list[Shown]:
    """Where an article stands now, the canonical address first."""
    rows = Address.objects.filter(article=article, is_current=True).select_related("site__wagtail_site").order_by("-is_canonical", "site_id")
    return [Shown(str(row.site), row.path, f"{_origin(row.site)}/{row.path}", row.is_canonical) for row in rows]


def _origin(site: Site) -> str:
    """Scheme, host and port of a public site."""
    host = site.wagtail_site
    port = "" if host.port in (80, 443) else f":{host.port}"
    return f"{settings.PUBLIC_SCHEME}://{host.hostname}{port}"

"""Who may reach the desk's own addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from fangtang.articles.models import Article
from fangtang.people.access import SIGNED_IN, UnitPaths, declare, roles
from fangtang.people.models import Unit
from fangtang.people.roles import PUBLISHING, REVIEWERS, Role
from fangtang.releases import queries as releases
from fangtang.releases.models import Release
from fangtang.reviews.models import ReviewPlan, Step, Turn
from fangtang.snapshots import queries as snapshots
from fangtang.snapshots.models import Incident


def units_of_step(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    return tuple(Step.objects.filter(pk=captured["step_id"]).values_list("turn__unit__path", flat=True))


def units_of_turn(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    return tuple(Turn.objects.filter(pk=captured["turn_id"]).values_list("unit__path", flat=True))


def units_of_article(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    return tuple(Article.objects.filter(pk=captured["article_id"]).values_list("unit__path", flat=True))


def units_of_standing(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The article's unit, and the one whose text stands in public: they differ while a change of unit is not released."""
    article = Article.objects.filter(pk=captured["article_id"]).first()
    return (*units_of_article(request, captured), *_signed_for(releases.last_signed_of(article) if article else None))


def units_of_release(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The article's unit, and the one whose text was released."""
    release = Release.objects.filter(pk=captured["release_id"]).select_related("revision", "article__unit").first()
    return (release.article.unit.path, *_signed_for(release)) if release else ()


def _signed_for(release: Release | None) -> UnitPaths:
    return tuple(Unit.objects.filter(pk=release.revision.content["unit"]).values_list("path", flat=True)) if release else ()


def units_of_plan(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The unit of the plan's site; for a plan of the whole body every root unit (the view leaves it to operators)."""
    plan = ReviewPlan.objects.filter(pk=captured["plan_id"]).select_related("site__unit", "section__site__unit").first()
    if plan is None:
        return ()
    site = plan.site or (plan.section.site if plan.section else None)
    return (site.unit.path,) if site else tuple(Unit.get_root_nodes().values_list("path", flat=True))


def units_of_incident(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """The units whose sites are concerned; every root unit for an incident of the whole store."""
    incident = Incident.objects.filter(pk=captured["incident_id"]).first()
    return snapshots.units_of(incident) if incident else ()


declare(SIGNED_IN.by("GET", "HEAD"), "desk:work")
declare(roles(Role.PROOFREADER, *REVIEWERS).of(units_of_step), "desk:step")
declare(roles(*PUBLISHING).by("GET", "HEAD").of(units_of_turn), "desk:turn", "desk:text")
declare(roles(Role.CHIEF_EDITOR).by("POST").of(units_of_turn), "desk:return")
declare(roles(Role.EDITOR).by("POST").of(units_of_turn), "desk:recall")
declare(roles(Role.CHIEF_EDITOR).of(units_of_article), "desk:sign")
declare(roles(Role.CHIEF_EDITOR).of(units_of_standing), "desk:withdraw")
declare(roles(*PUBLISHING, Role.OPERATOR).by("GET", "HEAD").of(units_of_release), "desk:release")
declare(roles(Role.CHIEF_EDITOR, Role.OPERATOR).by("POST").of(units_of_release), "desk:retry")
declare(roles(Role.SITE_MANAGER, Role.OPERATOR), "desk:plans", "desk:plan_add")
declare(roles(Role.SITE_MANAGER, Role.OPERATOR).of(units_of_plan), "desk:plan", "desk:plan_delete")
declare(roles(*snapshots.WATCHING).by("GET", "HEAD"), "desk:incidents", "desk:snapshots")
declare(roles(*snapshots.WATCHING).of(units_of_incident), "desk:incident")

"""Worklists, steps and turns, signing and releases, review plans."""

from __future__ import annotations

import pytest

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.outlets.models import Section, Site
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.releases import states as release_states
from fangtang.releases.models import Release
from fangtang.reviews import actions, queries
from fangtang.reviews.models import ReviewPlan, Turn
from fangtang.snapshots import noticing
from tests import factories
from tests.factories import NOW
from tests.house import samples
from tests.house.samples import COMMON, Of, Place


@samples.kind("plan")
def plan(place: Place) -> int:
    """One review for the place's own site; every turn of the walk is opened under it."""
    return ReviewPlan.objects.create(name=f"{COMMON} {place.marker}", steps=["review:1"], site_id=place.of("site")).pk


@samples.kind("incident")
def incident(place: Place) -> int:
    """On the place's own site, whose name bears its marker; the evidence names it too."""
    key = Site.objects.get(pk=place.of("site")).key
    spot = {"place": f"trees/{place.marker}", "path": f"{place.marker}.html", "site": key, "reason": "changed", "restored": True, "found": []}
    told = {"id": place.marker, "at": NOW.isoformat(), "kind": "changed", "noticed": "watch", "count": 1, "restored": 1, "sites": [key], "places": [spot]}
    made = noticing.take_up(told, now=NOW)
    assert made is not None
    return made.pk


@samples.kind("reader")
def reader(place: Place) -> int:
    return factories.person(f"{place.marker}.reader", Role.REVIEWER_1, place.unit).pk


@samples.kind("chief")
def chief(place: Place) -> int:
    return factories.person(f"{place.marker}.chief", Role.CHIEF_EDITOR, place.unit).pk


@samples.kind("turn")
def turn(place: Place) -> int:
    """Open: its step is due."""
    return _opened(place).pk


@samples.kind("step")
def step(place: Place) -> int:
    return Turn.objects.get(pk=place.of("turn")).steps.get().pk


@samples.kind("returned_turn")
def returned_turn(place: Place) -> int:
    opened = _opened(place)
    actions.send_back(opened.steps.get(), seen_sha256=opened.content_sha256, comment=place.marker, by=_person(place, "reader"), now=NOW)
    return opened.pk


@samples.kind("passed_turn")
def passed_turn(place: Place) -> int:
    return _passed(place).pk


@samples.kind("passed_article")
def passed_article(place: Place) -> int:
    return int(Turn.objects.get(pk=place.of("passed_turn")).object_id)


@samples.kind("release")
def release(place: Place) -> int:
    passed = _passed(place)
    article = Article.objects.get(pk=passed.object_id)
    return releases.sign(article, seen_sha256=passed.content_sha256, by=_person(place, "chief"), now=NOW).pk


@samples.kind("released_article")
def released_article(place: Place) -> int:
    return Release.objects.get(pk=place.of("release")).article_id


@samples.kind("failed_release")
def failed_release(place: Place) -> int:
    """Another one, which the builder gave up."""
    passed = _passed(place)
    article = Article.objects.get(pk=passed.object_id)
    made = releases.sign(article, seen_sha256=passed.content_sha256, by=_person(place, "chief"), now=NOW)
    Release.objects.filter(pk=made.pk).update(status=release_states.FAILED)
    return made.pk


def _person(place: Place, kind: str) -> User:
    return User.objects.get(pk=place.of(kind))


def _opened(place: Place) -> Turn:
    """A turn of an article of its own, with the marker in title, text and by-line."""
    place.of("plan")
    words = f"{COMMON} {place.marker}"
    section = Section.objects.get(pk=place.of("section"))
    fields = {"title": words, "author": place.marker, "source": place.marker, "body": [("text", f"<p>{words}</p>")]}
    article = articles.create(unit=place.unit, by=place.editor, now=NOW, sections=[section], **fields)
    return articles.submit(article, by=place.editor, now=NOW)


def _passed(place: Place) -> Turn:
    opened = _opened(place)
    due = queries.due_step(opened)
    assert due is not None
    actions.approve(due, seen_sha256=opened.content_sha256, comment=place.marker, by=_person(place, "reader"), now=NOW)
    opened.refresh_from_db()
    return opened


def signature(of: Of) -> dict[str, object]:
    passed = Turn.objects.filter(pk=of("passed_turn")).first()
    return {"seen_sha256": passed.content_sha256 if passed else "", "is_confirmed": "on"}


for worklist, kind in (("waiting", "step"), ("ready", "passed_turn"), ("released", "release")):
    samples.register("desk:work", lambda of, name=worklist: {"name": name}, shows=kind)
for worklist in ("returned", "mine", "barred"):
    samples.register("desk:work", lambda of, name=worklist: {"name": name})
samples.register("desk:step", lambda of: {"step_id": of("step")}, shows="step")
for kind in ("turn", "returned_turn", "passed_turn"):
    samples.register("desk:turn", lambda of, kind=kind: {"turn_id": of(kind)}, shows=kind)
samples.register("desk:text", lambda of: {"turn_id": of("turn")}, shows="turn")
samples.register("desk:text", lambda of: {"turn_id": of("turn")}, query=lambda of: {"site": of("site")}, shows="turn")
samples.register("desk:return", lambda of: {"turn_id": of("passed_turn")}, post=lambda of: {"comment": "once more"})
samples.register("desk:recall", lambda of: {"turn_id": of("turn")})
samples.register("desk:incidents", shows="incident")
samples.register("desk:incident", lambda of: {"incident_id": of("incident")}, shows="incident")
samples.register("desk:incident", lambda of: {"incident_id": of("incident")}, post=lambda of: {"note": "looked at"})
samples.register("desk:snapshots", shows="site")
samples.register("desk:plans", shows="plan")
samples.register("desk:plan_add", post=lambda of: {"name": "new", "step_1": "review:1", "site": of("site")})
samples.register("desk:plan", lambda of: {"plan_id": of("plan")}, shows="plan")
samples.register("desk:plan", lambda of: {"plan_id": of("plan")}, post=lambda of: {"name": "new", "step_1": "review:1"})
samples.register("desk:plan_delete", lambda of: {"plan_id": of("plan")}, shows="plan")
samples.register("desk:sign", lambda of: {"article_id": of("passed_article")}, post=signature, shows="passed_article")
samples.register("desk:withdraw", lambda of: {"article_id": of("released_article")}, post=lambda of: {"reason": "wrong"}, shows="released_article")
samples.register("desk:release", lambda of: {"release_id": of("release")}, shows="release")
samples.register("desk:retry", lambda of: {"release_id": of("failed_release")})


@samples.second_rule("desk:plan", "desk:plan_delete")
def take_away_managed_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "plans_managed_by", lambda person, *, day: ReviewPlan.objects.order_by("pk"))


@samples.second_rule("desk:recall", "desk:return")
def take_away_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "post_for", lambda person, *, role, unit, day: person.posts.first())


@samples.second_rule("desk:retry")
def take_away_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "units_of", lambda person, *, roles=None, day: Unit.objects.all())

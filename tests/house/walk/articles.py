"""Articles and the choosing of sections."""

from __future__ import annotations

import pytest
from wagtail.models import Revision

from fangtang.articles import actions
from fangtang.articles.models import Article
from fangtang.articles.permissions import ArticlePolicy
from fangtang.articles.views import scope
from fangtang.outlets import choosers
from fangtang.outlets.models import Section
from tests import factories
from tests.articles.forms import filled
from tests.factories import NOW
from tests.house import samples
from tests.house.samples import COMMON, Of, Place


@samples.kind("article")
def article(place: Place) -> int:
    """In a section of the place's own site, with its marker in title, text and by-line."""
    section = Section.objects.get(pk=place.of("section"))
    body = [("text", f"<p>{COMMON} {place.marker}</p>")]
    made = actions.create(unit=place.unit, by=place.editor, now=NOW, sections=[section], title=f"{COMMON} {place.marker}", author=place.marker, body=body)
    return made.pk


@samples.kind("section")
def section(place: Place) -> int:
    site = factories.site(f"site-{place.unit.key}", unit=place.unit)
    return factories.section(site, f"news-{place.unit.key}", name=f"{COMMON} {place.marker}").pk


@samples.kind("revision")
def revision(place: Place) -> int:
    return Revision.objects.filter(object_id=str(place.of("article")), content_type__app_label="articles").latest("pk").pk


def one(of: Of) -> dict[str, object]:
    return {"pk": of("article")}


def with_revision(of: Of) -> dict[str, object]:
    return {"pk": of("article"), "revision_id": of("revision")}


def two_revisions(of: Of) -> dict[str, object]:
    return {"pk": of("article"), "revision_id_a": of("revision"), "revision_id_b": of("revision")}


for name in ("list", "list_results"):
    samples.register(f"articles:{name}", shows="article")
    samples.register(f"articles:{name}", query=lambda of: {"q": COMMON}, shows="article")
    samples.register(f"articles:{name}", query=lambda of: {"q": COMMON, "status": "draft", "section": of("section")})
    samples.register(f"articles:{name}", query=lambda of: {"ordering": "-changed_at", "p": "2"})
for name in ("edit", "inspect", "history", "history_results", "delete", "take_back", "lock", "unlock"):
    samples.register(f"articles:{name}", one)
REVISIONS = ("revisions_view", "revisions_revert", "revisions_compare")
samples.register("articles:revisions_view", with_revision, shows="article")
samples.register("articles:revisions_revert", with_revision)
samples.register("articles:revisions_compare", two_revisions)
samples.register("articles:preview_on_edit", one)
samples.register("articles:add", post=lambda of: filled(unit=1, title=COMMON))
samples.register("articles:bulk", lambda of: {"act": "trash"}, query=lambda of: {"id": of("article")}, post=lambda of: {"id": of("article")})
samples.register("articles:bulk", lambda of: {"act": "place"}, query=lambda of: {"id": of("article")}, post=lambda of: {"id": of("article")})
for name in ("choose", "choose_results"):
    samples.register(f"section_chooser:{name}", shows="section")
    samples.register(f"section_chooser:{name}", query=lambda of: {"q": COMMON}, shows="section")
samples.register("section_chooser:chosen", lambda of: {"pk": of("section")}, shows="section")
samples.register("section_chooser:chosen_multiple", query=lambda of: {"id": of("section")}, shows="section")


NAMES = ("edit", "inspect", "history", "history_results", "delete", "take_back", "lock", "unlock", "preview_on_edit", *REVISIONS)


@samples.second_rule(*(f"articles:{name}" for name in NAMES))
def take_away_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope.Editable, "scope", lambda view: Article.objects.all())
    monkeypatch.setattr(scope.Visible, "scope", lambda view: Article.objects.all())
    monkeypatch.setattr(ArticlePolicy, "user_has_permission_for_instance", lambda policy, user, action, article: True)


@samples.second_rule("section_chooser:chosen")
def take_away_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosers, "offered", lambda request: Section.objects.select_related("site"))

"""The register: sites, sections, home pages."""

from __future__ import annotations

import pytest

from fangtang.outlets import queries
from fangtang.outlets.models import Home, Section, Site
from tests.house import samples
from tests.house.samples import COMMON, Of, Place

HOMES = "wagtailsnippets_outlets_home:"


@samples.kind("site")
def site(place: Place) -> int:
    """With the marker in its profile; the site in which the place's section stands."""
    found = Site.objects.get(sections=place.of("section"))
    found.name = found.description = found.sponsor = f"{COMMON} {place.marker}"
    found.save()
    return found.pk


@samples.kind("home")
def home(place: Place) -> int:
    """Laid out with a sentence, and the place's section below it."""
    laid_out = Home.objects.get(site=place.of("site"))
    shown = {"title": place.marker, "sections": [Section.objects.get(pk=place.of("section"))], "most": 6, "width": "full"}
    laid_out.layout = [("notice_bar", {"text": place.marker, "url": ""}), ("section_list", shown)]
    laid_out.save()
    laid_out.save_revision(user=place.editor)
    return laid_out.pk


@samples.kind("home_revision")
def home_revision(place: Place) -> int:
    return Home.objects.get(pk=place.of("home")).latest_revision_id


def one_home(of: Of) -> dict[str, object]:
    return {"pk": of("home")}


def home_with_revision(of: Of) -> dict[str, object]:
    return {"pk": of("home"), "revision_id": of("home_revision")}


def two_revisions(of: Of) -> dict[str, object]:
    return {"pk": of("home"), "revision_id_a": of("home_revision"), "revision_id_b": of("home_revision")}


def section_form(of: Of) -> dict[str, object]:
    return {"name": COMMON, "slug": "fresh", "kind": "news", "description": "", "freshness_days": "", "under": of("section")}


for name in ("index", "index_results"):
    samples.register(f"sites_register:{name}", shows="site")
samples.register("sites_register:edit", lambda of: {"pk": of("site")}, shows="site")
samples.register("sections:of_site", lambda of: {"site_pk": of("site")}, shows="section")
samples.register("sections:add", lambda of: {"site_pk": of("site")}, shows="site", offers_units=True)
samples.register("sections:add", lambda of: {"site_pk": of("site")}, post=section_form, offers_units=True)
samples.register("sections:edit", lambda of: {"pk": of("section")}, shows="section", offers_units=True)
for verb in ("up", "close", "delete"):
    samples.register("sections:verb", lambda of, verb=verb: {"pk": of("section"), "verb": verb})
for name in ("list", "list_results"):
    samples.register(HOMES + name, shows="home")
samples.register(HOMES + "edit", one_home, shows="home")
samples.register(HOMES + "history", one_home, shows="home")
for name in ("history_results", "preview_on_edit"):
    samples.register(HOMES + name, one_home)
samples.register(HOMES + "revisions_view", home_with_revision, shows="home")
samples.register(HOMES + "revisions_revert", home_with_revision, shows="home")
samples.register(HOMES + "revisions_compare", two_revisions, shows="home")


@samples.second_rule("sites_register:edit", "sections:of_site", "sections:add", "sections:edit", "sections:verb", HOMES + "edit", HOMES + "revisions_revert")
def take_away_managed_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "managed_sites", lambda person, *, day: Site.objects.order_by("pk"))

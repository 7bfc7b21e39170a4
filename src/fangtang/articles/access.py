"""Who may reach the addresses of articles: editors write for their units, everybody who reads for release sees the articles of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from fangtang.articles import queries
from fangtang.articles.permissions import ROLES
from fangtang.people import registry
from fangtang.people.access import UnitPaths, declare, roles
from fangtang.people.permissions import grant
from fangtang.people.roles import PUBLISHING, Role

ARTICLES = "articles:"
SECTIONS = "section_chooser:"


def article(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Unit of the article that the address names."""
    return queries.unit_paths(captured["pk"])


def section(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units whose articles the section that the address names takes."""
    return queries.paths_taken_by(captured["pk"])


@registry.owners.register("articles.article")
def owners(pk: str) -> UnitPaths:
    """For Wagtail's editing sessions."""
    return queries.unit_paths(pk)


WRITING, READING = roles(Role.EDITOR), roles(*PUBLISHING)

declare(READING, ARTICLES + "list", ARTICLES + "list_results")
declare(READING.of(article).by("GET", "HEAD"), *(ARTICLES + name for name in ("inspect", "history", "history_results", "revisions_view", "revisions_compare")))
declare(WRITING, ARTICLES + "add", ARTICLES + "bulk")
declare(WRITING.of(article), *(ARTICLES + name for name in ("edit", "delete", "take_back", "revisions_revert")))
declare(WRITING.of(article).by("POST"), ARTICLES + "lock", ARTICLES + "unlock")
declare(WRITING.by("GET", "HEAD", "POST", "DELETE"), ARTICLES + "preview_on_add")
declare(WRITING.of(article).by("GET", "HEAD", "POST", "DELETE"), ARTICLES + "preview_on_edit")
declare(WRITING.by("GET", "HEAD"), *(SECTIONS + name for name in ("choose", "choose_results", "chosen_multiple")))
declare(WRITING.of(section).by("GET", "HEAD"), SECTIONS + "chosen")

for action, having in ROLES.items():
    grant(f"articles.{action}_article", *having)

"""Who may reach the register's addresses: site managers, for the sites of their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from fangtang.kernel.sent import decimal_id
from fangtang.outlets.models import Home, Section, Site
from fangtang.people.access import UnitPaths, declare, roles
from fangtang.people.permissions import grant
from fangtang.people.roles import Role

MANAGING = roles(Role.SITE_MANAGER)


def site(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Unit of the site that the address names."""
    return tuple(Site.objects.filter(pk=captured.get("site_pk", captured.get("pk"))).values_list("unit__path", flat=True))


def section(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Unit of the site of the section that the address names."""
    return tuple(Section.objects.filter(pk=captured["pk"]).values_list("site__unit__path", flat=True))


def home(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Unit of the site of the home page that the address names."""
    return tuple(Home.objects.filter(pk=decimal_id(captured["pk"]) or 0).values_list("site__unit__path", flat=True))


HOMES = "wagtailsnippets_outlets_home:"

declare(MANAGING, "sites_register:index", "sites_register:index_results", HOMES + "list", HOMES + "list_results")
declare(MANAGING.of(site), "sites_register:edit", "sections:of_site", "sections:add")
declare(MANAGING.of(section), "sections:edit")
declare(MANAGING.of(section).by("POST"), "sections:verb")
declare(
    MANAGING.of(home),
    *(HOMES + name for name in ("edit", "preview_on_edit", "history", "history_results", "revisions_view", "revisions_revert", "revisions_compare")),
)

for permission in ("outlets.view_site", "outlets.change_site", "outlets.view_section", "outlets.add_section", "outlets.change_section"):
    grant(permission, Role.SITE_MANAGER)
for permission in ("outlets.view_home", "outlets.change_home"):
    grant(permission, Role.SITE_MANAGER)

"""Pages for people who lost their way: not found, the site map, and what leads on from an old address."""

from __future__ import annotations

from dataclasses import dataclass

from fangtang.snapshots.theme.contexts.chrome import Chrome, Link


@dataclass(frozen=True, slots=True)
class NotFoundPage:
    """404: says so, offers the home page, the sections and the way to report a broken link."""

    chrome: Chrome
    url: str


@dataclass(frozen=True, slots=True)
class SiteMapPage:
    """The site map for people: sections with their subsections, to any depth flattened as (depth, link)."""

    chrome: Chrome
    url: str
    breadcrumb: tuple[Link, ...]
    rows: tuple[tuple[int, Link], ...]


@dataclass(frozen=True, slots=True)
class RedirectPage:
    """A page at an old address that leads to the new one without script."""

    chrome: Chrome
    url: str
    target_url: str

"""What machines read to find their way (sitemaps, robots.txt, moved addresses), and the pages for people who lost theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from fangtang.snapshots.pages.chrome import FEEDS, breadcrumb, local, section_link
from fangtang.snapshots.register import SiteRow
from fangtang.snapshots.theme.contexts import Chrome, NotFoundPage, SiteMapPage
from fangtang.snapshots.theme.render import render

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
OF_PAGES = "sitemaps/pages.xml"


def month_path(month: str) -> str:
    return f"sitemaps/{month}.xml"


def index(site: SiteRow, months: Mapping[str, datetime]) -> bytes:
    """sitemap.xml: one sitemap for the lists, one for each month with articles, with its last change."""
    entries = [(OF_PAGES, None), *((month_path(name), changed_at) for name, changed_at in months.items())]
    return _map("sitemapindex", "sitemap", site, entries)


def month(site: SiteRow, pages: Iterable[tuple[str, datetime]]) -> bytes:
    """The articles of one month whose canonical page is here, with their last change."""
    return _map("urlset", "url", site, pages)


def of_pages(site: SiteRow) -> bytes:
    """Home page and lists. Without a moment of change: what is not known exactly is not stated."""
    return _map("urlset", "url", site, [("", None), *((f"{section.address}/", None) for section in site.sections if not section.is_closed)])


def robots(site: SiteRow) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.base_url}/sitemap.xml\n".encode()


def moved(moves: Mapping[str, str]) -> bytes:
    """_redirects.json: former path → path."""
    table = {f"/{old}": f"/{new}" for old, new in sorted(moves.items())}
    return (json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n").encode()


def of_sections(site: SiteRow) -> dict[str, str]:
    """Former path → path of lists and feeds of sections that moved."""
    names = ("", *(name for _, name in FEEDS))
    return {f"{former}/{name}": f"{section.address}/{name}" for section in site.sections for former in section.former for name in names}


def not_found(chrome: Chrome) -> bytes:
    return render(NotFoundPage(chrome=chrome, url="/404.html"))


def for_people(site: SiteRow, *, chrome: Chrome) -> bytes:
    """The site map that people read."""
    rows = tuple((section.depth - 1, section_link(section)) for section in site.sections if not section.is_closed)
    return render(SiteMapPage(chrome=chrome, url="/sitemap.html", breadcrumb=breadcrumb(site), rows=rows))


def _map(root: str, element: str, site: SiteRow, entries: Iterable[tuple[str, datetime | None]]) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for path, changed_at in entries:
        changed = f"<lastmod>{local(changed_at).isoformat()}</lastmod>" if changed_at else ""
        lines.append(f"<{element}><loc>{escape(f'{site.base_url}/{quote(path)}')}</loc>{changed}</{element}>")
    return "\n".join([*lines, f"</{root}>", ""]).encode()

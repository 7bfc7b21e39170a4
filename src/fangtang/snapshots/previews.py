"""How an article or a home page would look on a site: the page of the theme, complete in itself, because nothing of it is on the site yet."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fangtang.articles import rendering
from fangtang.articles.models import Article
from fangtang.media.models import File, Picture
from fangtang.outlets.models import Home, Site
from fangtang.releases.models import UNDATED
from fangtang.snapshots import blobs, drawing, media, prepare, register, sources
from fangtang.snapshots.models import Prepared
from fangtang.snapshots.pages import articles
from fangtang.snapshots.pages.chrome import frame
from fangtang.snapshots.register import SiteRow
from fangtang.snapshots.sources import PageRow
from fangtang.snapshots.targets import HOME

SHOWN = re.compile(r'src="/(?P<largest>media/[^"]+)"(?: srcset="(?P<sizes>[^"]*)")?')
"""A picture of a page, with its sizes from the smallest."""


def preview(article: Article, site: Site, saved: Mapping[str, Any]) -> bytes:
    """The page with its styles inside; pictures come from the desk. `saved` are the fields to be read, as a revision keeps them."""
    sites = register.read()
    row = sites[site.pk]
    prepared, assets = prepare.for_preview(saved)
    drawn = frame(row, emblem=media.emblem(row.emblem_id) if row.emblem_id else None)
    page, text = _page(article, row, prepared), sources.text_of(prepared)
    at = articles.place(row, page.section_id)
    html = articles.article(page, text, at=at, chrome=drawn.chrome, register=sites, is_preview=True).decode()
    for path, content in drawn.files:
        html = _inlined(html, path, content)
    for asset in assets:
        html = html.replace(asset.path, _desk_address(asset))
    return html.encode()


def home_preview(home: Home) -> bytes:
    """The page with the layout that `home` has in memory; styles and pictures inside."""
    sites = dict(register.read())
    layout = tuple({"type": block["type"], "value": block["value"]} for block in home.layout.get_prep_value())
    site = sites[home.site_id] = replace(sites[home.site_id], layout=layout)
    content = drawing.draw({site.id: [HOME]}, register=sites)[site.id]["index.html"]
    html = content.decode() if isinstance(content, bytes) else ""
    drawn = frame(site, emblem=media.emblem(site.emblem_id) if site.emblem_id else None)
    for path, content in drawn.files:
        html = _inlined(html, path, content)
    return _with_pictures(html, site).encode()


def _page(article: Article, site: SiteRow, prepared: Prepared) -> PageRow:
    placed = [site.section_by_id[one.section_id] for one in article.placements.all() if one.section_id in site.section_by_id]
    moment = article.shown_at or UNDATED  # the day of the first release, which is not known yet
    section = placed[0] if placed else None
    return PageRow(
        article_id=article.pk or 0,
        site_id=site.id,
        section_id=section.id if section else None,
        release_id=0,
        content_sha256="",
        path=f"{section.address}/" if section else "",
        title=prepared.fields["title"],
        canonical_site_id=site.id,
        canonical_path="",
        is_withdrawn=False,
        published_at=moment,
        changed_at=moment,
        notice="",
    )


def _inlined(html: str, path: str, content: bytes) -> str:
    """A file of the frame moved into the page."""
    if path.endswith(".css"):
        return html.replace(f'<link rel="stylesheet" href="/{path}">', f"<style>{content.decode()}</style>")
    kind = "image/svg+xml" if path.endswith(".svg") else "image/png"
    return html.replace(f'"/{path}"', f'"data:{kind};base64,{base64.b64encode(content).decode()}"')


def _with_pictures(html: str, site: SiteRow) -> str:
    """Pictures moved into the page, each in one size: they may be another unit's, whose shelves on the desk stay closed to who looks."""
    chosen = {found[0]: _middle(found["largest"], found["sizes"] or "") for found in SHOWN.finditer(html)}
    kept = sources.assets({site.id: sorted(set(chosen.values()))})
    inside = {path: base64.b64encode(blobs.read(kept[site.id, path])).decode() for path in set(chosen.values()) if (site.id, path) in kept}
    return SHOWN.sub(lambda found: f'src="data:image/webp;base64,{inside.get(chosen[found[0]], "")}"', html)


def _middle(largest: str, sizes: str) -> str:
    """Of three sizes the middle one: sharp enough for a card."""
    paths = [size.split()[0].lstrip("/") for size in sizes.split(",") if size.strip()] or [largest]
    return paths[len(paths) // 2]


def _desk_address(asset: rendering.Asset) -> str:
    """Where the desk shows a file to those who may see it."""
    if asset.kind == "file":
        return str(File.objects.get(pk=asset.pk).url)
    return str(Picture.objects.get(pk=asset.pk).get_rendition(asset.rendition).url)

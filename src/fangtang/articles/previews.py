"""How an article looks on a site before anybody released it: one preview for each site on which it is placed, unsaved text included.

The page itself is drawn by whoever registered in `registry.previews`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Revision

from fangtang.articles import registry, rendering, revisions
from fangtang.outlets.models import Site
from fangtang.outlets.previews import quiet

if TYPE_CHECKING:
    from fangtang.articles.models import Article

THEME = "snapshots.theme"
PLAIN = "plain"


def sites(article: Article) -> list[Site]:
    """The sites on which the article (saved or not) is placed; before it is placed anywhere, those of its unit."""
    sections = [placement.section_id for placement in article.placements.all() if placement.section_id]
    placed = list(Site.objects.filter(sections__in=sections).distinct().order_by("name", "pk"))
    return placed or list(Site.objects.filter(unit=article.unit_id).order_by("name", "pk"))


def modes(article: Article) -> list[tuple[str, str]]:
    """(key, name) of each preview; a plain one when there is no site at all."""
    return [(site.key, site.name) for site in sites(article)] or [(PLAIN, _("Without a site"))]


def page(article: Article, key: str) -> HttpResponse:
    """The preview of this key; the first one for a key that is none of this article's."""
    return _answer(article, revisions.fields_of(article), key)


def of_revision(revision: Revision, key: str) -> HttpResponse:
    """The same of what a revision kept, the library's words beside its pictures included: in the library they may be others by now."""
    return _answer(revision.as_object(), revision.content, key)


def _answer(article: Article, saved: Mapping[str, Any], key: str) -> HttpResponse:
    shown = sites(article)
    site = next((site for site in shown if site.key == key), shown[0] if shown else None)
    if site is not None and THEME in registry.previews:
        return quiet(registry.previews.get(THEME)(article, site, saved))
    return quiet(_plain(article, site, saved))


def _plain(article: Article, site: Site | None, saved: Mapping[str, Any]) -> bytes:
    """The text alone, while there is no site or nobody registered a theme."""
    drawn = rendering.body(saved, stock=rendering.stock_for(saved))
    body = mark_safe(drawn.html)  # noqa: S308  `rendering` sanitises
    return render_to_string("articles/preview.html", {"article": article, "site": site, "body": body}).encode()

"""What a page says about itself to machines: schema.org as JSON-LD, safe inside a script element."""

from __future__ import annotations

from typing import Any, Protocol

from markupsafe import Markup

from fangtang.snapshots.theme.addresses import absolute, local_sources
from fangtang.snapshots.theme.contexts import ArticlePage, Chrome, HomePage, Link, SectionPage, SiteMapPage
from fangtang.snapshots.theme.splicing import script_json

Node = dict[str, Any]


class Frame(Protocol):
    """What surrounds a page: the part of it that a page says about itself."""

    @property
    def chrome(self) -> Chrome: ...
    @property
    def breadcrumb(self) -> tuple[Link, ...]: ...
    @property
    def section(self) -> Link | None: ...


def for_article(page: ArticlePage, frame: Frame) -> Markup:
    """The article, its publisher and its place in the site."""
    base = frame.chrome.base_url
    article: Node = {
        "@type": "NewsArticle",
        "@id": page.canonical_url,
        "headline": page.title,
        "description": page.summary,
        "dateModified": page.modified_at.isoformat(),
        "inLanguage": page.language,
        "mainEntityOfPage": page.canonical_url,
        "keywords": list(page.keywords),
        "articleSection": frame.section.title if frame.section else "",
        "publisher": organization(frame.chrome),
    }
    if page.published_at:
        article["datePublished"] = page.published_at.isoformat()
    if page.author or page.source:
        article["author"] = {"@type": "Organization", "name": page.source or page.author}
    if sources := local_sources(page.lead_picture):
        article["image"] = absolute(base, sources[-1][0])
    return written(article, trail(base, (*frame.breadcrumb, Link(page.title, page.url))))


def for_section(page: SectionPage, frame: Frame) -> Markup:
    """The list and its place in the site."""
    base = frame.chrome.base_url
    listing: Node = {
        "@type": "CollectionPage",
        "name": page.title,
        "description": page.description,
        "url": page.canonical_url or absolute(base, page.url),
        "publisher": organization(frame.chrome),
    }
    return written(listing, trail(base, (*frame.breadcrumb, Link(page.title, page.url))))


def for_home(page: HomePage, frame: Frame) -> Markup:
    """The body behind the site."""
    return written(organization(frame.chrome) | {"description": page.description or frame.chrome.tagline})


def for_site_map(_: SiteMapPage, frame: Frame) -> Markup:
    """Only the place in the site."""
    return written(trail(frame.chrome.base_url, frame.breadcrumb))


def organization(chrome: Chrome) -> Node:
    """The body that answers for the site: its sponsor, or the site's own name."""
    node: Node = {
        "@type": "GovernmentOrganization",
        "name": chrome.footer.sponsor or chrome.site_name,
        "url": absolute(chrome.base_url, chrome.home_url),
    }
    if chrome.emblem_url:
        node["logo"] = absolute(chrome.base_url, chrome.emblem_url)
    return node


def trail(base_url: str, links: tuple[Link, ...]) -> Node:
    """The breadcrumb."""
    steps = [
        {"@type": "ListItem", "position": position, "name": link.title, "item": absolute(base_url, link.url)} for position, link in enumerate(links, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def written(*nodes: Node) -> Markup:
    """`nodes` as one JSON document that cannot end the script element it stands in."""
    return Markup(script_json({"@context": "https://schema.org", "@graph": list(nodes)}))  # noqa: S704 - escaped there

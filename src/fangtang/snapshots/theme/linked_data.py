"""What a page says about itself to machines: schema.org as JSON-LD, safe inside a script element."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from fangtang.snapshots.theme.addresses import absolute, local_sources
from fangtang.snapshots.theme.contexts import ArticlePage, Chrome, HomePage, Link, SectionPage, SiteMapPage

Node = dict[str, Any]

# json.dumps leaves these alone, an HTML parser does not: "</script>", "<!--", and the two line ends of JavaScript.
ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def for_article(page: ArticlePage) -> Markup:
    """The article, its publisher and its place in the site."""
    base = page.chrome.base_url
    article: Node = {
        "@type": "NewsArticle",
        "@id": page.canonical_url,
        "headline": page.title,
        "description": page.summary,
        "dateModified": page.modified_at.isoformat(),
        "inLanguage": page.language,
        "mainEntityOfPage": page.canonical_url,
        "keywords": list(page.keywords),
        "articleSection": page.section.title,
        "publisher": organization(page.chrome),
    }
    if page.published_at:
        article["datePublished"] = page.published_at.isoformat()
    if page.author or page.source:
        article["author"] = {"@type": "Organization", "name": page.source or page.author}
    if sources := local_sources(page.lead_picture):
        article["image"] = absolute(base, sources[-1][0])
    return written(article, trail(base, (*page.breadcrumb, Link(page.title, page.url))))


def for_section(page: SectionPage) -> Markup:
    """The list and its place in the site."""
    base = page.chrome.base_url
    listing: Node = {
        "@type": "CollectionPage",
        "name": page.title,
        "description": page.description,
        "url": page.canonical_url or absolute(base, page.url),
        "publisher": organization(page.chrome),
    }
    return written(listing, trail(base, (*page.breadcrumb, Link(page.title, page.url))))


def for_home(page: HomePage) -> Markup:
    """The body behind the site."""
    return written(organization(page.chrome) | {"description": page.description or page.chrome.tagline})


def for_site_map(page: SiteMapPage) -> Markup:
    """Only the place in the site."""
    return written(trail(page.chrome.base_url, page.breadcrumb))


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
    document = {"@context": "https://schema.org", "@graph": list(nodes)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES:  # five passes in C take a tenth of one str.translate
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - escaped above

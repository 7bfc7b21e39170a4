"""A public page as bytes: the same page gives the same bytes, whatever the zone, locale or hash seed.

Templates are compiled once. What is the same on every page of a site (its frame) is drawn once per equal Chrome and
spliced in, because one release redraws hundreds of pages of the same sites.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from fangtang.snapshots.theme import addresses, days, linked_data, words
from fangtang.snapshots.theme.contexts import (
    ArticlePage,
    Chrome,
    Headline,
    HomePage,
    Link,
    NotFoundPage,
    NoticeBar,
    PictureNews,
    PublicPage,
    QuickLinks,
    RedirectPage,
    SectionList,
    SectionPage,
    SiteMapPage,
    WithdrawnPage,
)

TEMPLATES: dict[type, str] = {
    ArticlePage: "article.html",
    WithdrawnPage: "withdrawn.html",
    SectionPage: "section.html",
    HomePage: "home.html",
    NotFoundPage: "not_found.html",
    SiteMapPage: "site_map.html",
    RedirectPage: "redirect.html",
}
BLOCKS: dict[type, str] = {
    Headline: "headline",
    SectionList: "section_list",
    PictureNews: "picture_news",
    QuickLinks: "quick_links",
    NoticeBar: "notice_bar",
}
SPEAKERS: dict[type, Callable[[Any], Markup]] = {
    ArticlePage: linked_data.for_article,
    SectionPage: linked_data.for_section,
    HomePage: linked_data.for_home,
    SiteMapPage: linked_data.for_site_map,
}
HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the content, ready to splice in."""

    head: Markup
    header: Markup
    footer: Markup


@dataclass(frozen=True, slots=True)
class Branch:
    """A section in the site map with what lies below it."""

    link: Link
    children: tuple[Branch, ...]


def render(page: PublicPage) -> bytes:
    """`page` as UTF-8 HTML."""
    chrome = page.chrome
    current_url = _current(page)
    speak = SPEAKERS.get(type(page))
    drawn = _template(TEMPLATES[type(page)]).render(
        page=page,
        chrome=chrome,
        frame=_frame(chrome, current_url, current_url == page.url, isinstance(page, HomePage)),
        linked_data=speak(page) if speak else "",
        **_voice(chrome.language),
    )
    return drawn.encode()


def html_language(language: str) -> str:
    """The `lang` value for a Django language code: zh-Hans for "zh-hans"."""
    return HTML_LANGUAGES.get(language, language)


def branches(rows: tuple[tuple[int, Link], ...]) -> tuple[Branch, ...]:
    """Rows of (depth, link), as a reader would indent them, as nested lists."""
    grown: list[Branch] = []
    start = 0
    while start < len(rows):
        depth, link = rows[start]
        end = next((i for i in range(start + 1, len(rows)) if rows[i][0] <= depth), len(rows))
        grown.append(Branch(link, branches(rows[start + 1 : end])))
        start = end
    return tuple(grown)


def _current(page: PublicPage) -> str:
    """The address of the navigation entry that `page` lies under; "" for none."""
    trail = {link.url for link in getattr(page, "breadcrumb", ())} | {page.url}
    trail.discard(page.chrome.home_url)
    entries = [link.url for link in page.chrome.navigation if link.url in trail]
    return entries[-1] if entries else ""


@lru_cache(maxsize=1024)
def _frame(chrome: Chrome, current_url: str, is_exact: bool, is_home: bool) -> Frame:
    head, footer = _ends(chrome)
    header = _template("header.html").render(chrome=chrome, current_url=current_url, is_exact=is_exact, is_home=is_home, **_voice(chrome.language))
    return Frame(head=head, header=Markup(header), footer=footer)  # noqa: S704 - drawn by our own templates


@lru_cache(maxsize=256)
def _ends(chrome: Chrome) -> tuple[Markup, Markup]:
    drawn = (_template(name).render(chrome=chrome, host=urlsplit(chrome.base_url).netloc, **_voice(chrome.language)) for name in ("head.html", "footer.html"))
    head, footer = (Markup(part) for part in drawn)  # noqa: S704 - drawn by our own templates
    return head, footer


@cache
def _voice(language: str) -> dict[str, SimpleNamespace | str | Callable[..., str]]:
    """What templates say in `language`: the fixed words, and how a day and a moment are written."""
    return {
        "words": words.spoken(language),
        "lang": html_language(language),
        "day": partial(days.day, language=language),
        "moment": partial(days.moment, language=language),
    }


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fangtang.snapshots.theme", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "href": addresses.href,
        "sources": addresses.local_sources,
        "size": days.size,
        "guideline_moment": days.guideline_moment,
        "html_language": html_language,
        "block": lambda block: BLOCKS[type(block)],
        "branches": branches,
    }
    environment.tests["local"] = addresses.is_local
    environment.globals["absolute"] = addresses.absolute
    return environment

"""A public page as bytes: the same page gives the same bytes, whatever the zone, locale or hash seed.

Templates are compiled once. What is the same on every page of a site (its frame) is drawn once per equal Chrome, and the pages of which there are
many are spliced (`splicing`), because one release redraws hundreds of pages of the same sites.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from fangtang.snapshots.theme import addresses, days, linked_data, words
from fangtang.snapshots.theme.contexts import (
    ArticlePage,
    Chrome,
    Entry,
    Headline,
    HomeBlock,
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
from fangtang.snapshots.theme.splicing import Splicer, lifted

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
SPEAKERS: dict[type, Callable[[Any, linked_data.Frame], Markup]] = {
    ArticlePage: linked_data.for_article,
    SectionPage: linked_data.for_section,
    HomePage: linked_data.for_home,
    SiteMapPage: linked_data.for_site_map,
}
SPLICED = (ArticlePage, SectionPage, HomePage, WithdrawnPage, RedirectPage)
BLOCKS_KEPT = 2048
"""Blocks of home pages that are kept as they were drawn: those of some hundred sites."""
HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What surrounds the content, ready to splice in, and the place in the site that many pages share. Compared by identity: equal ones are one."""

    chrome: Chrome
    head: Markup
    header: Markup
    footer: Markup
    breadcrumb: tuple[Link, ...]
    section: Link | None
    section_kind_label: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A section in the site map with what lies below it."""

    link: Link
    children: tuple[Branch, ...]


def render(page: PublicPage) -> bytes:
    """`page` as UTF-8 HTML."""
    frame = _frame_of(page)
    parts = _entries(page) if isinstance(page, SectionPage) else _blocks(page) if isinstance(page, HomePage) else ""
    kind: type = type(page)
    if kind in SPLICED:
        return _splicer(kind, page.chrome.language).drawn(frame, page, parts)
    return _plain(kind, page.chrome.language, frame, page, parts).encode()


def _frame_of(page: PublicPage) -> Frame:
    current_url = _current(page)
    place = (page.breadcrumb, page.section, page.section_kind_label) if isinstance(page, ArticlePage) else (getattr(page, "breadcrumb", ()), None, "")
    return _frame(page.chrome, current_url, current_url == page.url, isinstance(page, HomePage), *place)


def _plain(kind: type, language: str, frame: Frame, page: PublicPage, parts: str) -> str:
    """A page as Jinja draws it around the parts of it that were drawn before. The values may be slots."""
    speak = SPEAKERS.get(kind)
    linked = speak(page, frame) if speak else ""
    return _template(TEMPLATES[kind]).render(page=page, chrome=frame.chrome, frame=frame, parts=parts, linked_data=linked, **_voice(language))


@cache
def _splicer(kind: type, language: str) -> Splicer:
    return Splicer(partial(_plain, kind, language), "frame", "page", "parts")


def _entries(page: SectionPage) -> Markup:
    """The lines of a list, each drawn apart."""
    splicer = _entry_splicer(page.kind, page.chrome.language)
    return Markup(b"\n".join([splicer.drawn(None, entry) for entry in (*page.pinned, *page.entries)]).decode())  # noqa: S704 - drawn by our own templates


def _plain_entry(kind: str, language: str, _: None, entry: Entry) -> str:
    return _template("entry.html").render(entry=entry, kind=kind, **_voice(language)).strip("\n")


@cache
def _entry_splicer(kind: str, language: str) -> Splicer:
    return Splicer(partial(_plain_entry, kind, language), "nothing", "entry")


def _blocks(page: HomePage) -> Markup:
    return Markup("".join([_block(block, page.chrome.language) for block in page.blocks]))  # noqa: S704 - drawn by our own templates


@lru_cache(BLOCKS_KEPT)
def _block(block: HomeBlock, language: str) -> str:
    return _template("block.html").render(block=block, kind=BLOCKS[type(block)], **_voice(language))


@lifted
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
def _frame(
    chrome: Chrome, current_url: str, is_exact: bool, is_home: bool, breadcrumb: tuple[Link, ...], section: Link | None, section_kind_label: str
) -> Frame:
    head, footer = _ends(chrome)
    header = _header(chrome, current_url, is_exact, is_home)
    return Frame(chrome, head, header, footer, breadcrumb, section, section_kind_label)


@lru_cache(maxsize=1024)
def _header(chrome: Chrome, current_url: str, is_exact: bool, is_home: bool) -> Markup:
    drawn = _template("header.html").render(chrome=chrome, current_url=current_url, is_exact=is_exact, is_home=is_home, **_voice(chrome.language))
    return Markup(drawn)  # noqa: S704 - drawn by our own templates


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
        "day": lifted(partial(days.day, language=language)),
        "moment": lifted(partial(days.moment, language=language)),
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
    known: dict[str, Any]
    for known in (environment.filters, environment.tests):  # all that depend on their arguments alone: also `x is none` is a question to a slot
        known.update({name: lifted(cast("Callable[..., Any]", one)) for name, one in known.items() if not hasattr(one, "jinja_pass_arg")})
    environment.filters |= {
        "href": addresses.href,
        "sources": addresses.local_sources,
        "size": lifted(days.size),
        "guideline_moment": lifted(days.guideline_moment),
        "html_language": html_language,
        "branches": branches,
    }
    environment.tests["local"] = addresses.is_local
    environment.globals["absolute"] = addresses.absolute
    return environment

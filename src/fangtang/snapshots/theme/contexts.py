"""What a public page needs to be drawn, as plain values.

The builder fills these from released rows; the templates read nothing else. Every `url` is root-relative
("/news/…") when it stays on the site and absolute when it leaves it. Every `html` is already sanitised. Moments are
aware and already in the body's own timezone; days are local dates. Order of every tuple is the order shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A named address; `note` is a short line of text under it, where one is drawn (quick links)."""

    title: str
    url: str
    is_current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One image in the widths that were rendered, smallest first: (url, width in px, height in px).

    `alt` is "" only for a decorative image.
    """

    sources: tuple[tuple[str, int, int], ...]
    alt: str
    credit: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Footer:
    """What the national site guideline asks at the foot of every page. "" means: not stated, line left out."""

    sponsor: str = ""  # 主办单位
    operator: str = ""  # 承办单位
    identification_code: str = ""  # 网站标识码
    icp_number: str = ""  # ICP 备案号
    police_number: str = ""  # 公安备案号
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Chrome:
    """What is the same on every page of a site: the frame around the content.

    `base_url` has scheme, host and port, no trailing slash. `language` is "zh-hans", "zh-hant" or "en".
    `colour` and `accent` are "#rrggbb". `emblem_url` is "" when the site has none (the theme then draws the name
    alone). `stylesheet_urls` in cascade order: the theme's, then the site's. `navigation` marks nothing as current:
    the theme finds the current entry from the page's own address and breadcrumb, so that one Chrome serves a whole
    site and is drawn once.
    """

    site_name: str
    base_url: str
    language: str
    colour: str
    accent: str
    emblem_url: str
    stylesheet_urls: tuple[str, ...]
    navigation: tuple[Link, ...]
    footer: Footer
    feed_urls: tuple[Link, ...] = ()
    portal: Link | None = None  # the body's main site, when this is not it
    icon_url: str = ""  # the small picture of the browser tab; `assets.drawn_emblem` makes one
    tagline: str = ""  # a short line under the site's name
    home_url: str = "/"
    site_map_url: str = ""  # the site map for people; "" leaves its link out
    accessibility_url: str = ""  # the accessibility statement


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: an article as it stands in a section.

    A policy list also draws `document_number`, `issuing_body` and `made_on`; a people list draws `summary` as the
    person's post; a question list draws `summary` as the start of the answer.
    """

    title: str
    url: str
    published_on: date | None  # None: not known
    summary: str = ""
    picture: Picture | None = None
    is_pinned: bool = False
    section: Link | None = None
    document_number: str = ""
    issuing_body: str = ""
    made_on: date | None = None
    has_video: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download. `kind` is the upper-case ending ("PDF")."""

    title: str
    url: str
    kind: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article on one site. `canonical_url` is absolute; `is_copy` says that this page is not the canonical one.

    `breadcrumb` runs from the home page to the article's section; the article itself is not in it. (On a section
    page it ends with the parent; the page's own title is added by the theme.)
    `body_html` holds only the markup of `theme/README.md` (classes `b-…`).
    """

    chrome: Chrome
    url: str
    canonical_url: str
    is_copy: bool
    origin_site_name: str
    breadcrumb: tuple[Link, ...]
    section: Link
    section_kind_label: str  # ColumnType
    title: str
    short_title: str
    summary: str
    kind_label: str
    body_html: str
    attachments: tuple[Attachment, ...]
    published_at: datetime | None  # None: not known
    modified_at: datetime
    source: str
    source_url: str
    author: str
    editor: str  # 责任编辑; "" when not shown
    keywords: tuple[str, ...]
    document_number: str
    issuing_body: str
    made_on: date | None
    effective_on: date | None
    lead_picture: Picture | None
    language: str
    correction_notice: str = ""
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawnPage:
    """What stays at the address of an article taken down: the title, the day and the public notice."""

    chrome: Chrome
    url: str
    breadcrumb: tuple[Link, ...]
    title: str
    withdrawn_on: date
    notice: str


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One page of a section's list. Pages are numbered from the oldest: page 1 holds the oldest articles and never changes once full.

    `number` is this page's, `newest_number` the front's. The front page (at the section's own address) shows the
    newest page plus, when that is short, what fills it up; `entries` are newest first. `is_front` tells it.
    `canonical_url` is absolute; "" means: this page's own address. `keywords` become ColumnKeywords.
    """

    chrome: Chrome
    url: str
    breadcrumb: tuple[Link, ...]
    title: str
    kind: str  # news, notices, policy, qa, topic, people, gallery
    kind_label: str
    description: str
    pinned: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    subsections: tuple[Link, ...]
    is_front: bool
    number: int
    newest_number: int
    page_links: tuple[Link, ...]  # a window of pages: newest first, a gap has an empty url and the title "…"
    newer_url: str
    older_url: str
    total: int  # 0: not said, because a numbered page must not change when others arrive
    keywords: tuple[str, ...] = ()
    canonical_url: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """Home block: one to three leading articles, the first drawn large."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SectionList:
    """Home block: the newest articles of a section. `width` is "half" or "full"."""

    section: Link
    entries: tuple[Entry, ...]
    width: str = "half"


@dataclass(frozen=True, slots=True)
class PictureNews:
    """Home block: articles with pictures as a still grid (nothing moves by itself)."""

    title: str
    entries: tuple[Entry, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class QuickLinks:
    """Home block: addresses that people come for, each with an optional line of text."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class NoticeBar:
    """Home block: one sentence that matters now, with an optional address."""

    text: str
    link: Link | None = None


HomeBlock = Headline | SectionList | PictureNews | QuickLinks | NoticeBar


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page of a site."""

    chrome: Chrome
    url: str
    description: str
    blocks: tuple[HomeBlock, ...]


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


PublicPage = ArticlePage | WithdrawnPage | SectionPage | HomePage | NotFoundPage | SiteMapPage | RedirectPage

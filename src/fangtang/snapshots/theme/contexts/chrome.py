"""The frame around every page, and what all pages are made of: links and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


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
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = (getattr(self, one.name) for one in fields(self) if one.compare)
        object.__setattr__(self, "_hash", hash(tuple(values)))

    def __hash__(self) -> int:
        """Counted once: every page of a site looks its frame up by this."""
        return self._hash

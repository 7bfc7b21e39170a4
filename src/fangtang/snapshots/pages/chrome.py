"""The frame of a site: navigation, footer, stylesheets, emblem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from fangtang.releases.models import UNDATED
from fangtang.snapshots.pages import words
from fangtang.snapshots.register import SectionRow, SiteRow
from fangtang.snapshots.theme import assets
from fangtang.snapshots.theme.contexts import Chrome, Footer, Link

EMBLEM_PATH = "assets/emblem"


@dataclass(frozen=True, slots=True)
class Frame:
    """A site's chrome with the files it refers to (path without leading slash → bytes)."""

    chrome: Chrome
    files: tuple[tuple[str, bytes], ...]


FRAMES_KEPT = 256
_frames: dict[tuple[str, str], Frame] = {}


def frame(site: SiteRow, *, emblem: tuple[str, bytes] | None) -> Frame:
    """`emblem` is the path and bytes of the site's own; None: one is drawn from its name. Equal faces have the one frame, which is kept: the theme
    looks up by its chrome what it has drawn for a site."""
    key = (site.face_sha256, emblem[0] if emblem else "")
    if key not in _frames:
        if len(_frames) >= FRAMES_KEPT:
            _frames.clear()
        _frames[key] = _frame(site, emblem=emblem)
    return _frames[key]


def _frame(site: SiteRow, *, emblem: tuple[str, bytes] | None) -> Frame:
    seal = assets.drawn_emblem(site.name, site.colour)
    sheets = (assets.theme_stylesheet(), assets.site_stylesheet(site.colour, site.accent))
    drawn = Chrome(
        site_name=site.name,
        base_url=site.base_url,
        language=site.language,
        colour=site.colour,
        accent=site.accent,
        emblem_url=f"/{emblem[0]}" if emblem else seal[0],
        icon_url=seal[0],
        stylesheet_urls=tuple(path for path, _ in sheets),
        navigation=tuple(section_link(section) for section in site.sections if section.depth == 1 and not section.is_closed),
        footer=_footer(site),
        feed_urls=feed_links("", site.language),
        portal=Link(*site.portal) if site.portal else None,
        tagline=site.description,
        site_map_url="/sitemap.html",
    )
    files = [(path.lstrip("/"), content) for path, content in (*sheets, seal)] + ([emblem] if emblem else [])
    return Frame(drawn, tuple(files))


def _footer(site: SiteRow) -> Footer:
    return Footer(
        sponsor=site.sponsor,
        operator=site.undertaker,
        identification_code=site.identification_code,
        icp_number=site.icp_number,
        police_number=site.police_number,
        address=site.address,
        postcode=site.postcode,
        phone=site.phone,
        email=site.email,
    )


def section_link(section: SectionRow) -> Link:
    return Link(section.name, f"/{section.address}/")


def breadcrumb(site: SiteRow, *sections: SectionRow) -> tuple[Link, ...]:
    """From the home page along `sections`."""
    return (Link(words.home(site.language), "/"), *(section_link(section) for section in sections))


def feed_links(address: str, language: str) -> tuple[Link, ...]:
    """The three feeds of a section, or of the site (address "")."""
    below = f"/{address}/" if address else "/"
    return tuple(Link(words.feed(kind, language), below + name) for kind, name in FEEDS)


FEEDS = (("RSS", "rss.xml"), ("Atom", "atom.xml"), ("JSON", "feed.json"))
"""Each kind of feed and the name of its file."""


def local(moment: datetime) -> datetime:
    """A moment in the body's own timezone, whatever the machine's."""
    return moment.astimezone(_zone())


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def local_day(moment: datetime) -> date:
    return local(moment).date()


def known(moment: datetime) -> datetime | None:
    """A moment of publication as readers see it; None when it is not known."""
    return None if moment == UNDATED else local(moment)

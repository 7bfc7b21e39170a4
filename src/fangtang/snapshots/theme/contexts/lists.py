"""Lists of articles: a section's pages and the lines on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fangtang.snapshots.theme.contexts.chrome import Chrome, Link, Picture


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

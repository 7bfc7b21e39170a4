"""The page of an article, and the notice in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fangtang.snapshots.theme.contexts.chrome import Chrome, Link, Picture


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

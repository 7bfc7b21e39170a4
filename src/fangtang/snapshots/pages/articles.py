"""An article's page, the notice in the place of a withdrawn one, and stubs at former addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fangtang.snapshots.pages import words
from fangtang.snapshots.pages.chrome import breadcrumb, known, local, local_day, section_link
from fangtang.snapshots.register import Register, SiteRow
from fangtang.snapshots.sources import PageRow, Text, day_from, picture_from
from fangtang.snapshots.theme.contexts import ArticlePage, Attachment, Chrome, Link, RedirectPage, WithdrawnPage
from fangtang.snapshots.theme.render import render

SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class Place:
    """Where articles of a section lie in a site; the same for all of them."""

    breadcrumb: tuple[Link, ...]
    section: Link
    section_kind_label: str


def place(site: SiteRow, section_id: int | None) -> Place:
    """`section_id` None, or of no section of the site: below the home page."""
    section = site.section_by_id.get(section_id or 0)
    if section is None:
        return Place(breadcrumb(site), Link(site.name, "/"), "")
    return Place(breadcrumb(site, *site.trail(section)), section_link(section), words.section_kind(section.kind, site.language))


def article(page: PageRow, text: Text, *, at: Place, chrome: Chrome, register: Register, is_preview: bool = False) -> bytes:
    """The article on one site, in that site's frame; a copy names where it was first published."""
    site, origin = register[page.site_id], register[page.canonical_site_id]
    fields = text.fields
    return render(
        ArticlePage(
            breadcrumb=at.breadcrumb,
            section=at.section,
            section_kind_label=at.section_kind_label,
            published_at=known(page.published_at),
            modified_at=local(max(page.published_at, page.changed_at)),  # an article dated later than its release was not changed before that
            **_fields(fields),
            chrome=chrome,
            url=f"/{page.path}",
            canonical_url=f"{origin.base_url}/{page.canonical_path}",
            is_copy=origin.id != site.id,
            origin_site_name=origin.name if origin.id != site.id else "",
            title=page.title,
            kind_label=words.article_kind(fields["kind"], site.language),
            body_html=text.body,
            attachments=tuple(Attachment(**one) for one in text.attachments),
            lead_picture=picture_from(text.lead),
            is_preview=is_preview,
        )
    )


def withdrawn(page: PageRow, *, chrome: Chrome, register: Register) -> bytes:
    """What stays at the address: title, day, public notice."""
    site = register[page.site_id]
    section = site.holding(page.path)
    return render(
        WithdrawnPage(
            chrome=chrome,
            url=f"/{page.path}",
            breadcrumb=breadcrumb(site, *(site.trail(section) if section else ())),
            title=page.title,
            withdrawn_on=local_day(page.changed_at),
            notice=page.notice,
        )
    )


def stub(path: str, *, target: str, chrome: Chrome) -> bytes:
    """At a former address: leads on without script, on any web server."""
    return render(RedirectPage(chrome=chrome, url=f"/{path}", target_url=target))


def mark(path: str) -> str:
    """Where the stub of a former address lies once more, so that a web server which knows the table of moved addresses can tell it from a page."""
    return f"_moved/{path}"


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    names = ("short_title", "summary", "source", "source_url", "author", "document_number", "issuing_body", "language")
    return {name: fields[name] for name in names} | {
        "editor": "",
        "keywords": tuple(word for word in fields["keywords"].split(SEPARATOR) if word),
        "made_on": day_from(fields["made_on"]),
        "effective_on": day_from(fields["effective_on"]),
    }

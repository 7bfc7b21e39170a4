"""A section's list: the front with the newest articles, and numbered pages counted from the oldest.

Page n holds the numbers (n-1)*20+1 … n*20. It is drawn once all of them have been given, and says nothing about what came later, so it stays as
it is until one of its own articles changes. Its link to newer articles leads to page n+1, which is a stub leading to the front as long as it is not
full; so even the newest full page need not change when the next one fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fangtang.snapshots.pages import articles, words
from fangtang.snapshots.pages.chrome import breadcrumb, known, section_link
from fangtang.snapshots.register import SectionRow, SiteRow
from fangtang.snapshots.sources import Facts, Line
from fangtang.snapshots.targets import full_pages, page_of
from fangtang.snapshots.theme.contexts import Chrome, Entry, Link, SectionPage
from fangtang.snapshots.theme.render import render

WINDOW = 3
"""Older pages that are named beside the current one."""
GAP = Link("…", "")


def front(  # noqa: PLR0913  a list has this many parts
    site: SiteRow,
    section: SectionRow,
    *,
    chrome: Chrome,
    pinned: Sequence[Line],
    lines: Sequence[Line],
    highest: int,
    total: int,
    facts: Mapping[str, Facts],
) -> bytes:
    """The newest twenty of the section (or, when it has none of its own, of those below it), pinned ones on top."""
    on_top = {line.article_id for line in pinned}
    newest = full_pages(highest) + 1
    older = page_of(lines[-1].number - 1) if highest and total > len(lines) else 0
    page = SectionPage(
        **_about(site, section, chrome),
        url=f"/{section.address}/",
        pinned=tuple(entry(line, facts, is_pinned=True) for line in pinned),
        entries=tuple(entry(line, facts) for line in lines if line.article_id not in on_top),
        is_front=True,
        number=newest,
        newest_number=newest,
        page_links=_window(section, newest, older=older) if older else (),
        newer_url="",
        older_url=page_url(section, older) if older else "",
        total=total,
    )
    return render(page)


def numbered(site: SiteRow, section: SectionRow, number: int, *, chrome: Chrome, lines: Sequence[Line], facts: Mapping[str, Facts]) -> bytes:
    """One full page."""
    page = SectionPage(
        **_about(site, section, chrome),
        url=page_url(section, number),
        pinned=(),
        entries=tuple(entry(line, facts) for line in lines),
        is_front=False,
        number=number,
        newest_number=number + 1,
        page_links=_window(section, number, older=number - 1),
        newer_url=page_url(section, number + 1),
        older_url=page_url(section, number - 1) if number > 1 else "",
        total=0,
    )
    return render(page)


def not_full(section: SectionRow, number: int, *, chrome: Chrome) -> bytes:
    """The page after the last full one: leads to the front."""
    return articles.stub(page_path(section, number), target=f"/{section.address}/", chrome=chrome)


PAGES_IN_A_FOLDER = 100


def page_path(section: SectionRow, number: int) -> str:
    """ "news/page/57.html", from the hundredth on "news/page/6200/6250.html": writing a page costs as much as its folder has entries."""
    hundreds = number // PAGES_IN_A_FOLDER * PAGES_IN_A_FOLDER
    return f"{section.address}/page/{hundreds}/{number}.html" if hundreds else f"{section.address}/page/{number}.html"


def page_url(section: SectionRow, number: int) -> str:
    return "/" + page_path(section, number)


def entry(line: Line, facts: Mapping[str, Facts], *, is_pinned: bool = False) -> Entry:
    """A line as the theme shows it."""
    about, published_at = facts[line.content_sha256], known(line.published_at)
    return Entry(
        title=line.title,
        url=f"/{line.path}",
        published_on=published_at.date() if published_at else None,
        summary=about.summary,
        picture=about.picture,
        is_pinned=is_pinned,
        document_number=about.document_number,
        issuing_body=about.issuing_body,
        made_on=about.made_on,
        has_video=about.has_video,
    )


def merged(groups: Iterable[Sequence[Line]], *, most: int) -> list[Line]:
    """The newest lines of several lists, each article once."""
    newest = sorted((line for group in groups for line in group), key=lambda line: (line.published_at, line.article_id, line.section_id), reverse=True)
    once = {line.article_id: line for line in reversed(newest)}
    return [line for line in newest if once[line.article_id] is line][:most]


def _about(site: SiteRow, section: SectionRow, chrome: Chrome) -> dict[str, Any]:
    below = (one for one in site.below(section) if not one.is_closed)
    return {
        "chrome": chrome,
        "breadcrumb": breadcrumb(site, *site.trail(section)[:-1]),
        "title": section.name,
        "kind": section.kind,
        "kind_label": words.section_kind(section.kind, site.language),
        "description": section.description,
        "subsections": tuple(section_link(one) for one in below),
    }


def _window(section: SectionRow, number: int, *, older: int) -> tuple[Link, ...]:
    """This page, some older ones, a gap, the oldest. Nothing newer: that changes."""
    named = range(older, max(older - WINDOW, 0), -1)
    links = [Link(str(number), page_url(section, number), is_current=True), *(Link(str(one), page_url(section, one)) for one in named)]
    if older - WINDOW > 1:
        links.append(GAP)
    if older - WINDOW >= 1:
        links.append(Link("1", page_url(section, 1)))
    return tuple(links)

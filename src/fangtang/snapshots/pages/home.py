"""The home page of a site from its public layout: blocks name sections, releases fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fangtang.snapshots.pages import lists
from fangtang.snapshots.pages.chrome import section_link
from fangtang.snapshots.register import SectionRow, SiteRow, taken
from fangtang.snapshots.sources import Facts, Line
from fangtang.snapshots.theme.contexts import Chrome, Entry, Headline, HomeBlock, HomePage, Link, NoticeBar, PictureNews, QuickLinks, SectionList
from fangtang.snapshots.theme.render import render

Lines = Mapping[int, Sequence[Line]]
"""Section id → its newest lines, newest first."""


def home(site: SiteRow, *, chrome: Chrome, lines: Lines, facts: Mapping[str, Facts]) -> bytes:
    """The home page as it stands."""
    blocks = tuple(block for kept in site.layout for block in _blocks(site, kept, lines, facts))
    return render(HomePage(chrome=chrome, url="/", description=site.description, blocks=blocks))


def _blocks(site: SiteRow, kept: Mapping[str, Any], lines: Lines, facts: Mapping[str, Facts]) -> Iterator[HomeBlock]:
    value = kept["value"]
    match kept["type"]:
        case "notice_bar":
            yield NoticeBar(value["text"], Link(value["text"], value["url"]) if value.get("url") else None)
        case "quick_links":
            yield QuickLinks(value["title"], tuple(_links(value["links"])))
        case "headline":
            yield Headline(_entries(site, kept, lines, facts))
        case "picture_news":
            title, first = _titled(site, kept)
            yield PictureNews(title, _entries(site, kept, lines, facts, pictured=True), section_link(first) if first else None)
        case "section_list":
            title, first = _titled(site, kept)
            if first:
                yield SectionList(Link(title, section_link(first).url), _entries(site, kept, lines, facts), width=value.get("width") or "half")


def _titled(site: SiteRow, kept: Mapping[str, Any]) -> tuple[str, SectionRow | None]:
    """The title of a block (the first section's name where it has none of its own), and the section that it leads to."""
    first = next(iter(site.named_in(kept)), None)
    return kept["value"].get("title") or (first.name if first else ""), first


def _links(stored: Sequence[Mapping[str, Any]]) -> Iterator[Link]:
    for one in stored:
        value = one.get("value", one)
        yield Link(value["title"], value["url"], note=value.get("line") or "")


def _entries(site: SiteRow, kept: Mapping[str, Any], lines: Lines, facts: Mapping[str, Facts], *, pictured: bool = False) -> tuple[Entry, ...]:
    """The newest articles of the sections together."""
    each = [lines.get(section.id, ())[: taken(kept)] for section in site.shown_in(kept)]
    found = lists.merged(each, most=sum(map(len, each)))
    wanted = [line for line in found if not pictured or facts[line.content_sha256].picture]
    return tuple(lists.entry(line, facts) for line in wanted[: int(kept["value"].get("most") or 6)])

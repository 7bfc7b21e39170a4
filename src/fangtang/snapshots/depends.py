"""Which targets a change touches. Pure: from what stood before and what stands now, on one site, to targets.

Volatile things (lists, counts) stand on few pages and never on an article's page, so one release touches about ten pages of a site, however
large the site is:

    the article's page changed    its page, the site's feeds, its month's sitemap and the index of sitemaps
    a line of a list changed      the section's front and feeds, its full page; pages that came or went with the highest number;
                                  the home page if it shows the section; fronts above that have no articles of their own
    its addresses moved           the table of moved addresses
    a file came or went           that file
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from fangtang.snapshots import targets
from fangtang.snapshots.register import SiteRow
from fangtang.snapshots.targets import Target


@dataclass(frozen=True, slots=True)
class PageState:
    """An article's page on the site. `facts` are all its values; equal facts draw the same page."""

    path: str
    month: str
    is_canonical: bool
    is_withdrawn: bool
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LineState:
    """A line in a section's list; equal facts draw the same line."""

    number: int
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What one article is on the site, before and now. `lines` by section id; `files` path → digest; `has_moved` when it ever had another address."""

    article_id: int
    before: PageState | None
    now: PageState | None
    lines_before: Mapping[int, LineState]
    lines_now: Mapping[int, LineState]
    files_before: Mapping[str, str]
    files_now: Mapping[str, str]
    has_moved: bool


@dataclass(frozen=True, slots=True)
class Heights:
    """The highest number in each section, before and now; 0 (or missing) for an empty one."""

    before: Mapping[int, int] = field(default_factory=dict)
    now: Mapping[int, int] = field(default_factory=dict)


def touched(changes: Iterable[Change], *, site: SiteRow, heights: Heights) -> set[Target]:
    """Every target whose files may differ."""
    found: set[Target] = set()
    sections: set[int] = set()
    for change in changes:
        found.update(_of_page(change))
        for section_id in changed_sections(change):
            sections.add(section_id)
            found.update(_numbered(change, section_id, heights))
    for section_id in sections:
        found.update(_of_section(site, section_id, heights))
    return found


def changed_sections(change: Change) -> Set[int]:
    """Sections in whose list the article came, went or looks different."""
    return {pk for pk in change.lines_before.keys() | change.lines_now.keys() if change.lines_before.get(pk) != change.lines_now.get(pk)}


def _of_page(change: Change) -> Iterator[Target]:
    states = [state for state in (change.before, change.now) if state]
    if change.before != change.now:
        yield targets.article(change.article_id)
        if any(not state.is_withdrawn for state in states):
            yield targets.SITE_FEEDS
        canonical = [state for state in states if state.is_canonical and not state.is_withdrawn]
        yield from (targets.month(state.month) for state in canonical)
        if canonical:
            yield targets.MONTHS
        if change.has_moved:
            yield targets.MOVES
    for path in change.files_before.keys() | change.files_now.keys():
        if change.files_before.get(path) != change.files_now.get(path):
            yield targets.asset(path)


def _numbered(change: Change, section_id: int, heights: Heights) -> Iterator[Target]:
    """The full pages on which the line stood or stands."""
    full = targets.full_pages(max(heights.before.get(section_id, 0), heights.now.get(section_id, 0)))
    for lines in (change.lines_before, change.lines_now):
        line = lines.get(section_id)
        if line and targets.page_of(line.number) <= full:
            yield targets.page(section_id, targets.page_of(line.number))


def _of_section(site: SiteRow, section_id: int, heights: Heights) -> Iterator[Target]:
    yield targets.front(section_id)
    yield targets.feeds(section_id)
    if section_id in site.home_sections:
        yield targets.HOME
    for above in site.trail(site.section_by_id[section_id])[:-1]:
        if not heights.before.get(above.id) or not heights.now.get(above.id):
            yield targets.front(above.id)
    before, now = (targets.full_pages(found.get(section_id, 0)) for found in (heights.before, heights.now))
    if before != now:
        # From the stub after the lower count to the stub after the higher one.
        yield from (targets.page(section_id, number) for number in range(min(before, now) + 1, max(before, now) + 2))

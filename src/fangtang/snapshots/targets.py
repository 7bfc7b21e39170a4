"""What can be drawn on a site: a target names one page, or a few files that always change together. Pure.

Files of a site, by target (addresses below the site's root; `s/` is a section's address):

    article   the page at its address, stubs at its former addresses and once more below _moved/
    front     s/index.html
    page      s/page/<n>.html, from the hundredth on s/page/<hundreds>/<n>.html: numbers (n-1)*20+1 … n*20 of the list, drawn once all of them have been given
    feeds     s/rss.xml s/atom.xml s/feed.json; for section 0 the site's own
    home      index.html
    month     sitemaps/<year-month>.xml
    months    sitemap.xml
    moves     _redirects.json
    asset     one file of an article (picture, attachment)
    fixed     robots.txt 404.html sitemap.html sitemaps/pages.xml, stylesheets, emblem
"""

from __future__ import annotations

from typing import NamedTuple

PAGE_SIZE = 20
"""Articles on one page of a list."""


class Target(NamedTuple):
    """`number` is the id of the article or section, 0 for none; `part` is the page of a list, the month, or the path of an asset."""

    kind: str
    number: int = 0
    part: str = ""


HOME, MONTHS, MOVES, FIXED, SITE_FEEDS = Target("home"), Target("months"), Target("moves"), Target("fixed"), Target("feeds")


def article(article_id: int) -> Target:
    return Target("article", article_id)


def front(section_id: int) -> Target:
    return Target("front", section_id)


def page(section_id: int, number: int) -> Target:
    return Target("page", section_id, str(number))


def feeds(section_id: int) -> Target:
    return Target("feeds", section_id)


def month(name: str) -> Target:
    return Target("month", 0, name)


def asset(path: str) -> Target:
    return Target("asset", 0, path)


def page_of(number: int) -> int:
    """The list page on which a number stands."""
    return (number + PAGE_SIZE - 1) // PAGE_SIZE


def full_pages(highest: int) -> int:
    """How many list pages are full when `highest` is the highest number that stands."""
    return highest // PAGE_SIZE

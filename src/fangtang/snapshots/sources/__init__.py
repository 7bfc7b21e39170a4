"""What pages are drawn from: rows of `Shown`, `Listed` and `Prepared` as plain values, each kind in one query for all sites of a build.

Lists never read a body or a revision: what a line shows is in `Prepared.entry`, which never changes under its content hash and is therefore kept
in memory.
"""

from fangtang.snapshots.sources.asking import AT_ONCE, chunks
from fangtang.snapshots.sources.lists import Line, counted, highest_numbers, newest_lines, numbered_lines, pinned_lines, totals
from fangtang.snapshots.sources.pages import PageRow, assets, former_addresses, moves, newest_pages, pages_of
from fangtang.snapshots.sources.sitemaps import months, pages_in
from fangtang.snapshots.sources.texts import Facts, Text, day_from, facts, facts_from, forget_facts, picture_from, prepared, text_of

__all__ = [
    "AT_ONCE",
    "Facts",
    "Line",
    "PageRow",
    "Text",
    "assets",
    "chunks",
    "counted",
    "day_from",
    "facts",
    "facts_from",
    "forget_facts",
    "former_addresses",
    "highest_numbers",
    "months",
    "moves",
    "newest_lines",
    "newest_pages",
    "numbered_lines",
    "pages_in",
    "pages_of",
    "picture_from",
    "pinned_lines",
    "prepared",
    "text_of",
    "totals",
]

"""Bodies as blocks: paragraphs of plain text, or the HTML of an old system without its scripts, styles and Word's own tags.

A block is a kind of `articles.blocks.BodyBlocks` and its stored value. What a block cannot hold (pictures that are not here, forms, frames)
leaves its text or its address behind, never itself. `addresses` says which addresses may stand in a link, `nesting` refuses what no page is,
`marks` writes inline text, `grids` keeps the columns of tables, `pages` goes through a page by what `tags` mean.
"""

from __future__ import annotations

from fangtang.articles.importing.markup.addresses import file_name, is_web_address
from fangtang.articles.importing.markup.blocks import HEADING_MOST, Block, Kind, from_plain, plain_text
from fangtang.articles.importing.markup.links import Links, links
from fangtang.articles.importing.markup.nesting import DEEPEST, TooDeep
from fangtang.articles.importing.markup.pages import Page, from_html, page_of

__all__ = [
    "DEEPEST",
    "HEADING_MOST",
    "Block",
    "Kind",
    "Links",
    "Page",
    "TooDeep",
    "file_name",
    "from_html",
    "from_plain",
    "is_web_address",
    "links",
    "page_of",
    "plain_text",
]

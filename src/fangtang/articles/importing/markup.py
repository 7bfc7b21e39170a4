"""Bodies as blocks: paragraphs of plain text, or the HTML of an old system without its scripts, styles and Word's own tags.

A block is a kind of `articles.blocks.BodyBlocks` and its stored value. What a block cannot hold (pictures that are not here, forms, frames)
leaves its text or its address behind, never itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fangtang.articles.importing.paragraphs import Paragraph, repaired

Kind = Literal["text", "heading", "table", "quotation"]

HEADING_MOST = 200
_INLINE = {"a", "b", "strong", "em", "i", "sup", "sub", "br", "span", "font", "u"}
_BLOCKS = {"p", "div", "section", "article", "center", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tfoot"}
_BLOCKS |= {"tr", "td", "th", "blockquote", "img", "pre", "caption"}
_DROPPED = {"script", "style", "xml", "head", "title", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea", "button"}
# Tags that HTML closes by itself or that hold nothing: left open they nest nothing.
_SELF_CLOSING = {"p", "li", "tr", "td", "th", "thead", "tbody", "tfoot", "br", "img", "hr", "input", "meta", "link", "option", "dd", "dt", "col", "wbr"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
DEEPEST = 256
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_LEAD = re.compile(r"(第[一二三四五六七八九十百零〇]{1,6}条)[\s　]*")
_DIVISION = re.compile(r"^(第[一二三四五六七八九十百零〇]{1,4}[编章节])[\s　]*(?=\S)")
_KEPT_INLINE = {"a": "a", "b": "b", "strong": "b", "sup": "sup", "sub": "sub"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: its kind and its JSON-safe value."""

    kind: Kind
    value: Any


def from_plain(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text, its lost paragraph breaks mended. Empty for a text without letters."""
    return tuple(_merged(_of_paragraph(paragraph) for paragraph in repaired(text)))


class TooDeep(ValueError):
    """The HTML nests more than `DEEPEST` tags: no page does, and reading it would take for ever."""


def from_html(markup: str) -> tuple[Block, ...]:
    """Blocks of HTML from anywhere. Links keep http, https, mailto and tel addresses; pictures become links to where they stood.

    Raises TooDeep.
    """
    if _depth(markup) > DEEPEST:
        raise TooDeep
    clean = nh3.clean(
        markup,
        tags=_INLINE | _BLOCKS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    body = LexborHTMLParser(clean).body
    blocks = tuple(_merged(_of_children(body))) if body else ()
    return _mended(blocks)


def _depth(markup: str) -> int:
    depth = deepest = 0
    for closing, name in _TAG.findall(markup):
        if name.lower() not in _SELF_CLOSING:
            depth = max(0, depth + (-1 if closing else 1))
            deepest = max(deepest, depth)
    return deepest


def links(addresses: tuple[str, ...]) -> tuple[Block, ...]:
    """One list of links to files that stayed where they were; what is no http(s) address is left out."""
    shown = [(address, file_name(address)) for address in addresses if is_web_address(address)]
    rows = "".join(f'<li><a href="{html.escape(address)}">{html.escape(name)}</a></li>' for address, name in shown)
    return (Block("text", f"<ul>{rows}</ul>"),) if rows else ()


def file_name(address: str) -> str:
    """The last part of an address, as a person reads it."""
    parts = urlsplit(address)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc


def is_web_address(address: str) -> bool:
    """True for http and https with a host and no space."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"]", address)


def plain_text(blocks: tuple[Block, ...]) -> str:
    """The text of blocks without any markup, to see whether there is any."""
    return " ".join(part for block in blocks for part in _texts(block.value)).strip()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(re.sub(r"<[^<>]+>", " ", value))
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key != "level" for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def _of_paragraph(paragraph: Paragraph) -> Block:
    if paragraph.role in {"heading2", "heading3"}:
        return Block("heading", {"text": _DIVISION.sub(r"\1　", paragraph.text), "level": paragraph.role[-1]})
    shown = html.escape(paragraph.text, quote=False)
    if paragraph.role == "article":
        shown = _LEAD.sub(r"<b>\1</b>　", shown, count=1)
    return Block("text", f"<p>{shown}</p>")


def _merged(blocks: Iterator[Block]) -> Iterator[Block]:
    """Paragraphs that follow each other are one block of text."""
    waiting = ""
    for block in blocks:
        if block.kind == "text":
            waiting += block.value
            continue
        if waiting:
            yield Block("text", waiting)
            waiting = ""
        yield block
    if waiting:
        yield Block("text", waiting)


def _mended(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A body of one unmarked paragraph is one whose breaks were lost."""
    if len(blocks) == 1 and (only := re.fullmatch(r"<p>([^<>]*)</p>", str(blocks[0].value))):
        return from_plain(html.unescape(only[1]))
    return blocks


def _of_children(parent: LexborNode) -> Iterator[Block]:
    inline = ""
    for child in parent.iter(include_text=True):
        if child.tag == "br":
            yield from _paragraph(inline)
            inline = ""
        elif child.tag == "-text" or (child.tag in _INLINE and not _holds_blocks(child)):
            inline += _inline(child)
        else:
            yield from _paragraph(inline)
            inline = ""
            yield from _of_block(child)
    yield from _paragraph(inline)


def _holds_blocks(node: LexborNode) -> bool:
    return any(part.tag in _BLOCKS or part.tag == "br" for part in node.traverse(include_text=False) if part != node)


def _of_block(node: LexborNode) -> Iterator[Block]:
    tag = node.tag or ""
    text = _squeezed(node.text(deep=True, separator=""))
    if tag == "img":
        yield from _picture(node)
    elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"} and 0 < len(text) <= HEADING_MOST:
        yield Block("heading", {"text": text, "level": "2" if tag in {"h1", "h2"} else "3"})
    elif tag in {"ul", "ol"}:
        rows = "".join(f"<li>{row}</li>" for row in _list_rows(node))
        yield from [Block("text", f"<{tag}>{rows}</{tag}>")] if rows else []
    elif tag == "table" and len(node.css("tr")) > 1 and not node.css("table table"):
        yield from _table(node)
    elif tag == "blockquote" and text:
        yield Block("quotation", {"text": text, "cite": ""})
    else:
        yield from _of_children(node)


def _list_rows(node: LexborNode) -> Iterator[str]:
    """The rows of a list as inline HTML; those of lists inside it follow their row on the same level."""
    for row in node.iter():
        inline = "".join(_inline(child) for child in row.iter(include_text=True) if child.tag not in {"ul", "ol"}).strip()
        if _bare(inline):
            yield inline
        for inner in row.iter():
            if inner.tag in {"ul", "ol"}:
                yield from _list_rows(inner)


def _picture(node: LexborNode) -> Iterator[Block]:
    address = node.attributes.get("src") or ""
    if is_web_address(address):
        name = html.escape(node.attributes.get("alt") or file_name(address))
        yield Block("text", f'<p><a href="{html.escape(address)}">{name}</a></p>')


def _table(node: LexborNode) -> Iterator[Block]:
    rows = [[_squeezed(cell.text(separator=" ")) for cell in row.css("td, th")] for row in node.css("tr")]
    widest = max((len(row) for row in rows), default=0)
    if widest:
        first = node.css_first("tr")
        has_header = first is not None and bool(first.css("th"))
        cells = [row + [""] * (widest - len(row)) for row in rows]
        yield Block("table", {"data": cells, "first_row_is_table_header": has_header, "first_col_is_header": False, "table_caption": ""})


def _paragraph(inline: str) -> Iterator[Block]:
    inline = inline.strip(" \t\n\r\u3000\xa0")
    if _bare(inline):
        yield Block("text", f"<p>{inline}</p>")


def _inline(node: LexborNode) -> str:
    if node.tag == "-text":
        return html.escape(re.sub(r"[ \t\n\r\f]+", " ", node.text_content or ""), quote=False)
    inner = _inline_children(node)
    tag = _KEPT_INLINE.get(node.tag or "")
    if tag == "a":
        address = node.attributes.get("href") or ""
        return f'<a href="{html.escape(address)}">{inner}</a>' if address and inner.strip() else inner
    return f"<{tag}>{inner}</{tag}>" if tag and inner else inner


def _inline_children(node: LexborNode) -> str:
    return "".join(_inline(child) for child in node.iter(include_text=True))


def _bare(inline: str) -> str:
    return re.sub(r"<[^<>]+>|[\s\u3000\xa0]", "", inline)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()

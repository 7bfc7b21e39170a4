"""Rich text, raw HTML of an import, or what somebody pasted from Word, rewritten tag by tag into the markup of our theme.

Nothing of the input's markup is copied: known elements are written anew, unknown ones give up their text, dangerous ones go with their
content. `sanitised` (nh3) goes over the whole body once more at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3
from selectolax.lexbor import LexborHTMLParser

from fangtang.articles.rendering.sheet import PastedCell
from fangtang.kernel.sent import decimal_id


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


DROPPED = _words(
    """applet area audio base button canvas datalist dialog embed fieldset form frame frameset head iframe img input link map math meta noembed
    noframes noscript object optgroup option param plaintext portal script select slot source style svg template textarea title track video xmp"""
)
PARAGRAPHS = _words("""address article aside body center dd details div dl dt figcaption figure footer header hgroup html main nav p pre section summary""")
HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
LISTS = frozenset({"ul", "ol", "menu", "dir"})
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub", "code": "code", "kbd": "kbd"}
BLOCKS = PARAGRAPHS | LISTS | frozenset(HEADINGS) | frozenset({"table", "blockquote", "hr", "li", "tr", "td", "th", "caption", "thead", "tbody", "tfoot"})
DEEPEST = 60
"""Elements nested deeper than this give only their text."""

_INSIDE = ",".join(sorted(BLOCKS))
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|end)", re.IGNORECASE)
_EDGES = " \t\n\r\f\v\xa0\u3000"
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


DrawTable = Callable[[list[list[PastedCell]], bool], str]
"""Draws rows of cells; the flag says whether the first row is a header."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where links of our own lead: by the id of a file, by the id of an article; None: nowhere, the words stay without a link."""

    to_file: Callable[[int], str | None]
    to_article: Callable[[int], str | None]


def rewritten(html: str, *, links: Links, heading: Callable[[int], int], table: DrawTable) -> list[str]:
    """The blocks of an HTML text, one string each. `heading` turns a wanted level into the one that fits here; `table` draws rows of inline HTML."""
    root = LexborHTMLParser(html, is_fragment=True).root if html.strip() else None
    return _Writer(links, heading, table).flow(root.iter(include_text=True), depth=0) if root else []


def safe_address(address: str | None) -> str | None:
    """An address that may stand in a link: http, https, mailto, tel, or from the site's root; None for any other."""
    plain = _CONTROL.sub("", address or "")
    scheme = _SCHEME.match(plain)
    if scheme:
        return plain if scheme.group()[:-1].lower() in SCHEMES else None
    return plain if plain.startswith("/") and not plain.startswith(("//", "/\\")) else None


def sanitised(html: str) -> str:
    """The last gate: nothing but the tags, attributes and classes of our own markup."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES, url_schemes=set(SCHEMES), link_rel=None, clean_content_tags={"script", "style"}
    )


_TAGS = set(
    _words(
        """a blockquote br caption code details div em figcaption figure footer h2 h3 h4 hr img kbd li ol p source span strong sub summary sup
        table tbody td th thead tr track ul video"""
    )
)
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "download"},
    "div": {"role", "tabindex", "aria-label"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"scope", "colspan", "rowspan"},
    "track": {"kind", "srclang", "label", "src", "default"},
    "video": {"controls", "preload", "aria-label"},
}
_CLASSES: dict[str, set[str]] = {
    "p": {"b-paragraph", "b-flush", "b-centre", "b-sign"},
    "ul": {"b-list", "b-attachments"},
    "ol": {"b-list"},
    "figure": {"b-image", "b-video"},
    "div": {"b-table"},
    "blockquote": {"b-quotation"},
    "a": {"b-attachment"},
    "span": {"b-caption", "b-credit", "b-size"},
    "details": {"b-transcript"},
} | {tag: {"b-heading"} for tag in ("h2", "h3", "h4")}


def is_blank(html: str) -> bool:
    """Whether nothing of this inline HTML can be seen."""
    return not re.sub(r"<[^>]*>", "", html).strip(_EDGES)


class _Writer:
    """Writes one text."""

    def __init__(self, links: Links, heading: Callable[[int], int], table: DrawTable) -> None:
        self.links = links
        self.heading = heading
        self.table = table

    def flow(self, nodes: Iterable[Any], *, depth: int, of: Any = None) -> list[str]:
        """Blocks from mixed content: runs of inline content become paragraphs aligned as `of`, the element they stand in."""
        blocks: list[str] = []
        run: list[str] = []
        for node in nodes:
            if _is_block(node) and depth < DEEPEST:
                blocks.extend(_paragraphs(run, of))
                run = []
                blocks.extend(self.block(node, depth=depth + 1))
            else:
                run.append(self.inline(node, depth=depth))
        return [*blocks, *_paragraphs(run, of)]

    def block(self, node: Any, *, depth: int) -> list[str]:
        tag = node.tag
        if tag in HEADINGS:
            return self.headed(node, depth=depth)
        if tag in LISTS:
            return self.listed(node, depth=depth)
        if tag == "table":
            return self.tabled(node, depth=depth)
        if tag == "hr":
            return ["<hr>"]
        inner = self.flow(node.iter(include_text=True), depth=depth, of=node)
        return [f'<blockquote class="b-quotation">{"".join(inner)}</blockquote>'] if tag == "blockquote" and inner else inner

    def headed(self, node: Any, *, depth: int) -> list[str]:
        inner = self.inlines(node, depth=depth).strip(_EDGES)
        if is_blank(inner):
            return []
        level = self.heading(HEADINGS[node.tag])
        return [f'<h{level} class="b-heading">{inner}</h{level}>']

    def listed(self, node: Any, *, depth: int) -> list[str]:
        tag = "ol" if node.tag == "ol" else "ul"
        entries = [self.entry(child, depth=depth) for child in node.iter(include_text=True) if child.tag != "-text" or child.text_content.strip()]
        filled = "".join(f"<li>{entry}</li>" for entry in entries if entry)
        return [f'<{tag} class="b-list">{filled}</{tag}>'] if filled else []

    def entry(self, node: Any, *, depth: int) -> str:
        """A list entry: its words, then the lists in it."""
        if node.tag in LISTS:
            return "".join(self.listed(node, depth=depth + 1)) if depth < DEEPEST else ""
        words, inner = [], []
        for child in node.iter(include_text=True) if node.tag == "li" else [node]:
            if child.tag in LISTS and depth < DEEPEST:
                inner.extend(self.listed(child, depth=depth + 1))
            else:
                words.append(self.inline(child, depth=depth))
        text = "".join(words).strip(_EDGES)
        return ("" if is_blank(text) else text) + "".join(inner)

    def tabled(self, node: Any, *, depth: int) -> list[str]:
        rows = [[self.cell(node, depth=depth) for node in _cells(row)] for row in node.css("tr")]
        has_head = bool(rows) and node.css_first("tr").css_first("th") is not None
        kept = [row for row in rows if row]
        return [self.table(kept, has_head)] if kept else []

    def cell(self, node: Any, *, depth: int) -> PastedCell:
        return PastedCell(self.inlines(node, depth=depth).strip(_EDGES), (_span(node, "rowspan"), _span(node, "colspan")))

    def inlines(self, node: Any, *, depth: int) -> str:
        return "".join(self.inline(child, depth=depth + 1) for child in node.iter(include_text=True))

    def inline(self, node: Any, *, depth: int) -> str:
        tag = node.tag
        if tag == "-text":
            return escape(node.text_content or "", quote=False)
        if tag in DROPPED or not tag or tag.startswith("-"):
            return ""
        if tag == "br":
            return "<br>"
        if depth >= DEEPEST:
            return escape(node.text() or "", quote=False)
        inner = self.inlines(node, depth=depth)
        if tag == "a":
            return self.linked(node, inner)
        if tag in INLINE and inner:
            return f"<{INLINE[tag]}>{inner}</{INLINE[tag]}>"
        return f"{inner} " if tag in BLOCKS else inner

    def linked(self, node: Any, inner: str) -> str:
        given = node.attributes
        href = safe_address(self._target(given))
        return f'<a href="{escape(href)}">{inner}</a>' if href and inner else inner

    def _target(self, given: dict[str, str | None]) -> str | None:
        number = decimal_id(given.get("id") or "")
        match given.get("linktype"):
            case "document" if number is not None:
                return self.links.to_file(number)
            case "article" if number is not None:
                return self.links.to_article(number)
            case None:
                return given.get("href")
        return None


def _is_block(node: Any) -> bool:
    if node.tag in BLOCKS:
        return True
    return node.tag not in DROPPED and not str(node.tag).startswith("-") and node.css_first(_INSIDE) is not None


def _cells(row: Any) -> Iterator[Any]:
    return (child for child in row.iter() if child.tag in ("td", "th"))


def _span(cell: Any, name: str) -> int:
    given = cell.attributes.get(name) or ""
    return min(max(int(given), 1), 100) if given.isascii() and given.isdecimal() and len(given) < 4 else 1


def _paragraphs(run: list[str], of: Any) -> Iterator[str]:
    """The run as paragraphs: two line breaks in a row part them."""
    for part in re.split(r"(?:<br>\s*){2,}", "".join(run)):
        text = re.sub(r"^(?:<br>|\s)+|(?:<br>|\s)+$", "", part).strip(_EDGES)
        if not is_blank(text):
            yield f'<p class="{_class(of)}">{text}</p>'


def _class(of: Any) -> str:
    if of is None:
        return "b-paragraph"
    given = of.attributes
    aligned = _ALIGN.search(given.get("style") or "")
    wanted = (aligned.group(1) if aligned else given.get("align") or ("center" if of.tag == "center" else "")).lower()
    return {"center": "b-paragraph b-centre", "right": "b-paragraph b-sign", "end": "b-paragraph b-sign"}.get(wanted, "b-paragraph")

"""The blocks of a body, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from fangtang.articles import content
from fangtang.articles.rendering import text
from fangtang.articles.rendering.sheet import PastedCell, Sheet, draw
from fangtang.articles.rendering.stock import Asset, Picture, Stock, StoredFile, StoredPicture

SIZES = "(min-width: 52rem) 46rem, 100vw"
_ADDRESSEES = re.compile(r'<p class="b-paragraph">([^<。！？]{1,80}[：:])</p>')
WORDS = {
    "zh-hans": {"credit": "摄影：{}", "transcript": "文字稿", "captions": "字幕", "table": "表格", "srclang": "zh-Hans"},
    "zh-hant": {"credit": "攝影：{}", "transcript": "文字稿", "captions": "字幕", "table": "表格", "srclang": "zh-Hant"},
    "en": {"credit": "Photo: {}", "transcript": "Transcript", "captions": "Captions", "table": "Table", "srclang": "en"},
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body drawn: its HTML, sanitised, and the files it refers to, each once, in the order in which they first appear."""

    html: str
    assets: tuple[Asset, ...]
    has_video: bool = False


def own_path(asset: Asset) -> str:
    """Where an asset lies on a public site."""
    return asset.path


def nowhere(_article_id: int) -> None:
    """No address for any other article."""


def body(
    saved: Mapping[str, Any],
    *,
    stock: Stock,
    to_article: Callable[[int], str | None] = nowhere,
    address: Callable[[Asset], str] = own_path,
) -> Rendered:
    """The body of a content (a revision's saved fields, or `content_of`).

    `to_article` gives the address of another article on this site; `address` that of an asset (the desk shows them elsewhere than a site does).
    """
    page = _Page(stock, WORDS[saved.get("language") or "zh-hans"], to_article, address)
    blocks = content.blocks_of(saved)
    parts = [part for block in blocks for part in page.block(block.get("type"), block.get("value"))]
    html = text.sanitised("\n".join(_joined(_addressed(parts))))
    return Rendered(html, tuple(page.assets.values()), has_video=any(block.get("type") == "video" for block in blocks))


def lead_picture(saved: Mapping[str, Any], *, stock: Stock) -> tuple[Picture, tuple[Asset, ...]] | None:
    """The lead image with its assets; None when there is none. Its words are the picture's own description and credit."""
    row = stock.pictures.get(saved.get("lead_image") or 0)
    if row is None:
        return None
    assets = tuple(asset for asset, _height in row.assets())
    return picture(row, alt=row.description, credit=row.credit), assets


def picture(row: StoredPicture, *, alt: str, caption: str = "", credit: str = "") -> Picture:
    """A stored picture with the words it is shown with."""
    return Picture(tuple((asset.path, asset.width or 0, height) for asset, height in row.assets()), alt, caption, credit)


def _addressed(parts: list[str]) -> list[str]:
    """A first line that names whom it is for ("各区人民政府：") stands without indent, as in a document."""
    return [_ADDRESSEES.sub(r'<p class="b-paragraph b-flush">\1</p>', parts[0]), *parts[1:]] if parts else parts


def _joined(parts: list[str]) -> list[str]:
    """Attachments that follow each other become one list."""
    joined: list[str] = []
    for part in parts:
        if part.startswith("<li>") and joined and joined[-1].endswith("</li></ul>") and joined[-1].startswith('<ul class="b-attachments">'):
            joined[-1] = joined[-1].removesuffix("</ul>") + part + "</ul>"
        else:
            joined.append(f'<ul class="b-attachments">{part}</ul>' if part.startswith("<li>") else part)
    return joined


class _Page:
    """Draws the blocks of one body and remembers what they refer to."""

    def __init__(self, stock: Stock, words: Mapping[str, str], to_article: Callable[[int], str | None], address: Callable[[Asset], str]) -> None:
        self.stock = stock
        self.words = words
        self.address = address
        self.links = text.Links(self.file_address, to_article)
        self.assets: dict[str, Asset] = {}
        self.level = 1

    def block(self, kind: Any, value: Any) -> list[str]:
        draw_kind = getattr(self, f"draw_{kind}", None) if isinstance(kind, str) else None
        return draw_kind(value) if draw_kind and value else []

    def draw_text(self, value: str) -> list[str]:
        return text.rewritten(value, links=self.links, heading=self.heading_level, table=self.pasted_table)

    def draw_heading(self, value: Mapping[str, str]) -> list[str]:
        level = self.heading_level(3 if value.get("level") == "3" else 2)
        words = escape(value.get("text") or "").strip()
        return [f'<h{level} class="b-heading">{words}</h{level}>'] if words else []

    def draw_image(self, value: Mapping[str, Any]) -> list[str]:
        row = self.stock.pictures.get(value.get("image") or 0)
        if row is None:
            return []
        alt = "" if value.get("is_decorative") else (value.get("alt") or row.description)
        return [f'<figure class="b-image">{self.image(row, alt)}{self.figcaption(value.get("caption"), value.get("credit") or row.credit)}</figure>']

    def draw_video(self, value: Mapping[str, Any]) -> list[str]:
        row = self.stock.files.get(value.get("video") or 0)
        if row is None:
            return []
        title = escape(value.get("title") or row.title)
        source = f'<source src="{self.keep(row.asset)}" type="{escape(row.content_type)}">'
        film = f'<video controls preload="none" aria-label="{title}">{source}{self.track(value)}</video>'
        return [f'<figure class="b-video">{film}<figcaption><span class="b-caption">{title}</span></figcaption>{self.transcript(value)}</figure>']

    def draw_table(self, value: Mapping[str, Any]) -> list[str]:
        return draw(Sheet.stored(value), word=self.words["table"])

    def draw_quotation(self, value: Mapping[str, str]) -> list[str]:
        cite = escape(value.get("cite") or "").strip()
        said = "".join(_plain_paragraphs(value.get("text") or ""))
        return [f'<blockquote class="b-quotation">{said}{f"<footer>{cite}</footer>" if cite else ""}</blockquote>'] if said else []

    def draw_attachment(self, value: Mapping[str, Any]) -> list[str]:
        row = self.stock.files.get(value.get("document") or 0)
        return [f"<li>{self.attachment(row, value.get('title') or row.title)}</li>"] if row else []

    def attachment(self, row: StoredFile, title: str) -> str:
        size = f"{row.ending.removeprefix('.').upper()}, {_size(row.size_bytes)}".removeprefix(", ")
        name = escape(f"{title}{row.ending}" if not title.lower().endswith(row.ending) else title)
        return f'<a class="b-attachment" href="{self.keep(row.asset)}" download="{name}">{escape(title)}</a> <span class="b-size">{size}</span>'

    def image(self, row: StoredPicture, alt: str) -> str:
        sources = [(self.keep(asset), asset.width, height) for asset, height in row.assets()]
        src, width, height = sources[-1]
        more = ", ".join(f"{path} {wide}w" for path, wide, _high in sources)
        srcset = f' srcset="{more}" sizes="{SIZES}"' if len(sources) > 1 else ""
        return f'<img src="{src}"{srcset} width="{width}" height="{height}" alt="{escape(alt)}" loading="lazy" decoding="async">'

    def figcaption(self, caption: str | None, credit: str | None) -> str:
        parts = [f'<span class="b-caption">{escape(caption)}</span>'] if caption else []
        if credit:
            parts.append(f'<span class="b-credit">{escape(self.words["credit"].format(credit))}</span>')
        return f"<figcaption>{' '.join(parts)}</figcaption>" if parts else ""

    def track(self, value: Mapping[str, Any]) -> str:
        row = self.stock.files.get(value.get("captions") or 0)
        if row is None:
            return ""
        return f'<track kind="captions" srclang="{self.words["srclang"]}" label="{self.words["captions"]}" src="{self.keep(row.asset)}" default>'

    def transcript(self, value: Mapping[str, Any]) -> str:
        words = "".join(_plain_paragraphs(value.get("transcript") or ""))
        return f'<details class="b-transcript"><summary>{self.words["transcript"]}</summary>{words}</details>' if words else ""

    def pasted_table(self, rows: list[list[PastedCell]], has_head: bool) -> str:
        return "".join(draw(Sheet.pasted(rows, has_head=has_head), word=self.words["table"]))

    def heading_level(self, wanted: int) -> int:
        """The level without a gap: the page owns h1, and after h2 comes no h4."""
        self.level = min(wanted, self.level + 1)
        return self.level

    def file_address(self, pk: int) -> str | None:
        row = self.stock.files.get(pk)
        if row is None:
            return None
        self.keep(row.asset)
        return self.address(row.asset)

    def keep(self, asset: Asset) -> str:
        self.assets.setdefault(asset.path, asset)
        return escape(self.address(asset))


def _plain_paragraphs(words: str) -> list[str]:
    return [f'<p class="b-paragraph">{escape(line.strip())}</p>' for line in words.splitlines() if line.strip()]


def _size(count: int) -> str:
    """As the theme writes sizes: binary steps with one decimal from a megabyte on."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"

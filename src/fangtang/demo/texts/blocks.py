"""The values an article is made of, as another place will write them into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["news", "notice", "policy", "interpretation", "qa", "topic", "profile", "gallery"]
Sensitivity = Literal["ordinary", "important"]


@dataclass(frozen=True, slots=True)
class RichText:
    """Simple safe markup: p, b, a, ul, ol, li and nothing else."""

    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """`picture` is a key of `pictures.keys()`."""

    picture: str
    alt: str
    credit: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    """`clip` and `captions` are file names that `attachments.made` can make."""

    clip: str
    captions: str
    title: str
    transcript: str


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as the header."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """`cite` is "" when the text says who speaks."""

    text: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentBlock:
    """A file that `attachments.made` can make, by its name."""

    file_name: str
    title: str


Block = RichText | Heading | Image | Video | Table | Quotation | AttachmentBlock


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article. `site_key` is the unit whose site it is at home on (a town's article: its county); `role` finds the section (`sections.slug_for`).

    `also_on` are keys of other units with a site. `made_on` is the date of a document; `effective_on` when it takes effect.
    """

    source_id: str
    site_key: str
    unit_key: str
    role: str
    kind: Kind
    title: str
    short_title: str
    summary: str
    source: str
    author: str
    published_on: date
    keywords: tuple[str, ...]
    blocks: tuple[Block, ...]
    document_number: str = ""
    issuing_body: str = ""
    made_on: date | None = None
    effective_on: date | None = None
    sensitivity: Sensitivity = "ordinary"
    also_on: tuple[str, ...] = ()

    @property
    def plain_text(self) -> str:
        """What there is to read, without markup, one block a line."""
        return "\n".join(_plain(block) for block in self.blocks)


def _plain(block: Block) -> str:
    match block:
        case RichText(html):
            return _without_tags(html.replace("</p>", "\n").replace("</li>", "\n").rstrip("\n"))
        case Heading(_, text):
            return text
        case Image():
            return block.caption
        case Table():
            return "\n".join([block.caption, *("　".join(row) for row in (block.header, *block.rows))])
        case Quotation():
            return f"{block.text}{block.cite}"
        case Video() | AttachmentBlock():
            return block.title


def _without_tags(html: str) -> str:
    """`html` holds only our own tags, so that no parser is needed."""
    parts = html.split("<")
    return parts[0] + "".join(part.partition(">")[2] for part in parts[1:])

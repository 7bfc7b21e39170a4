"""The home page and its blocks."""

from __future__ import annotations

from dataclasses import dataclass

from fangtang.snapshots.theme.contexts.chrome import Chrome, Link
from fangtang.snapshots.theme.contexts.lists import Entry


@dataclass(frozen=True, slots=True)
class Headline:
    """Home block: one to three leading articles, the first drawn large."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SectionList:
    """Home block: the newest articles of a section. `width` is "half" or "full"."""

    section: Link
    entries: tuple[Entry, ...]
    width: str = "half"


@dataclass(frozen=True, slots=True)
class PictureNews:
    """Home block: articles with pictures as a still grid (nothing moves by itself)."""

    title: str
    entries: tuple[Entry, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class QuickLinks:
    """Home block: addresses that people come for, each with an optional line of text."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class NoticeBar:
    """Home block: one sentence that matters now, with an optional address."""

    text: str
    link: Link | None = None


HomeBlock = Headline | SectionList | PictureNews | QuickLinks | NoticeBar


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page of a site."""

    chrome: Chrome
    url: str
    description: str
    blocks: tuple[HomeBlock, ...]

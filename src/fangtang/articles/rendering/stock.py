"""Pictures and files as values, and the assets made from them: their paths carry a digest, so that a path never changes its bytes."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, Literal

from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from fangtang.articles import content

WIDTHS = (480, 960, 1600)
"""Widths of a picture in pixels, never wider than the picture itself."""

WEBP_MOST = 16_383
"""Pixels in one direction that WebP can hold (RFC 9649, 3.5.1: 14 bits); a longer picture is a JPEG."""

Kind = Literal["picture", "file"]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file beside the pages: its `path` from the site's root (leading slash), and where its bytes come from. `width`: None for a file."""

    path: str
    kind: Kind
    pk: int
    width: int | None = None

    @property
    def rendition(self) -> str:
        """A picture's size and format in Wagtail's words."""
        return f"width-{self.width}|format-{'jpeg' if self.path.endswith('.jpg') else 'webp'}"


def _folder(sha256: str) -> str:
    """Where a file lies below /media/, without its ending: "5/a/0c61…". In folders of sixteen, so that none grows long with the years."""
    return f"{sha256[0]}/{sha256[1]}/{sha256[2:16]}"


@dataclass(frozen=True, slots=True)
class StoredPicture:
    pk: int
    sha256: str
    width: int
    height: int
    description: str
    credit: str

    def assets(self) -> tuple[tuple[Asset, int], ...]:
        """(asset, height) in each width, smallest first."""
        widest = min(self.width, WIDTHS[-1])
        widths = [width for width in WIDTHS if width < widest] + [widest]
        return tuple((self._asset(width, height), height) for width in widths for height in [max(1, int(self.height * (width / self.width)))])

    def _asset(self, width: int, height: int) -> Asset:
        return Asset(f"/media/{_folder(self.sha256)}-{width}.{'webp' if height <= WEBP_MOST else 'jpg'}", "picture", self.pk, width)


@dataclass(frozen=True, slots=True)
class StoredFile:
    pk: int
    sha256: str
    title: str
    name: str
    size_bytes: int

    @property
    def ending(self) -> str:
        """Lower case, with its dot: ".pdf"; "" for none."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def asset(self) -> Asset:
        return Asset(f"/media/{_folder(self.sha256)}{self.ending}", "file", self.pk)

    @property
    def content_type(self) -> str:
        return mimetypes.types_map.get(self.ending, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Stock:
    """The pictures and files that some contents use, by id. One that is gone is missing."""

    pictures: Mapping[int, StoredPicture]
    files: Mapping[int, StoredFile]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to draw: (path, width, height) smallest first; `alt` is "" only for a decorative one."""

    sources: tuple[tuple[str, int, int], ...]
    alt: str
    caption: str = ""
    credit: str = ""


def stock_for(*contents: Mapping[str, Any]) -> Stock:
    """What these contents (a revision's saved fields, or `content_of`) use, in two queries however many they are.

    Their words are those that a content kept; the library's where it kept none.
    """
    kept: dict[str, list[str]] = {key: words for saved in contents for key, words in saved.get("media_words", {}).items()}
    used = [content.media_of(saved) for saved in contents]
    pictures = get_image_model().objects.filter(pk__in={pk for media in used for pk in media.pictures})
    files = get_document_model().objects.filter(pk__in={pk for media in used for pk in media.files})
    return Stock({row.pk: _picture(row, kept) for row in pictures}, {row.pk: _file(row, kept) for row in files})


@contextmanager
def opened(asset: Asset) -> Iterator[IO[bytes]]:
    """An asset to read: a file as uploaded, a picture in its width (made once, then kept by Wagtail).

    Touches storage. Raises the model's DoesNotExist when the picture or file is gone.
    """
    if asset.kind == "file":
        with get_document_model().objects.get(pk=asset.pk).open_file() as stored:
            yield stored
        return
    rendition = get_image_model().objects.get(pk=asset.pk).get_rendition(asset.rendition)
    with rendition.file.open("rb") as stored:
        yield stored


def _picture(row: Any, kept: Mapping[str, list[str]]) -> StoredPicture:
    description, credit = kept.get(f"picture:{row.pk}", [row.description, row.credit])
    return StoredPicture(row.pk, row.sha256, row.width, row.height, description, credit)


def _file(row: Any, kept: Mapping[str, list[str]]) -> StoredFile:
    (title,) = kept.get(f"file:{row.pk}", [row.title])
    return StoredFile(row.pk, row.sha256, title, row.filename, row.get_file_size() or 0)

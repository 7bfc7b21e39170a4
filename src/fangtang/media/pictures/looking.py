"""Looking at bytes: which picture is it, is it whole, is it small enough to be opened."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import Enum
from io import BytesIO

from PIL import Image, ImageSequence, UnidentifiedImageError

FORMATS = {"GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
"""Pillow's name → the extension under which it is stored. SVG is none of them: it is a program."""

_ORIENTATION = 0x0112


class Wrong(Enum):
    """Why bytes are refused."""

    NO_PICTURE = "no_picture"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole picture. `extension` without a dot; `orientation` as in Exif 2.32, 4.6.5.A (1: upright); `pixels` of all frames together."""

    extension: str
    width: int
    height: int
    pixels: int
    orientation: int


def looked_at(payload: bytes, *, most_pixels: int) -> Seen | Wrong:
    """What the bytes are. Every frame is decoded, so that a cut-off picture is found; nothing is decoded before its size is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _seen(payload, most_pixels=most_pixels)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return Wrong.TOO_MANY_PIXELS
        except UnidentifiedImageError:
            return Wrong.NO_PICTURE
        except (OSError, SyntaxError, ValueError, EOFError, IndexError):
            # What Pillow raises for damaged files depends on the format and on where the damage is.
            return Wrong.BROKEN


def _seen(payload: bytes, *, most_pixels: int) -> Seen | Wrong:
    with Image.open(BytesIO(payload), formats=tuple(FORMATS)) as picture:
        pixels = picture.width * picture.height * getattr(picture, "n_frames", 1)
        if pixels > most_pixels:
            return Wrong.TOO_MANY_PIXELS
        orientation = picture.getexif().get(_ORIENTATION, 1)
        for frame in ImageSequence.Iterator(picture):
            frame.load()
        return Seen(FORMATS[picture.format or ""], picture.width, picture.height, pixels, orientation if orientation in range(1, 9) else 1)

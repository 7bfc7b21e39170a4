"""The same picture without its side-notes: Exif (with the place), XMP, IPTC, comments, thumbnails of other versions, anything after the end."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fangtang.media.pictures import gif, jpeg, png, webp
from fangtang.media.pictures.looking import Wrong, looked_at

_CLEANERS = {"gif": gif.cleaned, "jpg": jpeg.cleaned, "png": png.cleaned, "webp": webp.cleaned}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a picture. `extension` without a dot."""

    extension: str
    payload: bytes


def kept(payload: bytes, *, most_pixels: int) -> Kept | Wrong:
    """A picture as it is stored, or why it is none."""
    seen = looked_at(payload, most_pixels=most_pixels)
    if isinstance(seen, Wrong):
        return seen
    try:
        return Kept(seen.extension, cleaned(payload, extension=seen.extension, orientation=seen.orientation))
    except ValueError:
        return Wrong.BROKEN


def cleaned(payload: bytes, *, extension: str, orientation: int = 1) -> bytes:
    """The same pixels; of the side-notes only colour profiles and, when it is not 1, the orientation are kept.

    Raises ValueError for bytes that are not whole in their format. A second call changes nothing.
    """
    try:
        return _CLEANERS[extension](payload, exif(orientation) if orientation != 1 else b"")
    except (IndexError, struct.error) as broken:
        raise ValueError(f"not a whole {extension}") from broken


def exif(orientation: int) -> bytes:
    """The smallest Exif block (a big-endian TIFF with one entry) that says how to turn the picture. Exif 2.32, 4.6.2."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)

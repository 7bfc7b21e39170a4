"""Pictures for tests, drawn by code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational


def picture(width: int = 40, height: int = 30, *, text: str = "", mode: str = "RGB") -> Image.Image:
    """A picture whose four corners differ, so that a turn shows."""
    drawn = Image.new(mode, (width, height), "#226688" if mode != "P" else 3)
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, 0, width // 2, height // 2), fill="#dd3311" if mode != "P" else 9)
    draw.rectangle((0, height // 2, width // 3, height), fill="#33aa44" if mode != "P" else 5)
    if text:
        draw.text((0, 0), text)
    return drawn


def encoded(kind: str, drawn: Image.Image | None = None, **options: Any) -> bytes:
    """The bytes of a picture in one of Pillow's formats."""
    out = BytesIO()
    (drawn or picture()).save(out, format=kind, **options)
    return out.getvalue()


def png(**drawing: Any) -> bytes:
    return encoded("PNG", picture(**drawing))


def placed(kind: str, *, orientation: int = 1) -> bytes:
    """A picture whose Exif says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "SECRETNOTE"
    exif[0x013B] = "SECRETAUTHOR"
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (IFDRational(38), IFDRational(2), IFDRational(31)), 3: "E", 4: (IFDRational(114), IFDRational(30), IFDRational(52))})
    return encoded(kind, exif=exif.tobytes())

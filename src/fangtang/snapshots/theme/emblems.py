"""A plain seal drawn from a site's name, for sites that have no emblem of their own and for the browser tab."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from fangtang.snapshots.theme.colours import palette

# What every body's name shares; what is left tells one site from the next.
COMMON_ENDINGS = re.compile(r"(人民政府|人民政府|管理委员会|管理委員會|委员会|委員會|管理局|办公室|辦公室|政府|总局|分局|局|厅|廳|处|處|网站|網站|网|網)+$")
PLACE = re.compile(r"^.{2,4}?[市省](?=.{2})")
SHOWN = 2

SEAL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img" aria-label="{name}">
<rect width="64" height="64" rx="12" fill="{ground}"/>
<path d="M0 50q8-5 16 0t16 0 16 0 16 0v2a12 12 0 0 1-12 12H12A12 12 0 0 1 0 52z" fill="{deep}"/>
<text x="32" y="{y}" font-family="PingFang SC,Noto Sans CJK SC,Microsoft YaHei,sans-serif" font-size="{size}" \
font-weight="700" text-anchor="middle" fill="#ffffff">{letters}</text>
</svg>
"""


def letters(name: str) -> str:
    """One or two characters that stand for `name`: 教育 for 方塘市教育局, 方塘 for 方塘市人民政府."""
    bare = "".join(character for character in name if character.isalnum() or character.isspace()).strip()
    if bare and bare.isascii():
        return "".join(word[0] for word in bare.split())[:SHOWN].upper()
    return _telling(bare.replace(" ", ""))[:SHOWN] or "·"


def seal(name: str, colour: str) -> bytes:
    """The seal as SVG."""
    shades, shown = palette(colour, colour), letters(name)
    big = len(shown) == 1
    size, y = (36, 43) if big else (25, 38)
    drawn = SEAL.format(name=escape(name, {'"': "&quot;"}), ground=shades.ink, deep=shades.deep, y=y, size=size, letters=escape(shown))
    return drawn.encode()


def _telling(name: str) -> str:
    stem = COMMON_ENDINGS.sub("", name) or name
    return PLACE.sub("", stem) or stem

"""The files every page refers to: the theme's stylesheet, a site's colours, a drawn emblem.

Names carry a hash of the bytes, so that a web server may let browsers keep them for ever.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

from fangtang.snapshots.theme import emblems
from fangtang.snapshots.theme.colours import palette

Asset = tuple[str, bytes]


@cache
def theme_stylesheet() -> Asset:
    """(path, bytes) of the one stylesheet all sites share."""
    return _named("theme", "css", files(__package__).joinpath("stylesheets/theme.css").read_bytes())


@lru_cache(maxsize=256)
def site_stylesheet(colour: str, accent: str) -> Asset:
    """(path, bytes) of the custom properties of one site, every shade readable (see `colours`).

    ValueError when a colour is not in the form "#rrggbb".
    """
    shades = palette(colour, accent)
    lines = (f"    --{field.name.replace('_', '-')}: {getattr(shades, field.name)};" for field in fields(shades))
    sheet = "\n".join(("@layer site {", "  :root {", *lines, "  }", "}", ""))
    return _named("site", "css", sheet.encode())


@lru_cache(maxsize=256)
def drawn_emblem(name: str, colour: str) -> Asset:
    """(path, bytes) of a seal with one or two characters of `name`, as SVG."""
    return _named("emblem", "svg", emblems.seal(name, colour))


def _named(stem: str, ending: str, content: bytes) -> Asset:
    return f"/assets/{stem}.{sha256(content).hexdigest()[:12]}.{ending}", content

"""Readable shades from any colour a site chooses.

A site names one colour and one accent; every shade that carries text or a boundary is computed here so that its
contrast meets WCAG 2.2 AA (1.4.3: text 4.5, 1.4.11: boundaries 3) whatever was chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
GROUND: Rgb = (247, 246, 243)  # the darkest plain ground of theme.css (--ground); text shades are held against it too
STEPS = 100
TEXT, BOUNDARY, BAND = 4.5, 3.0, 9.0
TINT_LUMINANCE = 0.86


@dataclass(frozen=True, slots=True)
class Palette:
    """The custom properties of a site's stylesheet, as "#rrggbb".

    `ink` is text and links on white, on the ground and on `tint`, and the band behind white text; `deep` the darkest
    band; `edge` a boundary that must be seen; `line` a decorative one; `accent_on_deep` text on `deep`.
    """

    site: str
    ink: str
    deep: str
    edge: str
    line: str
    tint: str
    accent: str
    accent_ink: str
    accent_on_deep: str


def parse(colour: str) -> Rgb:
    """The three channels of "#rrggbb"; ValueError for anything else, for it would be written into a stylesheet."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"not a colour in the form #rrggbb: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Rgb) -> str:
    """The channels as "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette(colour: str, accent: str) -> Palette:
    """Every shade of a site from its two colours."""
    site, second = parse(colour), parse(accent)
    tint = _tint(site)
    deep = _until(site, BLACK, WHITE, BAND)
    return Palette(
        site=written(site),
        ink=written(_readable(site, tint)),
        deep=written(deep),
        edge=written(_until(site, BLACK, min(tint, GROUND, key=luminance), BOUNDARY)),
        line=written(_mixed(site, WHITE, 0.72)),
        tint=written(tint),
        accent=written(second),
        accent_ink=written(_readable(second, tint)),
        accent_on_deep=written(_until(second, WHITE, deep, TEXT)),
    )


def _readable(colour: Rgb, tint: Rgb) -> Rgb:
    """`colour` darkened until it reads on every light ground of the theme."""
    return _until(colour, BLACK, min(tint, GROUND, key=luminance), TEXT + 0.5)


def _until(colour: Rgb, towards: Rgb, ground: Rgb, ratio: float) -> Rgb:
    """The first mix of `colour` with `towards` whose contrast to `ground` reaches `ratio`."""
    mixes = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(mix for mix in mixes if contrast(mix, ground) >= ratio)


def _tint(colour: Rgb) -> Rgb:
    """A breath of `colour` on white, light enough for every text shade."""
    mixes = (_mixed(colour, WHITE, 0.93 + step / 1000) for step in range(71))
    return next(mix for mix in mixes if luminance(mix) >= TINT_LUMINANCE)


def _mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

"""Whatever colour a site chooses, its text can be read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fangtang.snapshots.theme import assets
from fangtang.snapshots.theme.colours import GROUND, WHITE, contrast, palette, parse

COLOURS = st.builds("#{:02x}{:02x}{:02x}".format, *(st.integers(0, 255),) * 3)
PLAIN_TEXT, QUIET_TEXT = parse("#1f2328"), parse("#565d66")


def test_contrast_is_the_one_of_wcag():
    assert contrast(WHITE, (0, 0, 0)) == 21
    assert round(contrast(WHITE, parse("#767676")), 2) == 4.54


@given(COLOURS, COLOURS)
@example("#ffff00", "#ffffff")
@example("#000000", "#000000")
@example("#00ff00", "#ffff00")
@example("#0000ff", "#0000ff")
def test_every_shade_meets_aa(colour: str, accent: str):
    shades = palette(colour, accent)
    ink, deep, tint = parse(shades.ink), parse(shades.deep), parse(shades.tint)
    for ground in (WHITE, GROUND, tint):
        assert contrast(ink, ground) >= 4.5
        assert contrast(parse(shades.accent_ink), ground) >= 4.5
        assert contrast(PLAIN_TEXT, ground) >= 7
        assert contrast(QUIET_TEXT, ground) >= 4.5
        assert contrast(parse(shades.edge), ground) >= 3
    assert contrast(WHITE, deep) >= 7
    assert contrast(parse(shades.accent_on_deep), deep) >= 4.5


def test_a_colour_taken_as_it_is_would_not_do():
    assert contrast(parse("#ffd400"), WHITE) < 4.5 <= contrast(parse(palette("#ffd400", "#ffd400").ink), WHITE)


def test_the_plain_shades_are_those_of_the_stylesheet():
    sheet = assets.theme_stylesheet()[1].decode()
    assert "--text: #1f2328;" in sheet
    assert "--quiet: #565d66;" in sheet
    assert "--ground: #{:02x}{:02x}{:02x};".format(*GROUND) in sheet


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;}", "#123456\n", "١٢٣٤٥٦"])
def test_anything_but_a_colour_is_refused(colour: str):
    with pytest.raises(ValueError, match="#rrggbb"):
        assets.site_stylesheet(colour, "#123456")

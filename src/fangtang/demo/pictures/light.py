"""Colour by season and hour: every motif asks here, so that a picture has one light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Colour = tuple[int, int, int]
Season = Literal["spring", "summer", "autumn", "winter"]
Hour = Literal["dawn", "day", "dusk", "night"]
SEASONS: tuple[Season, ...] = get_args(Season)
HOURS: tuple[Hour, ...] = get_args(Hour)

WHITE: Colour = (255, 255, 255)
WINDOW_LIT: Colour = (255, 214, 138)

SKIES: dict[Season, tuple[Colour, Colour]] = {
    "spring": ((128, 182, 212), (232, 238, 224)),
    "summer": ((84, 160, 208), (212, 234, 236)),
    "autumn": ((126, 168, 198), (247, 230, 200)),
    "winter": ((146, 174, 196), (234, 238, 240)),
}
LEAVES: dict[Season, tuple[Colour, Colour, Colour]] = {
    "spring": ((124, 168, 92), (156, 190, 106), (96, 148, 94)),
    "summer": ((66, 132, 86), (92, 154, 94), (46, 108, 80)),
    "autumn": ((208, 142, 62), (224, 176, 82), (178, 98, 58)),
    "winter": ((96, 122, 114), (128, 148, 140), (76, 102, 100)),
}
GRASS: dict[Season, Colour] = {"spring": (160, 190, 114), "summer": (124, 174, 100), "autumn": (204, 182, 108), "winter": (226, 231, 232)}
HILLS: dict[Season, Colour] = {"spring": (92, 136, 112), "summer": (60, 116, 104), "autumn": (140, 112, 84), "winter": (118, 138, 150)}
BLOOMS: dict[Season, Colour] = {"spring": (240, 178, 190), "summer": (236, 140, 160), "autumn": (226, 168, 72), "winter": (214, 92, 92)}
WATERS: dict[Season, Colour] = {"spring": (118, 172, 180), "summer": (82, 150, 168), "autumn": (120, 152, 158), "winter": (140, 166, 180)}

# hour → (sky top, its weight), (sky low, its weight), (tint over everything, its weight), sun
HOUR_LIGHT: dict[Hour, tuple[tuple[Colour, float], tuple[Colour, float], tuple[Colour, float], Colour]] = {
    "dawn": (((132, 150, 196), 0.5), ((253, 208, 168), 0.72), ((244, 190, 168), 0.13), (255, 232, 196)),
    "day": ((WHITE, 0.0), (WHITE, 0.0), (WHITE, 0.0), (255, 250, 226)),
    "dusk": (((82, 88, 146), 0.68), ((250, 168, 106), 0.78), ((126, 76, 104), 0.26), (255, 196, 124)),
    "night": (((17, 28, 60), 0.95), ((58, 80, 124), 0.9), ((18, 30, 66), 0.66), (244, 240, 214)),
}


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a `share` (0–1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of one season at one hour."""

    season: Season
    hour: Hour

    @property
    def is_night(self) -> bool:
        return self.hour == "night"

    @property
    def sky_top(self) -> Colour:
        return mixed(SKIES[self.season][0], *HOUR_LIGHT[self.hour][0])

    @property
    def sky_low(self) -> Colour:
        return mixed(SKIES[self.season][1], *HOUR_LIGHT[self.hour][1])

    @property
    def sun(self) -> Colour:
        return HOUR_LIGHT[self.hour][3]

    @property
    def grass(self) -> Colour:
        return self.lit(GRASS[self.season])

    @property
    def water(self) -> Colour:
        return self.lit(WATERS[self.season])

    @property
    def bloom(self) -> Colour:
        return self.lit(BLOOMS[self.season])

    @property
    def leaves(self) -> tuple[Colour, Colour, Colour]:
        one, two, three = (self.lit(leaf) for leaf in LEAVES[self.season])
        return one, two, three

    @property
    def window(self) -> Colour:
        """Glass: lit from inside at dusk and at night."""
        return WINDOW_LIT if self.hour in {"dusk", "night"} else mixed(self.sky_top, WHITE, 0.35)

    def lit(self, colour: Colour) -> Colour:
        """A thing's own colour as it looks at this hour."""
        return mixed(colour, *HOUR_LIGHT[self.hour][2])

    def hill(self, depth: float) -> Colour:
        """A hill at `depth` 0 (near) to 1 (lost in the haze)."""
        return mixed(self.lit(HILLS[self.season]), self.sky_low, depth)

    def far(self, colour: Colour, depth: float) -> Colour:
        """Any thing at `depth` 0–1."""
        return mixed(self.lit(colour), self.sky_low, depth)

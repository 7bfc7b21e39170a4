"""Pictures of 方塘市, drawn by code.

A picture is named by motif, season and hour ("pond-summer-dawn"); the same name and seed give the same bytes. No
text is drawn and no font needed.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Literal

from fangtang.demo import chance
from fangtang.demo.pictures.light import HOURS, SEASONS, Light, Season
from fangtang.demo.pictures.motifs import MOTIFS
from fangtang.demo.pictures.scene import HEIGHT, WIDTH, Scene

Form = Literal["JPEG", "PNG", "WEBP"]

__all__ = ["HEIGHT", "HOURS", "MOTIFS", "SEASONS", "WIDTH", "Form", "draw", "keys", "season_of"]


@cache
def keys() -> tuple[str, ...]:
    """The name of every picture there is."""
    return tuple(f"{motif}-{season}-{hour}" for motif in MOTIFS for season in SEASONS for hour in HOURS)


def season_of(month: int) -> Season:
    """The season of a month, as the weather has it: March to May is spring."""
    return SEASONS[(month - 3) % 12 // 3]


def draw(key: str, *, seed: int = 1, form: Form = "JPEG") -> bytes:
    """The picture `key` as a file, 1600 × 1000 pixels; KeyError or ValueError for a key that `keys` does not name."""
    motif, season, hour = key.split("-")
    if season not in SEASONS or hour not in HOURS:
        raise ValueError(f"no picture is called {key!r}")
    scene = Scene(Light(season, hour), rng=chance.stream(seed, key))
    MOTIFS[motif](scene)
    written = io.BytesIO()
    options = {"JPEG": {"quality": 84, "progressive": True, "subsampling": 0}, "PNG": {}, "WEBP": {"quality": 82, "method": 4}}[form]
    scene.finished().save(written, form, **options)
    return written.getvalue()

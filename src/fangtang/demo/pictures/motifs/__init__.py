"""What there is to see in 方塘: one function for each motif, by name."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.demo.pictures.motifs import land, rooms, town, water, works
from fangtang.demo.pictures.scene import Scene

MOTIFS: dict[str, Callable[[Scene], None]] = {**water.MOTIFS, **land.MOTIFS, **town.MOTIFS, **works.MOTIFS, **rooms.MOTIFS}

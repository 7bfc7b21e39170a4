"""Emblems of the city and its units: one list of plain shapes, drawn as SVG and as PNG.

The city's emblem is its name: a square pond (方塘) that holds the sky, the sun in it and a lotus before it. A department
has a sign of its work, a county its hills and water; all stand on the same round field in the unit's colour.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from fangtang.demo import chance, city
from fangtang.demo.city import SiteUnit
from fangtang.demo.pictures.scene import Point

FIELD = 256.0  # logical side
FINE = 4
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline; a disc is an outline of many corners."""

    points: tuple[Point, ...]
    fill: str


def svg(key: str) -> bytes:
    """The emblem of the unit `key` as SVG."""
    drawn = "".join(f'<polygon fill="{shape.fill}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)}"/>' for shape in _shapes(city.by_key()[key]))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256">{drawn}</svg>\n'.encode()


def png(key: str, *, side: int = 512) -> bytes:
    """The emblem of the unit `key` as a square PNG with a transparent ground."""
    image = Image.new("RGBA", (side * FINE, side * FINE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    scale = side * FINE / FIELD
    for shape in _shapes(city.by_key()[key]):
        pen.polygon([(x * scale, y * scale) for x, y in shape.points], fill=shape.fill)
    written = io.BytesIO()
    image.reduce(FINE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _shapes(unit: SiteUnit) -> list[Shape]:
    field = [disc(128, 128, 124, unit.colour), disc(128, 128, 114, WHITE), disc(128, 128, 108, unit.colour)]
    if unit.kind == "city":
        return field + _pond(unit.accent, unit.colour)
    if unit.kind == "county":
        return field + _landscape(unit)
    return [*field, *SIGNS[SIGN_OF[unit.key]](unit.accent), *_waves(190, 2, unit.accent)]


def disc(x: float, y: float, radius: float, fill: str) -> Shape:
    """A round of 96 corners."""
    return Shape(tuple((x + math.cos(t / 48 * math.pi) * radius, y + math.sin(t / 48 * math.pi) * radius) for t in range(96)), fill)


def box(x: float, y: float, width: float, height: float, fill: str = WHITE) -> Shape:
    return Shape(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), fill)


def outline(fill: str, *numbers: float) -> Shape:
    """An outline from x, y, x, y …"""
    return Shape(tuple(zip(numbers[::2], numbers[1::2], strict=True)), fill)


def _waves(top: float, count: int, fill: str) -> list[Shape]:
    """Bands of water inside the field, narrower further down."""
    made = []
    for number in range(count):
        y = top + number * 18
        reach = math.sqrt(max(0.0, 98**2 - (y + 6 - 128) ** 2))
        upper = [(128 - reach + step / 32 * reach * 2, y + 4 * math.sin(step / 32 * math.tau * 3)) for step in range(33)]
        made.append(Shape((*upper, *((x, y + 7) for x, y in reversed(upper))), fill if number % 2 == 0 else WHITE))
    return made


def _pond(accent: str, colour: str) -> list[Shape]:
    petals = [_petal(128, 218, turn, 56, fill) for turn, fill in ((-62, WHITE), (62, WHITE), (-32, "#f3d9d2"), (32, "#f3d9d2"), (0, WHITE))]
    sky = [box(66, 48, 124, 122), box(74, 56, 108, 106, "#dcebe8"), disc(128, 108, 28, accent), box(74, 108, 108, 54, colour)]
    lines = [box(128 - reach, y, reach * 2, 6, fill) for reach, y, fill in ((32, 116, accent), (22, 129, WHITE), (38, 142, WHITE))]
    return [*sky, *lines, *petals]


def _petal(x: float, y: float, turn: float, size: float, fill: str) -> Shape:
    angle = math.radians(turn)
    along = [(0.0, 0.0), *((0.3 * math.sin(t * math.pi), -t) for t in (0.2, 0.35, 0.5, 0.65, 0.8, 0.92)), (0.0, -1.05)]
    whole = [*along, *((-px, py) for px, py in reversed(along[1:-1]))]
    return Shape(
        tuple((x + size * (px * math.cos(angle) - py * math.sin(angle)), y + size * (px * math.sin(angle) + py * math.cos(angle))) for px, py in whole), fill
    )


def _landscape(unit: SiteUnit) -> list[Shape]:
    """Hills, a sun and water that are this county's own."""
    rng = chance.stream(1, f"emblem {unit.key}")
    sun = disc(rng.uniform(92, 164), rng.uniform(72, 92), rng.uniform(15, 21), unit.accent)
    made = [sun]
    for number, fill in enumerate(("#dfe9e6", WHITE)):
        peak, top = rng.uniform(84, 172), rng.uniform(84, 112) + number * 22
        reach = 88.0
        ridge = [(128 - reach + step / 24 * reach * 2, _ridge(step / 24, (peak - 40) / 176, top)) for step in range(25)]
        made.append(Shape(((128 - reach, 166), *ridge, (128 + reach, 166)), fill))
    return [*made, *_waves(176, 3, unit.accent)]


def _ridge(share: float, peak: float, top: float) -> float:
    return 160 - (160 - top) * math.exp(-((share - peak) ** 2) * 26) - 12 * math.exp(-((share - 1 + peak) ** 2) * 60)


def _book(accent: str) -> list[Shape]:
    return [outline(WHITE, 60, 84, 122, 96, 122, 168, 60, 154), outline(WHITE, 196, 84, 134, 96, 134, 168, 196, 154), disc(128, 72, 13, accent)]


def _bars(accent: str) -> list[Shape]:
    return [box(70, 130, 26, 40), box(104, 104, 26, 66), box(138, 78, 26, 92, accent), box(172, 116, 20, 54)]


def _atom(accent: str) -> list[Shape]:
    ring = [disc(128 + math.cos(t / 3 * math.pi) * 46, 120 + math.sin(t / 3 * math.pi) * 46, 15, WHITE) for t in range(6)]
    spokes = [outline(WHITE, 128, 116, 128 + math.cos(t / 3 * math.pi) * 46, 120 + math.sin(t / 3 * math.pi) * 46, 128, 124) for t in range(6)]
    return [*spokes, *ring, disc(128, 120, 20, accent)]


def _cog(accent: str) -> list[Shape]:
    teeth = tuple((128 + math.cos(t / 24 * math.tau) * (60 if t % 3 else 48), 120 + math.sin(t / 24 * math.tau) * (60 if t % 3 else 48)) for t in range(24))
    return [Shape(teeth, WHITE), disc(128, 120, 24, accent)]


def _shield(accent: str) -> list[Shape]:
    return [outline(WHITE, 128, 56, 184, 76, 180, 130, 160, 160, 128, 180, 96, 160, 76, 130, 72, 76), disc(128, 112, 24, accent)]


def _people(accent: str) -> list[Shape]:
    made = []
    for x, size, fill in ((88, 17, WHITE), (168, 17, WHITE), (128, 21, accent)):
        made += [disc(x, 92, size, fill), outline(fill, x - size * 1.5, 168, x - size * 1.1, 124, x, 114, x + size * 1.1, 124, x + size * 1.5, 168)]
    return made


def _scales(accent: str) -> list[Shape]:
    pans = [outline(WHITE, x - 32, 126, x + 32, 126, x + 18, 146, x - 18, 146) for x in (84, 172)]
    cords = [outline(WHITE, x - 3, 84, x + 3, 84, x + 26, 126, x, 92, x - 26, 126) for x in (84, 172)]
    return [box(124, 72, 8, 98), box(76, 80, 104, 8), box(100, 166, 56, 9), disc(128, 70, 13, accent), *pans, *cords]


def _coin(accent: str) -> list[Shape]:
    return [disc(128, 118, 58, WHITE), box(106, 96, 44, 44, accent)]


def _leaf(accent: str) -> list[Shape]:
    return [_petal(128, 174, turn, 96, fill) for turn, fill in ((-38, WHITE), (38, WHITE), (0, accent))]


def _house(accent: str) -> list[Shape]:
    return [outline(WHITE, 56, 118, 128, 60, 200, 118, 186, 126, 128, 80, 70, 126), box(82, 122, 92, 50), box(116, 134, 24, 38, accent)]


def _bridge(accent: str) -> list[Shape]:
    arch = [(128 + math.cos(t / 16 * math.pi) * 40, 164 - math.sin(t / 16 * math.pi) * 40) for t in range(17)]
    deck = [(48 + step * 10, 150 - 46 * math.sin(step / 16 * math.pi)) for step in range(17)]
    return [Shape((*deck, (208, 164), *arch, (48, 164)), WHITE), disc(128, 78, 15, accent)]


def _drop(accent: str) -> list[Shape]:
    curve = [(128 + math.cos(t / 24 * math.tau) * 40, 132 + math.sin(t / 24 * math.tau) * 40) for t in range(-4, 17)]
    return [Shape(((128, 54), *curve), WHITE), disc(138, 138, 13, accent)]


def _cross(accent: str) -> list[Shape]:
    return [box(108, 62, 40, 112), box(72, 98, 112, 40), disc(128, 118, 15, accent)]


def _pavilion(accent: str) -> list[Shape]:
    roofs = [outline(WHITE, 50, 112, 78, 100, 96, 76, 160, 76, 178, 100, 206, 112), outline(accent, 104, 74, 128, 52, 152, 74)]
    return [*roofs, *(box(x, 112, 11, 54) for x in (76, 106, 139, 169)), box(62, 164, 132, 9)]


def _torch(accent: str) -> list[Shape]:
    return [_petal(128, 116, turn, 62, fill) for turn, fill in ((-28, WHITE), (28, WHITE), (0, accent))] + [
        outline(WHITE, 100, 118, 156, 118, 138, 176, 118, 176)
    ]


def _basket(accent: str) -> list[Shape]:
    rim = [(128 + math.cos(t / 16 * math.pi) * 46, 104 - math.sin(t / 16 * math.pi) * 46) for t in range(17)]
    inner = [(128 + math.cos(t / 16 * math.pi) * 36, 104 - math.sin(t / 16 * math.pi) * 36) for t in range(16, -1, -1)]
    return [Shape((*rim, *inner), WHITE), outline(WHITE, 60, 104, 196, 104, 178, 172, 78, 172), box(84, 130, 88, 8, accent)]


def _squares(accent: str) -> list[Shape]:
    return [box(76, 66, 48, 48), box(132, 66, 48, 48, accent), box(76, 122, 48, 48), box(132, 122, 48, 48)]


SIGNS: dict[str, Callable[[str], list[Shape]]] = {
    "book": _book,
    "bars": _bars,
    "atom": _atom,
    "cog": _cog,
    "shield": _shield,
    "people": _people,
    "scales": _scales,
    "coin": _coin,
    "leaf": _leaf,
    "house": _house,
    "bridge": _bridge,
    "drop": _drop,
    "cross": _cross,
    "pavilion": _pavilion,
    "torch": _torch,
    "basket": _basket,
    "squares": _squares,
}
SIGN_OF = {
    "development": "bars",
    "education": "book",
    "science": "atom",
    "industry": "cog",
    "ethnic-affairs": "people",
    "public-security": "shield",
    "civil-affairs": "house",
    "justice": "scales",
    "finance": "coin",
    "human-resources": "people",
    "planning": "squares",
    "environment": "leaf",
    "housing": "house",
    "urban-management": "squares",
    "transport": "bridge",
    "water": "drop",
    "agriculture": "leaf",
    "commerce": "basket",
    "culture-tourism": "pavilion",
    "health": "cross",
    "veterans": "shield",
    "emergency": "shield",
    "audit": "scales",
    "state-assets": "coin",
    "market-regulation": "basket",
    "sports": "torch",
    "statistics": "bars",
    "medical-insurance": "cross",
    "government-services": "squares",
}

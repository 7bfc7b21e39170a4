"""Things that people build: houses, windows, roofs, lamps, boats; and people themselves, far away and faceless."""

from __future__ import annotations

from fangtang.demo.pictures.light import WHITE, WINDOW_LIT, Colour, mixed
from fangtang.demo.pictures.scene import Scene

COATS: tuple[Colour, ...] = ((196, 92, 76), (70, 118, 158), (226, 172, 88), (92, 140, 112), (236, 232, 222), (108, 92, 140))
WALLS: tuple[Colour, ...] = ((236, 228, 214), (214, 206, 198), (198, 212, 216), (232, 214, 190), (206, 196, 184), (186, 200, 208))


def block(scene: Scene, x: float, base: float, width: float, height: float, *, wall: Colour, depth: float = 0.0, grid: tuple[int, int] = (5, 8)) -> None:  # noqa: PLR0913  # a house has that many numbers
    """A plain building on `base` with `grid` = (columns, rows) of windows and a shaded side."""
    light = scene.light
    face = light.far(wall, depth)
    scene.box(x, base - height, width, height, face)
    scene.box(x + width * 0.82, base - height, width * 0.18, height, mixed(face, light.hill(0.0), 0.2))
    scene.box(x, base - height, width, 5, mixed(face, WHITE, 0.35))
    windows(scene, (x + width * 0.07, base - height * 0.95, width * 0.7, height * 0.86), grid, depth=depth)


def windows(scene: Scene, area: tuple[float, float, float, float], grid: tuple[int, int], *, depth: float = 0.0, lit_share: float = 0.62) -> None:
    """Windows in an area (x, y, width, height); at dusk and night a part of them is lit."""
    light, (x, y, width, height), (columns, rows) = scene.light, area, grid
    is_dark = light.hour in {"dusk", "night"}
    dim = mixed(light.lit((96, 124, 148)), light.sky_low, depth * 0.7)
    for column in range(columns):
        for row in range(rows):
            bright = mixed(WINDOW_LIT, light.sky_low, depth * 0.5) if is_dark and scene.rng.random() < lit_share else dim
            scene.box(x + width / columns * column, y + height / rows * row, width / columns * 0.62, height / rows * 0.58, bright)


def roof(scene: Scene, x: float, y: float, width: float, rise: float, *, paint: Colour) -> None:
    """A tiled roof with upturned eaves over a wall whose top is `y`."""
    ink, over = scene.light.lit(paint), width * 0.09
    curve = [(x - over, y + 2), (x + width * 0.1, y - rise * 0.32), (x + width * 0.24, y - rise), (x + width * 0.76, y - rise)]
    scene.polygon(
        [(x - over - 10, y - rise * 0.16), *curve, (x + width * 0.9, y - rise * 0.32), (x + width + over, y + 2), (x + width + over + 10, y - rise * 0.16)][
            1:-1
        ],
        ink,
    )
    scene.line([(x - over - 12, y - rise * 0.2), (x - over + 4, y + 1), (x + width * 0.1, y - rise * 0.32)], ink, 6)
    scene.line([(x + width + over + 12, y - rise * 0.2), (x + width + over - 4, y + 1), (x + width * 0.9, y - rise * 0.32)], ink, 6)
    scene.box(x + width * 0.22, y - rise - 6, width * 0.56, 8, mixed(ink, (30, 34, 40), 0.3))
    if scene.light.season == "winter":
        scene.polygon(
            [
                (x + width * 0.1, y - rise * 0.36),
                (x + width * 0.25, y - rise - 4),
                (x + width * 0.75, y - rise - 4),
                (x + width * 0.86, y - rise * 0.42),
                (x + width * 0.5, y - rise * 0.55),
            ],
            scene.light.lit((246, 248, 249)),
        )


def cottage(scene: Scene, x: float, base: float, width: float, *, depth: float = 0.0) -> None:
    """A white house with a dark roof."""
    light, height = scene.light, width * 0.46
    scene.box(x, base - height, width, height, light.far((240, 236, 226), depth))
    roof(scene, x, base - height, width, width * 0.24, paint=mixed((74, 82, 92), light.sky_low, depth))
    scene.box(x + width * 0.42, base - height * 0.58, width * 0.16, height * 0.58, light.far((134, 92, 66), depth))
    for side in (0.14, 0.7):
        scene.box(x + width * side, base - height * 0.66, width * 0.17, height * 0.3, light.window)


def lamp(scene: Scene, x: float, base: float, height: float = 150) -> None:
    """A street lamp, with a halo at dusk and at night."""
    light = scene.light
    scene.line([(x, base), (x, base - height), (x + height * 0.16, base - height * 1.04)], light.lit((78, 86, 94)), 4.5)
    if light.hour in {"dusk", "night"}:
        scene.glow(x + height * 0.18, base - height, height * 0.5, WINDOW_LIT, 0.75)
    scene.oval(x + height * 0.18, base - height * 1.02, 9, 6, WINDOW_LIT if light.hour in {"dusk", "night"} else light.lit((238, 238, 230)))


def person(scene: Scene, x: float, base: float, height: float, *, coat: Colour | None = None) -> None:
    """Somebody standing on (x, base)."""
    light = scene.light
    cloth = light.lit(coat or scene.rng.choice(COATS))
    legs = light.lit((62, 70, 88))
    scene.oval(x, base, height * 0.2, height * 0.035, (20, 30, 40, 50))
    for side in (-1, 1):
        scene.line([(x + side * height * 0.03, base - height * 0.45), (x + side * height * 0.075, base)], legs, height * 0.085)
    scene.rounded(x - height * 0.12, base - height * 0.82, height * 0.24, height * 0.44, height * 0.08, cloth)
    scene.oval(x, base - height * 0.9, height * 0.085, height * 0.1, light.lit((226, 188, 158)))
    scene.oval(x, base - height * 0.94, height * 0.09, height * 0.07, light.lit((54, 46, 46)))


def boat(scene: Scene, x: float, y: float, size: float, *, awning: bool = False) -> None:
    """A wooden boat and what it throws on the water."""
    wood = scene.light.lit((122, 82, 58))
    scene.oval(x, y + size * 0.12, size * 0.95, size * 0.07, (20, 40, 60, 80))
    scene.polygon(
        [
            (x - size, y - size * 0.14),
            (x - size * 0.74, y + size * 0.1),
            (x + size * 0.7, y + size * 0.1),
            (x + size, y - size * 0.18),
            (x + size * 0.5, y - size * 0.06),
            (x - size * 0.5, y - size * 0.05),
        ],
        wood,
    )
    if awning:
        scene.polygon(
            [
                (x - size * 0.42, y - size * 0.06),
                (x - size * 0.3, y - size * 0.34),
                (x, y - size * 0.42),
                (x + size * 0.3, y - size * 0.34),
                (x + size * 0.42, y - size * 0.06),
            ],
            scene.light.lit((170, 138, 92)),
        )


def pavilion(scene: Scene, x: float, base: float, width: float) -> None:
    """An open pavilion of four posts under a curved roof."""
    height = width * 0.62
    for share in (0.1, 0.36, 0.64, 0.9):
        scene.box(x + width * share - 5, base - height, 10, height, scene.light.lit((142, 66, 54)))
    scene.box(x, base - height * 0.22, width, 7, scene.light.lit((150, 76, 60)))
    scene.box(x - width * 0.06, base - 12, width * 1.12, 14, scene.light.lit((190, 184, 172)))
    roof(scene, x, base - height, width, width * 0.42, paint=(70, 88, 92))
    scene.oval(x + width / 2, base - height - width * 0.46, 8, 14, scene.light.lit((196, 150, 74)))


def road(scene: Scene, top: float, bottom: float, *, dashes: bool = True) -> None:
    """A level road across the picture."""
    scene.box(0, top, 1600, bottom - top, scene.light.lit((112, 118, 126)))
    scene.box(0, top, 1600, 7, scene.light.lit((206, 202, 192)))
    for x in range(-40, 1600, 170) if dashes else ():
        scene.polygon(
            [(x, (top + bottom) / 2 - 4), (x + 92, (top + bottom) / 2 - 4), (x + 84, (top + bottom) / 2 + 4), (x - 8, (top + bottom) / 2 + 4)],
            scene.light.lit((240, 238, 228)),
        )

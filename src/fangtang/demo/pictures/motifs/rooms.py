"""Indoors: a library, a service hall, a museum."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.demo.pictures import built, nature
from fangtang.demo.pictures.light import WHITE, WINDOW_LIT, Colour, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene

SPINES: tuple[Colour, ...] = ((176, 84, 70), (72, 112, 142), (214, 168, 92), (92, 132, 108), (130, 104, 140), (226, 214, 190), (88, 84, 92), (196, 132, 92))
WARM: Colour = (246, 232, 208)


def library(scene: Scene) -> None:
    """A reading room: tall shelves, a window on the pond, readers at long tables."""
    x: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 520, sun_x=800, clouds=3)
    nature.ranges(scene, 480, count=2, height=110)
    for x in (600, 690, 930, 1010):
        nature.tree(scene, x, 500, rng.uniform(120, 180))
    scene.mirror(500, 640, light.water)
    wall = mixed(WARM, light.lit(WARM), 0.5)
    for x, width in ((0, 500), (1100, 500)):
        scene.box(x, 0, width, 1000, wall)
    scene.box(500, 0, 600, 80, wall)
    scene.wash(640, 1000, (mixed((214, 178, 136), light.lit((214, 178, 136)), 0.5), mixed((178, 138, 100), light.lit((178, 138, 100)), 0.5)))
    frame: Colour = (132, 98, 72)
    for x in (496, 696, 896, 1092):
        scene.box(x, 76, 12, 566, frame)
    for y in (76, 330, 634):
        scene.box(496, y, 608, 12, frame)
    for left in (20, 260, 1120, 1360):
        _shelf(scene, left, 60, 222, 640)
    for x in (250, 800, 1350):
        scene.line([(x, 0), (x, 110)], (90, 80, 74), 3)
        scene.glow(x, 150, 200, WINDOW_LIT, 0.6)
        scene.polygon([(x - 52, 150), (x - 26, 108), (x + 26, 108), (x + 52, 150)], (206, 150, 82))
    scene.polygon([(500, 660), (1100, 660), (1180, 700), (420, 700)], (228, 218, 200))
    for y, reach, size in ((760, 420, 150), (900, 620, 210)):
        for share in (-0.7, -0.2, 0.3, 0.75):
            _reader(scene, 800 + share * reach, y, size)
        scene.polygon([(800 - reach, y), (800 + reach, y), (800 + reach * 1.08, y + 34), (800 - reach * 1.08, y + 34)], (164, 116, 78))
        scene.box(800 - reach * 1.08, y + 34, reach * 2.16, 18, (138, 94, 62))
        for share in (-0.62, -0.12, 0.38, 0.8):
            x = 800 + share * reach
            scene.polygon([(x - 34, y + 20), (x - 24, y + 6), (x, y + 11), (x + 24, y + 6), (x + 34, y + 20), (x, y + 24)], (250, 246, 236))


def _shelf(scene: Scene, x: float, y: float, width: float, height: float) -> None:
    scene.box(x, y, width, height, (128, 92, 66))
    rows = 6
    for row in range(rows):
        top, tall = y + 12 + row * height / rows, height / rows - 20
        scene.box(x + 10, top, width - 20, tall, (84, 60, 46))
        left = x + 14
        while left < x + width - 30:
            thick, rise = scene.rng.uniform(8, 17), tall * scene.rng.uniform(0.66, 0.95)
            if scene.rng.random() < 0.92:
                scene.box(left, top + tall - rise, thick, rise, mixed(scene.rng.choice(SPINES), WHITE, scene.rng.uniform(0, 0.18)))
                scene.box(left + 2, top + tall - rise * 0.8, thick - 4, 4, (246, 230, 190))
            left += thick + 1.6


def _reader(scene: Scene, x: float, y: float, size: float) -> None:
    cloth = scene.rng.choice(built.COATS)
    scene.rounded(x - size * 0.2, y - size * 0.46, size * 0.4, size * 0.5, size * 0.12, cloth)
    scene.oval(x, y - size * 0.58, size * 0.13, size * 0.15, (226, 188, 158))
    scene.oval(x, y - size * 0.64, size * 0.14, size * 0.11, (60, 50, 48))


def hall(scene: Scene) -> None:
    """A service hall: counters, clerks and people, plants, light from above."""
    light, rng = scene.light, scene.rng
    scene.wash(0, 1000, (mixed((240, 244, 242), light.lit((240, 244, 242)), 0.4), (226, 226, 218)))
    for number in range(8):
        scene.polygon([(100 + number * 200, 0), (220 + number * 200, 0), (700 + number * 26, 250), (684 + number * 26, 250)], mixed(light.sky_top, WHITE, 0.45))
    scene.box(0, 240, WIDTH, 330, mixed((214, 226, 224), light.sky_low, 0.2))
    _glass_front(scene)
    teal: Colour = (62, 130, 126)
    scene.box(0, 400, WIDTH, 60, teal)
    for number in range(8):
        scene.rounded(60 + number * 200, 412, 76, 36, 6, (245, 248, 246))
        scene.oval(98 + number * 200, 430, 10, 10, (200, 148, 70))
    for number in range(8):
        _reader(scene, 96 + number * 200, 600, 130)
        scene.rounded(130 + number * 200, 520, 64, 46, 4, (70, 84, 92))
        scene.box(158 + number * 200, 566, 8, 22, (90, 100, 108))
    scene.wash(700, 1000, (mixed((216, 212, 202), WHITE, 0.1), (186, 182, 172)))
    scene.box(0, 584, WIDTH, 24, (236, 228, 212))
    scene.box(0, 608, WIDTH, 112, (196, 160, 118))
    for x in range(0, WIDTH, 200):
        scene.box(x, 608, 5, 112, (160, 124, 88))
        scene.box(x + 30, 640, 140, 5, (220, 190, 150))
    for x, y, size in ((150, 800, 236), (230, 806, 230), (560, 800, 240), (930, 810, 246), (1000, 822, 160), (1330, 804, 240)):
        built.person(scene, x, y, size)
    _seats(scene, teal)
    for x in (40, 1540):
        scene.polygon([(x - 34, 900), (x + 34, 900), (x + 26, 980), (x - 26, 980)], (236, 232, 224))
        for _ in range(16):
            tip = (x + rng.uniform(-90, 90), 900 - rng.uniform(70, 210))
            scene.polygon(
                [(x - 5, 900), ((x + tip[0]) / 2 - 16, (900 + tip[1]) / 2), tip, ((x + tip[0]) / 2 + 16, (900 + tip[1]) / 2), (x + 5, 900)],
                mixed((84, 146, 96), (52, 110, 82), rng.random()),
            )


def _seats(scene: Scene, teal: Colour) -> None:
    for x in range(330, 1300, 480):
        for seat in range(4):
            scene.rounded(x + seat * 70, 880, 60, 22, 8, teal)
            scene.rounded(x + seat * 70, 822, 60, 52, 8, mixed(teal, WHITE, 0.15))
        scene.box(x, 902, 270, 6, (110, 116, 120))


def _glass_front(scene: Scene) -> None:
    light = scene.light
    for x in range(0, WIDTH, 100):
        scene.box(x, 250, 92, 150, mixed(light.window, WHITE, 0.25))


def museum(scene: Scene) -> None:
    """A gallery of old vessels and ink landscapes."""
    rng = scene.rng
    scene.wash(0, 1000, ((64, 66, 74), (96, 92, 92)))
    scene.polygon([(0, 1000), (WIDTH, 1000), (1330, 740), (270, 740)], (150, 126, 102))
    scene.polygon([(270, 120), (1330, 120), (1330, 740), (270, 740)], (226, 216, 198))
    scene.polygon([(0, 0), (270, 120), (270, 740), (0, 1000)], (196, 186, 170))
    scene.polygon([(WIDTH, 0), (1330, 120), (1330, 740), (WIDTH, 1000)], (186, 176, 160))
    for x in (480, 800, 1120):
        scene.glow(x, 330, 300, (255, 244, 214), 0.55)
        scene.box(x - 110, 210, 220, 310, (112, 84, 62))
    for number, x in enumerate((480, 800, 1120)):
        scene.box(x - 100, 220, 200, 290, (242, 236, 220))
        for layer in range(3):
            level = 400 + layer * 34
            points = [(x - 100 + step * 10, level - abs((step * (7 + number) + layer * 31) % 23 - 11) * (9 - layer * 2)) for step in range(21)]
            scene.polygon([(x - 100, 510), *points, (x + 100, 510)], (70 + layer * 4, 92 - layer * 6, 100 - layer * 8, 90 + layer * 40))
        scene.oval(x + 52, 268, 17, 17, (206, 96, 76))
    for x, tall, paint in ((360, 120, (92, 130, 124)), (640, 150, (172, 112, 82)), (960, 132, (88, 112, 150)), (1240, 118, (196, 176, 128))):
        scene.polygon([(x - 70, 900), (x - 60, 700), (x + 60, 700), (x + 70, 900)], (238, 234, 226))
        scene.polygon([(x + 20, 900), (x + 20, 700), (x + 60, 700), (x + 70, 900)], (214, 208, 198))
        scene.box(x - 66, 694, 132, 10, (250, 248, 242))
        scene.oval(x, 700 - tall * 0.42, tall * 0.36, tall * 0.4, paint)
        scene.polygon(
            [(x - tall * 0.13, 700 - tall * 0.7), (x - tall * 0.2, 700 - tall), (x + tall * 0.2, 700 - tall), (x + tall * 0.13, 700 - tall * 0.7)], paint
        )
        scene.box(x - tall * 0.16, 700 - tall * 0.1, tall * 0.32, tall * 0.1, mixed(paint, (30, 30, 30), 0.2))
        scene.arc((x - tall * 0.36, 700 - tall * 0.62, x + tall * 0.36, 700 - tall * 0.22), (20, 160), mixed(paint, WHITE, 0.4), 4)
        scene.oval(x - tall * 0.14, 700 - tall * 0.5, tall * 0.06, tall * 0.14, mixed(paint, WHITE, 0.45))
        scene.box(x - 74, 560, 148, 136, (255, 255, 255, 34))
        scene.line([(x - 74, 696), (x - 74, 560), (x + 74, 560), (x + 74, 696)], (255, 255, 255, 120), 2)
    for x in (300, 620, 980, 1300):
        scene.glow(x, 60, 90, (255, 240, 200), 0.9)
        scene.oval(x, 58, 14, 8, (255, 246, 220))
    for x, y, size in ((540, 960, 250), (750, 940, 235), (830, 950, 160), (1110, 965, 255)):
        built.person(scene, x, y, size, coat=rng.choice(built.COATS[:4]))


MOTIFS: dict[str, Callable[[Scene], None]] = {"library": library, "hall": hall, "museum": museum}

"""Ponds, rivers, bridges and boats."""

from __future__ import annotations

import math
from collections.abc import Callable

from fangtang.demo.pictures import built, nature
from fangtang.demo.pictures.light import WHITE, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene


def pond(scene: Scene) -> None:
    """The square pond that gives the city its name: sky and cloud in the water, lotus in front."""
    x: float
    y: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 470, sun_x=1130)
    nature.ranges(scene, 450, count=3, height=110)
    built.pavilion(scene, 300, 452, 190)
    for x in (90, 190, 560, 650, 1010, 1120, 1300, 1480):
        nature.tree(scene, x, 456, rng.uniform(90, 150), depth=0.22)
    scene.box(0, 446, WIDTH, 16, light.lit((196, 190, 176)))
    scene.mirror(462, 1000, light.water, veil=0.3)
    scene.ripples(500, 990, 46, (*mixed(light.sky_low, WHITE, 0.3), 70))
    pads = sorted((rng.uniform(590, 985), rng.uniform(-30, WIDTH + 30)) for _ in range(42))
    for y, x in pads:
        if abs(x - 930) > (y - 470) * 0.55 or y > 930:
            nature.lily_pad(scene, x, y, (y - 480) * 0.17)
    if light.season in {"summer", "spring"}:
        for x, y, size in ((210, 800, 78), (430, 700, 46), (1330, 830, 84), (1500, 700, 50), (1180, 690, 40)):
            scene.line([(x, y + size * 0.8), (x, y)], light.lit((84, 132, 92)), 4)
            nature.blossom(scene, x, y, size)
    nature.willow(scene, 1480, 470, 330)


def bridge(scene: Scene) -> None:
    """A stone bridge of three arches over a quiet river."""
    light = scene.light
    nature.sky(scene, 560, sun_x=420)
    nature.ranges(scene, 540, count=3, height=130)
    for x in range(20, WIDTH, 130):
        nature.tree(scene, x + scene.rng.uniform(-30, 30), 560, scene.rng.uniform(80, 140), depth=0.3)
    stone, edge = light.lit((198, 188, 172)), light.lit((164, 154, 140))
    deck = [(x, 560 - 150 * max(0.0, math.sin((x - 150) / 1300 * math.pi))) for x in range(-20, 1631, 10)]
    scene.polygon([(-20, 600), *deck, (1630, 600)], stone)
    scene.line(deck, edge, 9)
    for x, y in deck[2:-2:5]:
        scene.box(x - 4, y - 36, 8, 38, stone)
    scene.line([(x, y - 30) for x, y in deck], stone, 6)
    behind = mixed(light.water, light.sky_low, 0.35)
    for x, radius in ((470, 88), (800, 128), (1130, 88)):
        scene.oval(x, 600, radius + 12, radius + 12, edge)
        scene.oval(x, 600, radius, radius, behind)
    scene.mirror(600, 1000, light.water, veil=0.28)
    scene.ripples(620, 990, 60, (*mixed(light.sky_low, WHITE, 0.3), 80))
    built.boat(scene, 980, 770, 120, awning=True)
    nature.reeds(scene, 120, 1000, 34, 190)
    nature.reeds(scene, 1520, 1000, 22, 150)


def lake(scene: Scene) -> None:
    """Boats on a wide lake before blue ranges."""
    light = scene.light
    nature.sky(scene, 520)
    nature.ranges(scene, 510, count=4, height=170)
    nature.birds(scene, 980, 190)
    scene.mirror(510, 1000, light.water, veil=0.34)
    scene.ripples(540, 990, 70, (*mixed(light.sky_low, WHITE, 0.35), 80))
    for x, y, size in ((1180, 590, 40), (1310, 612, 52), (520, 660, 90), (820, 800, 150)):
        built.boat(scene, x, y, size, awning=size > 60)
        scene.polygon([(x - size * 0.08, y - size * 1.25), (x - size * 0.08, y - size * 0.1), (x - size * 0.75, y - size * 0.12)], light.lit((236, 226, 204)))
        scene.polygon([(x, y - size * 1.4), (x, y - size * 0.1), (x + size * 0.66, y - size * 0.14)], light.lit((250, 244, 230)))
        scene.line([(x - size * 0.03, y - size * 1.45), (x - size * 0.03, y)], light.lit((96, 72, 56)), 3)
    nature.reeds(scene, 60, 1000, 30, 210)


def dike(scene: Scene) -> None:
    """The river dike with its greenway, people walking."""
    x: float
    y: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 480, sun_x=560)
    nature.ranges(scene, 470, count=2, height=90)
    scene.wash(470, 1000, (mixed(light.water, light.sky_low, 0.5), light.water))
    scene.ripples(490, 900, 60, (*mixed(light.sky_low, WHITE, 0.4), 90))
    scene.polygon([(WIDTH, 470), (1180, 470), (520, 1000), (WIDTH, 1000)], light.grass)
    scene.polygon([(1190, 470), (1180, 470), (500, 1000), (640, 1000)], light.lit((206, 200, 188)))
    scene.polygon([(1265, 470), (1300, 470), (1330, 1000), (960, 1000)], light.lit((196, 116, 92)))
    scene.polygon([(1281, 470), (1284, 470), (1150, 1000), (1136, 1000)], light.lit((244, 236, 224)))
    for number, y in enumerate((505, 545, 600, 680, 790)):
        near = (y - 470) / 530
        nature.willow(scene, 1360 + near * 170 + number * 9, y + 20, 120 + 470 * near)
    for x, y, size in ((1210, 690, 90), (1262, 700, 84), (1100, 880, 150)):
        built.person(scene, x, y, size)
    for y in (520, 580, 680, 840):
        near = (y - 470) / 530
        built.lamp(scene, 1225 - near * 430, y, 70 + 230 * near)
    for _ in range(40):
        x, y = rng.uniform(1400, WIDTH), rng.uniform(820, 990)
        scene.oval(x, y, 4, 4, light.bloom)


def reservoir(scene: Scene) -> None:
    """A dam in the hills, water leaving over the spillway."""
    x: float
    light = scene.light
    nature.sky(scene, 430)
    nature.ranges(scene, 430, count=3, height=190)
    scene.box(0, 430, WIDTH, 570, light.hill(0.2))
    scene.polygon([(300, 430), (1300, 430), (1180, 790), (420, 790)], light.lit((206, 204, 198)))
    for step in range(1, 6):
        scene.line([(300 + step * 20, 430 + step * 60), (1300 - step * 20, 430 + step * 60)], (*light.lit((176, 174, 168)), 150), 2)
    scene.box(300, 412, 1000, 24, light.lit((226, 222, 214)))
    for x in range(350, 1260, 130):
        scene.box(x, 372, 30, 44, light.lit((184, 178, 170)))
        scene.box(x - 5, 366, 40, 8, light.lit((92, 120, 132)))
    for x in (620, 720, 820, 920):
        scene.polygon([(x, 440), (x + 60, 440), (x + 76, 790), (x - 12, 790)], (*mixed(WHITE, light.sky_low, 0.15), 235))
        scene.glow(x + 30, 800, 90, WHITE, 0.6)
    scene.polygon([(0, 560), (300, 430), (450, 800), (300, 1000), (0, 1000)], light.hill(0.08))
    scene.polygon([(WIDTH, 540), (1300, 430), (1150, 800), (1300, 1000), (WIDTH, 1000)], light.hill(0.08))
    scene.polygon([(420, 790), (1180, 790), (1330, 1000), (270, 1000)], light.water)
    scene.ripples(800, 990, 40, (255, 255, 255, 90))
    for _ in range(26):
        side = scene.rng.choice((0, 1))
        x = scene.rng.uniform(-20, 300) if side == 0 else scene.rng.uniform(1300, 1620)
        nature.conifer(scene, x, scene.rng.uniform(640, 1000), scene.rng.uniform(90, 190))


def rain(scene: Scene) -> None:
    """Rain on the old quay, lanterns and an umbrella."""
    x: float
    light = scene.light
    scene.wash(0, 600, (mixed(light.sky_top, (96, 110, 124), 0.55), mixed(light.sky_low, (178, 186, 190), 0.6)))
    nature.peaks(scene, 560, count=7, height=250, depth=0.72)
    scene.haze(520, 120, mixed(light.sky_low, WHITE, 0.2), 0.8)
    for x, width in ((0, 300), (320, 240), (590, 280), (900, 220), (1150, 300), (1470, 220)):
        built.cottage(scene, x, 640, width, depth=0.1)
        scene.oval(x + width * 0.32, 566, 11, 15, (214, 88, 64))
        scene.glow(x + width * 0.32, 566, 60, (250, 160, 90), 0.5)
    scene.box(0, 636, WIDTH, 40, light.lit((168, 164, 156)))
    scene.mirror(676, 1000, mixed(light.water, (110, 128, 136), 0.4), veil=0.36)
    for _ in range(60):
        x, y = scene.rng.uniform(0, WIDTH), scene.rng.uniform(700, 990)
        size = (y - 640) * 0.1
        scene.arc((x - size, y - size * 0.3, x + size, y + size * 0.3), (0, 360), (255, 255, 255, 110), 1.4)
    for x, coat in ((740, (70, 118, 158)), (1060, (196, 92, 76))):
        built.person(scene, x, 668, 96, coat=coat)
        scene.polygon([(x - 56, 586), (x - 34, 560), (x, 548), (x + 34, 560), (x + 56, 586)], light.lit(mixed(coat, WHITE, 0.2)))
    for _ in range(260):
        x, y = scene.rng.uniform(0, WIDTH), scene.rng.uniform(0, 960)
        scene.line([(x, y), (x - 7, y + 34)], (255, 255, 255, 58), 1.3)


MOTIFS: dict[str, Callable[[Scene], None]] = {"pond": pond, "bridge": bridge, "lake": lake, "dike": dike, "reservoir": reservoir, "rain": rain}

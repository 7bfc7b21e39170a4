"""Fields, gardens, woods and mountains."""

from __future__ import annotations

import math
from collections.abc import Callable

from fangtang.demo.pictures import built, nature
from fangtang.demo.pictures.light import WHITE, Colour, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene

STRAW: Colour = (224, 178, 88)


def terraces(scene: Scene) -> None:
    """Tea terraces in rounds, pickers at work."""
    x: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 420)
    nature.peaks(scene, 460, count=8, height=240, depth=0.66)
    scene.haze(440, 110, light.sky_low, 0.75)
    for band in range(13):
        near = band / 12
        level = 430 + 560 * near**1.25
        line = scene.wave(level, 60 - 26 * near, 1.15 + near * 0.3)
        tea = mixed(light.lit((70, 124, 78)), light.lit((116, 164, 92)), 0.5 + 0.5 * math.sin(band * 1.9))
        scene.curve(line, mixed(light.lit((172, 150, 112)), light.sky_low, 0.35 * (1 - near)))
        scene.curve(lambda x, line=line, near=near: line(x) + 5 + 7 * near, mixed(tea, light.sky_low, 0.42 * (1 - near)))  # type: ignore[misc]
        for x in range(-20, WIDTH, round(20 + 46 * near)):
            size = 9 + 24 * near
            scene.oval(x + rng.uniform(-3, 3), line(x) + 7 + 8 * near, size, size * 0.46, mixed(tea, light.sky_low, 0.36 * (1 - near)))
        if band in {7, 9, 10}:
            for _ in range(2):
                x = rng.uniform(200, 1400)
                built.person(scene, x, line(x) + 12, 40 + 60 * near)
                scene.polygon(
                    [(x - 15 - 14 * near, line(x) - 20 - 50 * near), (x, line(x) - 34 - 62 * near), (x + 15 + 14 * near, line(x) - 20 - 50 * near)],
                    light.lit((222, 194, 138)),
                )
    built.cottage(scene, 1180, 470, 130, depth=0.3)


def harvest(scene: Scene) -> None:
    """A ripe field, bales, a harvester."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 520)
    nature.ranges(scene, 510, count=2, height=90)
    for x in range(0, WIDTH, 110):
        nature.tree(scene, x + rng.uniform(-30, 30), 520, rng.uniform(50, 90), depth=0.35)
    scene.wash(510, 1000, (light.far(STRAW, 0.3), light.lit(STRAW)))
    for row in range(22):
        foot = -900 + row * 160
        scene.polygon([(760 + row * 4, 512), (764 + row * 4, 512), (foot + 56, 1000), (foot, 1000)], (*light.lit((196, 146, 66)), 120))
    for x, y, size in ((300, 760, 70), (1240, 690, 48), (1080, 610, 28), (240, 610, 30), (1400, 850, 88)):
        scene.oval(x, y + size * 0.75, size * 1.1, size * 0.16, (90, 60, 20, 70))
        scene.oval(x, y, size * 0.86, size * 0.82, light.lit((214, 166, 84)))
        for ring in (0.7, 0.48, 0.26):
            scene.arc(
                (x - size * 0.86 * ring, y - size * 0.82 * ring, x + size * 0.86 * ring, y + size * 0.82 * ring), (0, 360), light.lit((176, 126, 60)), 2.4
            )
    _harvester(scene, 640, 720)
    nature.birds(scene, 1120, 180, 6)


def _harvester(scene: Scene, x: float, y: float) -> None:
    light = scene.light
    body, dark = light.lit((188, 78, 62)), light.lit((64, 68, 74))
    scene.oval(x + 130, y + 4, 240, 16, (90, 60, 20, 80))
    scene.rounded(x, y - 130, 240, 96, 10, body)
    scene.rounded(x + 18, y - 196, 96, 76, 8, light.window)
    scene.box(x + 14, y - 204, 108, 12, body)
    scene.polygon([(x + 240, y - 120), (x + 300, y - 170), (x + 318, y - 162), (x + 262, y - 84)], light.lit((206, 196, 180)))
    for wheel, size in ((x + 50, 54), (x + 196, 36)):
        scene.oval(wheel, y - size * 0.7, size, size, dark)
        scene.oval(wheel, y - size * 0.7, size * 0.42, size * 0.42, light.lit((226, 190, 110)))
    scene.box(x - 96, y - 46, 100, 24, light.lit((226, 176, 84)))
    for number in range(6):
        scene.line([(x - 92 + number * 16, y - 46), (x - 100 + number * 16, y - 10)], dark, 4)


def paddies(scene: Scene) -> None:
    """Paddy fields full of sky, seedlings in rows."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 440, sun_x=800)
    nature.ranges(scene, 430, count=3, height=150)
    for x, width in ((220, 90), (330, 120), (470, 80), (1220, 110), (1350, 84)):
        built.cottage(scene, x, 446, width, depth=0.3)
    scene.mirror(446, 1000, mixed(light.water, light.sky_low, 0.3), veil=0.22)
    bank = light.lit((126, 140, 84)) if light.season != "winter" else light.grass
    for number in range(8):
        near = (number / 7) ** 1.7
        y = 456 + 520 * near
        line = scene.wave(y, 10 + 14 * near, 0.7)
        points = [(x, line(x)) for x in range(-10, WIDTH + 20, 20)]
        scene.line(points, bank, 5 + 18 * near)
        if number in {3, 4, 5, 6}:
            for step in range(3):
                for x in range(-10, WIDTH, round(26 + 40 * near)):
                    foot = line(x) + (24 + 44 * near) * (step + 1) * 0.8
                    for lean in (-5, 0, 5):
                        scene.line([(x, foot), (x + lean * (0.6 + near), foot - 10 - 16 * near)], light.leaves[1], 2)
    for x, top, bottom in ((180, 460, 1000), (1090, 460, 1000)):
        scene.polygon([(800 + (x - 800) * 0.25, top), (806 + (x - 800) * 0.25, top), (x + 30, bottom), (x - 20, bottom)], bank)
    for x in (420, 560, 1240):
        _egret(scene, x, rng.uniform(640, 800))


def _egret(scene: Scene, x: float, y: float) -> None:
    paint = scene.light.lit((250, 250, 246))
    scene.line([(x, y), (x + 2, y - 44)], scene.light.lit((70, 70, 70)), 2.5)
    scene.oval(x - 4, y - 56, 24, 13, paint)
    scene.line([(x + 12, y - 60), (x + 22, y - 84), (x + 16, y - 100)], paint, 6)
    scene.line([(x + 16, y - 101), (x + 36, y - 96)], scene.light.lit((220, 160, 70)), 3)


def ginkgo(scene: Scene) -> None:
    """An old tree that many generations have sat under."""
    x: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 600, sun_x=300)
    nature.ranges(scene, 590, count=2, height=120)
    nature.ground(scene, 640)
    built.cottage(scene, 60, 680, 260, depth=0.15)
    built.cottage(scene, 1330, 690, 240, depth=0.15)
    bark = light.lit((104, 80, 62))
    scene.polygon([(700, 860), (752, 700), (766, 480), (846, 480), (862, 700), (930, 860), (850, 838), (800, 862), (760, 838)], bark)
    for x, y in ((540, 330), (640, 240), (800, 190), (960, 240), (1080, 340)):
        scene.line([(806, 560), ((806 + x) / 2, (600 + y) / 2 - 30), (x, y)], bark, 26)
    if light.season == "winter":
        for x, y in ((540, 330), (640, 240), (800, 190), (960, 240), (1080, 340), (806, 430)):
            nature.bare(scene, x, y + 20, 190, bark)
    else:
        tones = ((232, 186, 66), (244, 208, 96), (212, 158, 48)) if light.season == "autumn" else light.leaves
        for number in range(230):
            angle, reach = rng.uniform(0, math.tau), rng.random() ** 0.6
            x, y = 806 + math.cos(angle) * 400 * reach, 330 + math.sin(angle) * 225 * reach
            size = rng.uniform(26, 66)
            tone = light.lit(tones[number % 3]) if light.season == "autumn" else tones[number % 3]
            scene.oval(x, y, size, size * 0.8, mixed(tone, light.sun, 0.14 if y < 300 else 0.0))
        if light.season == "autumn":
            for _ in range(420):
                x = rng.gauss(806, 300)
                scene.oval(x, rng.uniform(800, 985), rng.uniform(4, 9), 3, light.lit(rng.choice(tones)))
    scene.rounded(590, 846, 440, 30, 8, light.lit((186, 180, 168)))
    scene.rounded(600, 872, 420, 40, 6, light.lit((162, 156, 146)))
    for x in (500, 1100, 1160):
        built.person(scene, x, 900, 120)


def turbines(scene: Scene) -> None:
    """Wind turbines along a ridge, solar panels below."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 620)
    nature.ranges(scene, 560, count=3, height=170)
    ridge = scene.wave(560, 50, 0.8)
    for x, size in ((180, 210), (430, 260), (720, 320), (1040, 280), (1320, 230), (1500, 180)):
        foot, white = ridge(x), light.lit((244, 246, 246))
        scene.polygon([(x - size * 0.025, foot), (x - size * 0.01, foot - size), (x + size * 0.01, foot - size), (x + size * 0.025, foot)], white)
        start = rng.uniform(0, 120)
        for blade in range(3):
            angle = math.radians(start + blade * 120)
            tip = (x + math.sin(angle) * size * 0.56, foot - size - math.cos(angle) * size * 0.56)
            side = (math.cos(angle) * size * 0.03, math.sin(angle) * size * 0.03)
            scene.polygon([(x, foot - size), (x + (tip[0] - x) * 0.22 + side[0], foot - size + (tip[1] - foot + size) * 0.22 + side[1]), tip], white)
        scene.oval(x, foot - size, size * 0.03, size * 0.03, light.lit((200, 206, 210)))
    scene.curve(ridge, light.hill(0.12))
    nature.ground(scene, 660, swing=24)
    for row in range(4):
        near = row / 3
        y, height, width = 700 + 78 * row + 20 * near, 34 + 26 * near, 100 + 70 * near
        for x in range(-40, WIDTH, round(width * 1.14)):
            scene.polygon([(x, y + height), (x + width * 0.16, y), (x + width * 1.06, y), (x + width * 0.9, y + height)], light.lit((50, 84, 128)))
            scene.line([(x + width * 0.08, y + height / 2), (x + width * 0.98, y + height / 2)], (*light.sky_low, 150), 1.4)
            for share in (0.33, 0.63):
                scene.line([(x + width * share, y + height), (x + width * (share + 0.16), y)], (*light.sky_low, 150), 1.4)


def greenhouse(scene: Scene) -> None:
    """Vegetable beds and glasshouses, a farmer with a basket."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 430)
    nature.ranges(scene, 430, count=3, height=130)
    nature.ground(scene, 430, swing=4)
    for x, width in ((40, 420), (500, 420), (960, 420), (1420, 420)):
        scene.arc((x, 330, x + width, 690), (180, 360), light.lit((232, 240, 240)), 10)
        scene.polygon(
            [(x + width / 2 - math.cos(t / 20 * math.pi) * width / 2, 510 - math.sin(t / 20 * math.pi) * 176) for t in range(21)],
            (*mixed(light.sky_low, WHITE, 0.4), 205),
        )
        for step in range(1, 6):
            scene.line([(x + width * step / 6, 510), (x + width * step / 6, 352 + abs(step - 3) * 24)], (*light.lit((170, 190, 194)), 190), 3)
        scene.box(x + width * 0.43, 440, width * 0.14, 70, light.lit((150, 176, 180)))
    scene.wash(510, 1000, (light.far((152, 116, 84), 0.2), light.lit((130, 94, 68))))
    for row in range(9):
        foot, top = -900 + row * 400, 560 + (row - 1) * 60
        greens = light.lit(((92, 150, 84), (138, 176, 86), (104, 144, 100))[row % 3])
        for step in range(20):
            near = (step / 19) ** 1.6
            x, y, size = top + (foot - top) * near, 520 + 500 * near, 7 + 42 * near
            scene.oval(x, y, size * 1.2, size * 0.7, mixed(greens, light.lit((50, 90, 60)), rng.uniform(0, 0.4)))
            scene.oval(x, y - size * 0.22, size * 0.7, size * 0.4, (*mixed(greens, WHITE, 0.25), 160))
    built.person(scene, 880, 780, 190, coat=(70, 118, 158))
    scene.polygon([(842, 612), (880, 580), (918, 612)], light.lit((224, 196, 138)))
    scene.polygon([(920, 690), (992, 690), (980, 742), (930, 742)], light.lit((178, 132, 84)))
    for x in (936, 956, 976):
        scene.oval(x, 688, 13, 11, light.lit((206, 84, 66)))


def bamboo(scene: Scene) -> None:
    """Light in a bamboo wood."""
    x: float
    y: float
    light, rng = scene.light, scene.rng
    scene.wash(0, 1000, (mixed(light.sky_low, light.leaves[1], 0.35), mixed(light.leaves[0], light.sky_low, 0.3)))
    scene.glow(860, 330, 620, light.sun, 0.7)
    for layer in range(4):
        depth = 0.66 - layer * 0.2
        for _ in range(20 - layer * 3):
            x, width = rng.uniform(-20, WIDTH + 20), 7 + layer * 7 + rng.uniform(0, 5)
            if layer == 3 and 560 < x < 1120:
                continue
            lean = rng.uniform(-30, 30)
            stem = mixed(light.lit((96, 142, 84)), light.sky_low, depth)
            scene.polygon([(x, 1000), (x + lean, 0), (x + lean + width * 0.8, 0), (x + width, 1000)], stem)
            for y in range(60 + rng.randint(0, 60), 1000, 110 + layer * 16):
                shift = lean * (1 - y / 1000)
                scene.box(x + shift - 1, y, width + 2, 3 + layer, mixed(stem, light.lit((46, 84, 56)), 0.45))
        for _ in range(70):
            x, y, size = rng.uniform(0, WIDTH), rng.uniform(-20, 420 + layer * 40), 18 + layer * 12
            angle = rng.uniform(0.2, 1.2) * rng.choice((-1, 1))
            tip = (x + math.cos(angle) * size * 2.2, y + abs(math.sin(angle)) * size * 2.2)
            middle = ((x + tip[0]) / 2 + size * 0.22, (y + tip[1]) / 2 - size * 0.14)
            scene.polygon(
                [(x, y), middle, tip, ((x + tip[0]) / 2 - size * 0.16, (y + tip[1]) / 2 + size * 0.16)],
                (*mixed(light.leaves[layer % 3], light.sky_low, depth), 220),
            )
    scene.polygon([(780, 640), (860, 640), (1130, 1000), (470, 1000)], light.lit((214, 202, 176)))
    for step in range(9):
        y = 660 + step**1.75 * 8
        scene.box(820 - 40 - step * 34, y, 80 + step * 68, 5, light.lit((182, 168, 142)))


def mountains(scene: Scene) -> None:
    """Peaks above a sea of cloud, a pavilion on a rock."""
    light = scene.light
    nature.sky(scene, 760, sun_x=1150, clouds=3)
    for depth, level, height in ((0.78, 620, 300), (0.58, 720, 380), (0.36, 850, 420)):
        nature.peaks(scene, level + 40, count=7, height=height, depth=depth)
        scene.haze(level + 30, 150, mixed(light.sky_low, WHITE, 0.35), 0.9)
    scene.polygon([(0, 1000), (0, 720), (120, 690), (220, 640), (330, 650), (420, 720), (520, 860), (640, 1000)], light.hill(0.0))
    built.pavilion(scene, 200, 648, 120)
    for x, y, size in ((90, 720, 120), (390, 720, 110), (470, 820, 150), (40, 830, 170), (300, 860, 190), (560, 930, 150)):
        nature.conifer(scene, x, y, size)
    scene.haze(980, 150, mixed(light.sky_low, WHITE, 0.4), 0.85)
    nature.birds(scene, 720, 240, 7)


MOTIFS: dict[str, Callable[[Scene], None]] = {
    "terraces": terraces,
    "harvest": harvest,
    "paddies": paddies,
    "ginkgo": ginkgo,
    "turbines": turbines,
    "greenhouse": greenhouse,
    "bamboo": bamboo,
    "mountains": mountains,
}

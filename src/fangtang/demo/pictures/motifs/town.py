"""Streets, houses and squares."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.demo.pictures import built, nature
from fangtang.demo.pictures.light import WHITE, WINDOW_LIT, Colour, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene


def skyline(scene: Scene) -> None:
    """The city across the water."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 640, sun_x=1060)
    nature.ranges(scene, 620, count=2, height=150)
    for depth, tall, count in ((0.62, 250, 22), (0.36, 330, 16), (0.1, 300, 12)):
        for number in range(count):
            width = WIDTH / count * rng.uniform(0.55, 0.92)
            x = number * WIDTH / count + rng.uniform(0, 12)
            height = tall * rng.uniform(0.35, 1.0) * (1.25 if abs(x - 800) < 380 else 0.8)
            built.block(scene, x, 640, width, height, wall=rng.choice(built.WALLS), depth=depth, grid=(max(3, round(width / 20)), max(5, round(height / 22))))
    _tower(scene, 770, 640)
    scene.box(0, 630, WIDTH, 14, light.lit((186, 184, 176)))
    for x in range(10, WIDTH, 62):
        nature.tree(scene, x + rng.uniform(-12, 12), 640, rng.uniform(38, 62), depth=0.1)
    scene.mirror(644, 1000, light.water, veil=0.3)
    scene.ripples(660, 990, 80, (*mixed(light.sky_low, WHITE, 0.3), 70))
    built.boat(scene, 420, 840, 120, awning=True)


def _tower(scene: Scene, x: float, base: float) -> None:
    face = scene.light.far((190, 208, 214), 0.08)
    scene.polygon([(x, base), (x + 12, base - 420), (x + 50, base - 470), (x + 88, base - 420), (x + 100, base)], face)
    scene.polygon([(x + 66, base), (x + 62, base - 452), (x + 88, base - 420), (x + 100, base)], mixed(face, scene.light.hill(0), 0.24))
    scene.line([(x + 50, base - 470), (x + 50, base - 540)], face, 4)
    built.windows(scene, (x + 14, base - 400, 46, 380), (4, 26), depth=0.1)


def nightlights(scene: Scene) -> None:
    """The bridge of lights over the river (always after sunset)."""
    light, rng = scene.light, scene.rng
    top, low = ((16, 26, 58), (62, 84, 128)) if light.hour != "dusk" else ((44, 52, 104), (214, 130, 104))
    scene.wash(0, 620, (top, low))
    for _ in range(70):
        scene.oval(rng.uniform(0, WIDTH), rng.uniform(0, 380), 1.4, 1.4, (255, 255, 240, rng.randint(60, 180)))
    _lit_houses(scene, low)
    gold: Colour = (255, 206, 120)
    _cables(scene, gold)
    scene.box(0, 556, WIDTH, 16, (70, 78, 104))
    for x in range(0, WIDTH, 34):
        scene.oval(x, 556, 4, 4, gold)
    for x in (480, 1120):
        scene.box(x - 24, 570, 48, 60, (60, 68, 94))
    scene.mirror(620, 1000, (20, 32, 66), veil=0.2)
    scene.ripples(640, 990, 120, (*gold, 46))
    scene.ripples(640, 990, 50, (170, 200, 230, 50))


def _lit_houses(scene: Scene, low: Colour) -> None:
    rng = scene.rng
    for depth, tall in ((0.5, 230), (0.2, 300)):
        x = -20.0
        while x < WIDTH:
            width, height = rng.uniform(60, 120), tall * rng.uniform(0.4, 1.0)
            scene.box(x, 610 - height, width, height, mixed((26, 36, 66), low, depth))
            for row in range(round(height / 22)):
                for column in range(round(width / 17)):
                    if rng.random() < 0.45:
                        scene.box(
                            x + 6 + column * 16,
                            610 - height + 8 + row * 21,
                            8,
                            11,
                            mixed(rng.choice((WINDOW_LIT, (255, 236, 190), (190, 220, 240))), low, depth * 0.7),
                        )
            x += width + rng.uniform(2, 14)


def _cables(scene: Scene, gold: Colour) -> None:
    for mast in (480, 1120):
        scene.glow(mast, 400, 240, gold, 0.4)
        scene.polygon([(mast - 10, 640), (mast - 5, 290), (mast + 5, 290), (mast + 10, 640)], (240, 232, 214))
        for step in range(1, 11):
            for side in (-1, 1):
                scene.line([(mast, 300 + step * 6), (mast + side * step * 32, 560)], (*gold, 170), 1.6)


def school(scene: Scene) -> None:
    """A school with its running track, children on it."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 520)
    nature.ranges(scene, 510, count=2, height=100)
    for x in range(0, WIDTH, 96):
        nature.tree(scene, x + rng.uniform(-20, 20), 560, rng.uniform(110, 160), depth=0.24)
    brick, pale = light.lit((198, 112, 84)), light.lit((242, 236, 224))
    for x, width, height in ((180, 380, 240), (1040, 380, 240), (560, 480, 290)):
        face = pale if width == 480 else brick
        scene.box(x, 600 - height, width, height, face)
        for floor in range(4 if width < 480 else 5):
            y = 600 - height + 22 + floor * 56
            scene.box(x, y - 12, width, 6, mixed(face, WHITE, 0.4))
            built.windows(scene, (x + 18, y, width - 26, 52), (9 if width < 480 else 11, 1))
    scene.box(760, 530, 80, 70, light.lit((110, 84, 70)))
    scene.polygon([(700, 310), (800, 262), (900, 310)], brick)
    scene.oval(800, 342, 24, 24, light.lit((250, 248, 240)))
    scene.line([(800, 342), (800, 326)], light.lit((70, 70, 76)), 3)
    scene.line([(800, 342), (812, 348)], light.lit((70, 70, 76)), 3)
    nature.ground(scene, 598, swing=0)
    scene.oval(800, 880, 980, 250, light.lit((196, 100, 78)))
    for ring in range(1, 5):
        scene.arc((-180 + ring * 44, 630 + ring * 13, 1780 - ring * 44, 1130 - ring * 13), (0, 360), light.lit((246, 238, 228)), 3)
    scene.oval(800, 890, 740, 180, mixed(light.grass, light.leaves[0], 0.35))
    for x, y, size in ((380, 760, 84), (430, 752, 80), (560, 745, 78), (1120, 752, 80), (1180, 762, 86), (760, 930, 124), (900, 945, 128), (1010, 920, 118)):
        built.person(scene, x, y, size)
    scene.oval(846, 936, 13, 13, light.lit((248, 246, 240)))


def bus(scene: Scene) -> None:
    """A green bus at a stop under the trees."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 560)
    for number in range(11):
        built.block(scene, number * 150 - 20, 600, 130, rng.uniform(120, 320), wall=rng.choice(built.WALLS), depth=0.42, grid=(6, 12))
    scene.box(0, 590, WIDTH, 110, mixed(light.grass, light.hill(0), 0.1))
    for x in (70, 330, 620, 1230, 1490):
        nature.tree(scene, x, 690, rng.uniform(230, 290))
    scene.box(0, 690, WIDTH, 56, light.lit((212, 206, 196)))
    built.road(scene, 746, 1000)
    steel = light.lit((92, 112, 122))
    scene.box(1130, 470, 360, 16, light.lit((64, 130, 122)))
    for x in (1150, 1460):
        scene.box(x, 484, 10, 216, steel)
    scene.box(1180, 500, 180, 150, (*mixed(light.sky_low, WHITE, 0.4), 120))
    scene.box(1190, 660, 170, 10, light.lit((160, 116, 80)))
    for x, coat in ((1215, built.COATS[0]), (1290, built.COATS[2]), (1410, built.COATS[1])):
        built.person(scene, x, 720, 134, coat=coat)
    _bus(scene, 220, 850)


def _bus(scene: Scene, x: float, y: float) -> None:
    light = scene.light
    body, dark = light.lit((66, 150, 122)), light.lit((48, 54, 60))
    scene.oval(x + 400, y + 30, 430, 18, (20, 24, 30, 110))
    scene.rounded(x, y - 270, 800, 280, 30, body)
    scene.rounded(x, y - 270, 800, 44, 22, light.lit((240, 244, 238)))
    scene.box(x, y - 62, 800, 22, light.lit((240, 236, 214)))
    for number in range(6):
        if number == 3:
            continue
        scene.rounded(x + 28 + number * 112, y - 212, 98, 110, 9, light.window)
        scene.oval(x + 76 + number * 112, y - 132, 15, 18, mixed(light.lit((90, 80, 84)), light.window, 0.3))
    scene.rounded(x + 364, y - 214, 98, 214, 9, mixed(light.window, body, 0.2))
    scene.line([(x + 413, y - 212), (x + 413, y)], dark, 4)
    scene.rounded(x + 704, y - 220, 90, 138, 14, light.window)
    scene.oval(x + 784, y - 36, 12, 12, (255, 236, 180))
    if light.hour in {"dusk", "night"}:
        scene.glow(x + 830, y - 30, 150, WINDOW_LIT, 0.7)
    for wheel in (x + 170, x + 620):
        scene.oval(wheel, y + 4, 56, 56, dark)
        scene.oval(wheel, y + 4, 28, 28, light.lit((196, 200, 202)))


def market(scene: Scene) -> None:
    """Stalls with striped awnings, crates of fruit."""
    light = scene.light
    nature.sky(scene, 420, clouds=4)
    for x, width in ((-40, 330), (300, 300), (610, 360), (990, 300), (1300, 340)):
        built.cottage(scene, x, 560, width, depth=0.2)
    scene.wash(540, 1000, (light.lit((210, 200, 186)), light.lit((184, 172, 158))))
    colours = ((206, 92, 74), (70, 140, 126), (224, 166, 76), (86, 122, 168))
    for number in range(4):
        x, paint = 40 + number * 395, light.lit(colours[number])
        for post in (x + 8, x + 334):
            scene.box(post, 470, 10, 380, light.lit((122, 96, 74)))
        _stall(scene, x, number, paint)
    for x, y, size in ((330, 950, 250), (440, 958, 256), (900, 948, 250), (1250, 955, 254)):
        built.person(scene, x, y, size)
    if light.hour in {"dusk", "night"}:
        for x in range(80, WIDTH, 130):
            scene.oval(x, 424, 8, 10, WINDOW_LIT)
            scene.glow(x, 424, 80, WINDOW_LIT, 0.55)


def _stall(scene: Scene, x: float, number: int, paint: Colour) -> None:
    light, rng = scene.light, scene.rng
    for stripe in range(8):
        scene.polygon(
            [(x - 18 + stripe * 48, 530), (x + 14 + stripe * 40, 440), (x + 54 + stripe * 40, 440), (x + 30 + stripe * 48, 530)],
            paint if stripe % 2 else light.lit((248, 242, 230)),
        )
        scene.oval(x + 6 + stripe * 48, 530, 24, 15, paint if stripe % 2 else light.lit((248, 242, 230)))
    built.person(scene, x + 110 + 90 * (number % 2), 770, 220)
    scene.box(x, 730, 350, 120, light.lit((160, 118, 82)))
    for crate in range(3):
        left = x + 10 + crate * 114
        scene.polygon([(left, 748), (left + 12, 690), (left + 94, 690), (left + 106, 748)], light.lit((190, 150, 104)))
        fruit = light.lit(rng.choice(((214, 84, 62), (236, 170, 68), (118, 166, 80), (148, 92, 140), (232, 206, 96))))
        for row in range(3):
            for place in range(6):
                scene.oval(left + 14 + place * 16 + row % 2 * 5, 740 - row * 17, 10, 10, mixed(fruit, WHITE, rng.uniform(0, 0.2)))
    scene.line([(x, 790), (x + 350, 790)], light.lit((134, 96, 66)), 3)


def oldstreet(scene: Scene) -> None:
    """An old street in one-point view, lanterns overhead."""
    light = scene.light
    nature.sky(scene, 620, sun_x=800, clouds=2)
    nature.peaks(scene, 560, count=5, height=200, depth=0.7)
    scene.box(0, 590, WIDTH, 410, light.lit((176, 170, 160)))
    scene.polygon([(690, 590), (910, 590), (1500, 1000), (100, 1000)], light.lit((190, 184, 174)))
    for row in range(13):
        y = 596 + row**1.9 * 3.1
        reach = 110 + (y - 590) * 1.44
        scene.line([(800 - reach, y), (800 + reach, y)], (*light.lit((150, 144, 136)), 170), 1 + row * 0.24)
    for house in reversed(range(5)):
        near, far = 1.0 / (1 + house * 0.72), 1.0 / (1 + (house + 1) * 0.72)
        depth = house * 0.11
        for side in (-1, 1):
            x0, x1 = 800 + side * 800 * near * 1.04, 800 + side * 800 * far * 1.04
            top0, top1, low0, low1 = 590 - 390 * near, 590 - 390 * far, 590 + 400 * near, 590 + 400 * far
            wall = light.far((238, 232, 220) if (house + side) % 2 else (206, 176, 142), depth)
            scene.polygon([(x0, top0), (x1, top1), (x1, low1), (x0, low0)], wall)
            over = 56 * near
            scene.polygon(
                [(x0, top0 - 110 * near), (x1, top1 - 110 * far), (x1 - side * over * 0.6, top1 + 22 * far), (x0 - side * over, top0 + 26 * near)],
                light.far((72, 80, 90), depth),
            )
            middle = (x0 + x1) / 2
            wide = abs(x0 - x1) * 0.3
            scale = (near + far) / 2
            scene.box(middle - wide / 2, 590 - 130 * scale, wide, 470 * scale, light.far((128, 84, 60), depth))
            scene.box(
                middle - wide * 0.42,
                590 - 110 * scale,
                wide * 0.84,
                120 * scale,
                WINDOW_LIT if light.hour in {"dusk", "night"} else light.far((222, 200, 164), depth),
            )
            lantern = x0 * 0.25 + x1 * 0.75 - side * 70 * scale
            scene.glow(lantern, 590 - 190 * scale, 110 * scale, (255, 170, 96), 0.7 if light.hour in {"dusk", "night"} else 0.25)
            scene.oval(lantern, 590 - 190 * scale, 24 * scale, 30 * scale, light.far((206, 72, 56), depth * 0.6))
            scene.box(lantern - 3 * scale, 590 - 162 * scale, 6 * scale, 22 * scale, light.far((230, 180, 96), depth))
    for x, y, size in ((770, 690, 90), (840, 700, 94), (640, 880, 180), (960, 930, 205)):
        built.person(scene, x, y, size)
    nature.snow(scene)


def estate(scene: Scene) -> None:
    """An older housing estate with new glass lifts, neighbours on the benches."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 520)
    for x, width in ((-60, 300), (1370, 320)):
        built.block(scene, x, 690, width, 300, wall=(222, 206, 186), depth=0.25, grid=(7, 6))
    for x in (190, 800):
        wall = light.lit((236, 214, 184))
        scene.box(x, 250, 560, 450, wall)
        scene.box(x - 8, 240, 576, 16, light.lit((160, 100, 80)))
        _flats(scene, x, wall)
        glass = mixed(light.window, (150, 196, 206), 0.4)
        scene.box(x + 222, 216, 116, 484, light.lit((120, 138, 146)))
        for floor in range(7):
            scene.box(x + 230, 224 + floor * 68, 100, 60, glass)
        scene.box(x + 240, 500, 80, 66, mixed(WINDOW_LIT, WHITE, 0.2))
        built.person(scene, x + 280, 564, 56)
        scene.box(x + 210, 640, 140, 8, light.lit((92, 112, 120)))
    nature.ground(scene, 694, swing=3)
    scene.polygon([(0, 760), (WIDTH, 730), (WIDTH, 830), (0, 870)], light.lit((216, 206, 192)))
    for x in (60, 770, 1440):
        nature.tree(scene, x, 760, rng.uniform(230, 280))
    for x in (420, 1120):
        scene.box(x, 900, 210, 12, light.lit((156, 112, 78)))
        scene.box(x, 862, 210, 10, light.lit((156, 112, 78)))
        for leg in (x + 14, x + 186):
            scene.box(leg, 862, 9, 82, light.lit((96, 100, 104)))
    for x, y, size in ((330, 930, 170), (690, 920, 165), (770, 930, 110), (1050, 950, 172), (1390, 900, 160)):
        built.person(scene, x, y, size)
    for _ in range(60):
        scene.oval(rng.uniform(0, WIDTH), rng.uniform(955, 995), 7, 5, rng.choice((light.bloom, light.leaves[1])))


def _flats(scene: Scene, x: float, wall: Colour) -> None:
    light, rng = scene.light, scene.rng
    for floor in range(6):
        y = 280 + floor * 70
        scene.box(x, y + 46, 560, 4, mixed(wall, (150, 120, 96), 0.3))
        for flat in range(6):
            if flat in {2, 3}:
                continue
            left = x + 22 + flat * 90
            built.windows(scene, (left, y, 74, 66), (1, 1))
            scene.box(left, y + 42, 46, 10, light.lit((196, 204, 204)))
            if rng.random() < 0.4:
                scene.oval(left + 12, y + 40, 9, 7, light.bloom)
                scene.oval(left + 30, y + 40, 11, 8, light.leaves[0])


def park(scene: Scene) -> None:
    """A park path under blossom trees."""
    x: float
    y: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 480)
    nature.ranges(scene, 470, count=2, height=90)
    for number in range(9):
        built.block(scene, number * 185, 490, 90, rng.uniform(70, 170), wall=rng.choice(built.WALLS), depth=0.6, grid=(5, 9))
    nature.ground(scene, 480, swing=8)
    path = light.lit((226, 212, 188))
    left = [(760 - 330 * t**1.6 + 180 * (1 - (2 * t - 1) ** 2), 490 + 510 * t) for t in (step / 20 for step in range(21))]
    right = [(x + 16 + 560 * ((y - 490) / 510) ** 1.4, y) for x, y in left]
    scene.polygon([*left, *reversed(right)], path)
    for x, y, size in ((520, 560, 130), (1130, 570, 140), (330, 640, 220), (1300, 660, 240), (140, 800, 400), (1480, 830, 430)):
        nature.tree(scene, x, y, size)
        if light.season == "spring":
            for _ in range(44):
                radius = rng.uniform(0.02, 0.05) * size
                scene.oval(
                    x + rng.gauss(0, 0.15) * size,
                    y - size * rng.uniform(0.46, 0.95),
                    radius,
                    radius * 0.8,
                    (*mixed(light.bloom, WHITE, rng.uniform(0, 0.4)), 235),
                )
    for x, y, height in ((690, 600, 110), (1180, 740, 190)):
        built.lamp(scene, x, y, height)
    for x, y, size in ((800, 610, 74), (850, 615, 70), (820, 780, 150), (900, 790, 100), (600, 930, 210)):
        built.person(scene, x, y, size)
    for _ in range(90):
        x, y = rng.uniform(0, WIDTH), rng.uniform(860, 1000)
        if not 430 < x < 1240:
            scene.oval(x, y, 6, 5, rng.choice((light.bloom, (248, 240, 220))))
    nature.snow(scene)


def marathon(scene: Scene) -> None:
    """Runners along the lake road."""
    x: float
    y: float
    light, rng = scene.light, scene.rng
    nature.sky(scene, 470, sun_x=380)
    nature.ranges(scene, 460, count=3, height=120)
    for number in range(7):
        built.block(scene, 880 + number * 105, 480, 76, rng.uniform(70, 220), wall=rng.choice(built.WALLS), depth=0.5, grid=(5, 12))
    scene.mirror(480, 640, light.water, veil=0.4)
    scene.ripples(490, 636, 30, (*mixed(light.sky_low, WHITE, 0.3), 90))
    scene.box(0, 634, WIDTH, 26, light.grass)
    for x in range(40, WIDTH, 190):
        nature.tree(scene, x, 652, rng.uniform(120, 160))
    built.road(scene, 656, 1000, dashes=False)
    scene.polygon([(0, 930), (WIDTH, 930), (WIDTH, 942), (0, 942)], light.lit((240, 236, 226)))
    runners = sorted((rng.uniform(700, 960), rng.uniform(-20, WIDTH + 20)) for _ in range(38))
    for y, x in runners:
        _runner(scene, x, y, 70 + (y - 690) * 0.5)


def _runner(scene: Scene, x: float, y: float, size: float) -> None:
    light, rng = scene.light, scene.rng
    skin, shirt, shorts = light.lit((222, 180, 150)), light.lit(rng.choice(built.COATS[:5])), light.lit((50, 58, 78))
    stride = rng.choice((1, 0.72, -0.8))
    scene.oval(x, y, size * 0.26, size * 0.03, (20, 26, 34, 70))
    hip, neck = (x, y - size * 0.46), (x + size * 0.07, y - size * 0.8)
    scene.line([hip, (x + size * 0.16 * stride, y - size * 0.26), (x + size * 0.05 * stride, y - size * 0.02)], skin, size * 0.07)
    scene.line([hip, (x - size * 0.06 * stride, y - size * 0.22), (x - size * 0.26 * stride, y - size * 0.16)], skin, size * 0.07)
    scene.line([hip, (x + size * 0.09 * stride, y - size * 0.34)], shorts, size * 0.12)
    scene.line([neck, (x - size * 0.1 * stride, y - size * 0.64), (x - size * 0.02, y - size * 0.54)], skin, size * 0.05)
    scene.line([hip, neck], shirt, size * 0.19)
    scene.box(x - size * 0.03, y - size * 0.7, size * 0.12, size * 0.1, light.lit((250, 250, 246)))
    scene.line([neck, (x + size * 0.16, y - size * 0.64), (x + size * 0.24, y - size * 0.7)], skin, size * 0.05)
    scene.oval(x + size * 0.1, y - size * 0.92, size * 0.085, size * 0.1, skin)
    scene.oval(x + size * 0.08, y - size * 0.96, size * 0.085, size * 0.06, light.lit((54, 46, 46)))


MOTIFS: dict[str, Callable[[Scene], None]] = {
    "skyline": skyline,
    "nightlights": nightlights,
    "school": school,
    "bus": bus,
    "market": market,
    "oldstreet": oldstreet,
    "estate": estate,
    "park": park,
    "marathon": marathon,
}

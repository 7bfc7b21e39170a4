"""Works, hospitals, tracks and building sites."""

from __future__ import annotations

from collections.abc import Callable

from fangtang.demo.pictures import built, nature
from fangtang.demo.pictures.light import WHITE, WINDOW_LIT, Colour, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene


def hospital(scene: Scene) -> None:
    """A hospital with a green forecourt."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 600)
    nature.ranges(scene, 560, count=2, height=120)
    wall = (240, 242, 238)
    built.block(scene, 150, 720, 420, 330, wall=wall, grid=(12, 7))
    built.block(scene, 1060, 720, 420, 300, wall=wall, grid=(12, 6))
    face = light.lit((250, 250, 246))
    scene.box(540, 240, 560, 480, face)
    _ward_windows(scene, face)
    green = light.lit((46, 150, 120))
    scene.oval(820, 276, 38, 38, green)
    scene.box(812, 252, 16, 48, WHITE)
    scene.box(796, 268, 48, 16, WHITE)
    scene.polygon([(640, 690), (680, 656), (960, 656), (1000, 690)], green)
    for x in (660, 970):
        scene.box(x, 688, 14, 50, light.lit((190, 196, 196)))
    scene.box(700, 690, 240, 48, mixed(light.window, WHITE, 0.2))
    nature.ground(scene, 726, swing=2)
    scene.polygon([(660, 736), (980, 736), (1300, 1000), (340, 1000)], light.lit((214, 210, 202)))
    for x in (70, 250, 430, 1180, 1360, 1540):
        nature.tree(scene, x, 800, rng.uniform(150, 200))
    for x in range(20, WIDTH, 46):
        if not 430 < x < 1180:
            scene.oval(x, 850, 32, 20, light.leaves[x % 3])
    _ambulance(scene, green)
    for x, y, size in ((700, 860, 120), (760, 866, 118), (900, 800, 90)):
        built.person(scene, x, y, size)


def _ward_windows(scene: Scene, face: Colour) -> None:
    light, rng = scene.light, scene.rng
    for floor in range(9):
        y = 330 + floor * 38
        scene.box(570, y, 500, 22, mixed(light.window, (120, 180, 190), 0.35))
        for column in range(1, 14):
            scene.box(570 + column * 36, y, 5, 22, face)
        if light.hour in {"dusk", "night"}:
            for column in range(14):
                if rng.random() < 0.4:
                    scene.box(576 + column * 36, y, 30, 22, WINDOW_LIT)


def _ambulance(scene: Scene, green: Colour) -> None:
    light = scene.light
    van = light.lit((248, 250, 248))
    scene.rounded(1080, 800, 300, 130, 18, van)
    scene.polygon([(1370, 930), (1370, 826), (1420, 834), (1462, 886), (1466, 930)], van)
    scene.polygon([(1378, 836), (1414, 842), (1444, 884), (1378, 884)], light.window)
    scene.box(1080, 876, 386, 12, green)
    scene.box(1196, 824, 12, 40, green)
    scene.box(1182, 838, 40, 12, green)
    for wheel in (1150, 1400):
        scene.oval(wheel, 930, 30, 30, light.lit((52, 56, 62)))
        scene.oval(wheel, 930, 13, 13, light.lit((200, 204, 206)))


def railway(scene: Scene) -> None:
    """A white train on a viaduct over the valley."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 560)
    nature.ranges(scene, 600, count=4, height=210)
    scene.haze(620, 100, light.sky_low, 0.6)
    for x in range(90, WIDTH, 250):
        scene.polygon([(x - 20, 470), (x + 20, 470), (x + 32, 1000), (x - 32, 1000)], light.lit((206, 204, 198)))
        scene.polygon([(x + 6, 470), (x + 20, 470), (x + 32, 1000), (x + 10, 1000)], light.lit((176, 176, 174)))
        scene.polygon([(x - 56, 470), (x + 56, 470), (x + 22, 520), (x - 22, 520)], light.lit((212, 210, 204)))
    scene.box(0, 440, WIDTH, 34, light.lit((224, 222, 214)))
    scene.box(0, 432, WIDTH, 10, light.lit((180, 180, 178)))
    for x in range(40, WIDTH, 180):
        scene.line([(x, 434), (x, 312), (x + 46, 312)], light.lit((150, 156, 160)), 4)
    scene.line([(0, 318), (WIDTH, 318)], light.lit((120, 126, 132)), 1.6)
    white = light.lit((250, 250, 250))
    nose = [(1180, 430), (180, 430), (-20, 430), (-20, 346), (1010, 346), (1090, 362), (1160, 392), (1210, 424)]
    scene.polygon(nose, white)
    scene.box(-20, 404, 1196, 9, light.lit((46, 118, 150)))
    for x in range(-10, 1000, 46):
        scene.rounded(x, 364, 32, 24, 6, light.window)
    scene.polygon([(1040, 362), (1090, 368), (1130, 388), (1060, 388)], light.lit((44, 58, 74)))
    for x in (250, 560, 870):
        scene.line([(x, 348), (x, 430)], light.lit((170, 176, 180)), 3)
    scene.curve(scene.wave(850, 60, 1.2), light.hill(0.06))
    for _ in range(46):
        nature.conifer(scene, rng.uniform(-20, WIDTH + 20), rng.uniform(860, 1020), rng.uniform(90, 170), depth=rng.uniform(0, 0.15))
    built.cottage(scene, 300, 930, 130)
    built.cottage(scene, 450, 960, 110)


def factory(scene: Scene) -> None:
    """A works with a saw-tooth roof, panels on it, trees before it."""
    light, rng = scene.light, scene.rng
    nature.sky(scene, 640)
    nature.ranges(scene, 620, count=2, height=110)
    built.block(scene, 1150, 700, 300, 330, wall=(206, 216, 220), depth=0.05, grid=(10, 8))
    wall = light.lit((228, 226, 218))
    for number in range(5):
        x = 120 + number * 200
        scene.polygon([(x, 470), (x, 360), (x + 200, 470)], wall)
        scene.polygon([(x + 12, 370), (x + 188, 466), (x + 200, 462), (x + 14, 356)], light.lit((52, 84, 124)))
        scene.box(x + 4, 384, 10, 82, light.window)
    scene.box(120, 470, 1000, 240, wall)
    scene.box(120, 520, 1000, 14, light.lit((64, 128, 150)))
    built.windows(scene, (150, 556, 700, 60), (16, 1), lit_share=0.9)
    for x in (900, 1010):
        scene.rounded(x, 566, 92, 146, 6, light.lit((150, 164, 170)))
        for bar in range(6):
            scene.box(x + 4, 576 + bar * 22, 84, 3, light.lit((120, 134, 142)))
    for x, height in ((1490, 250), (1545, 220)):
        scene.rounded(x - 24, 700 - height, 48, height, 20, light.lit((216, 220, 220)))
        scene.box(x - 24, 720 - height, 48, 10, light.lit((64, 128, 150)))
    nature.ground(scene, 706, swing=2)
    built.road(scene, 790, 930)
    for x in range(-10, WIDTH, 128):
        nature.tree(scene, x + rng.uniform(-10, 10), 780, rng.uniform(110, 150))
    cargo, cab = light.lit((236, 236, 230)), light.lit((206, 104, 72))
    scene.rounded(500, 706, 380, 150, 8, cargo)
    scene.box(500, 790, 380, 12, light.lit((64, 150, 122)))
    scene.polygon([(886, 856), (886, 740), (950, 740), (990, 800), (994, 856)], cab)
    scene.polygon([(900, 754), (944, 754), (974, 800), (900, 800)], light.window)
    for wheel in (570, 640, 940):
        scene.oval(wheel, 862, 32, 32, light.lit((48, 52, 58)))
        scene.oval(wheel, 862, 14, 14, light.lit((190, 194, 196)))
    for x in range(10, WIDTH, 40):
        scene.oval(x, 970, 36, 26, light.leaves[(x // 40) % 3])


def site(scene: Scene) -> None:
    """Cranes over a new building."""
    light = scene.light
    nature.sky(scene, 680)
    nature.ranges(scene, 640, count=2, height=110)
    for x in (40, 200, 1330, 1480):
        built.block(scene, x, 720, 120, 220 + x % 90, wall=(214, 206, 198), depth=0.4, grid=(6, 10))
    frame, slab = light.lit((196, 190, 180)), light.lit((172, 164, 154))
    for floor in range(7):
        y = 700 - floor * 66
        scene.box(470, y - 10, 560, 12, slab)
        for post in range(8):
            if floor < 6:
                scene.box(478 + post * 77, y - 66, 12, 58, frame)
        if floor < 4:
            for bay in range(7):
                scene.box(492 + bay * 77, y - 60, 61, 46, light.window if (bay + floor) % 3 else light.lit((206, 132, 92)))
    scene.box(470, 240, 560, 60, (*light.lit((72, 140, 110)), 150))
    for mast, height, reach in ((380, 590, 420), (1180, 500, -430)):
        _crane(scene, mast, 720, height, reach)
    nature.ground(scene, 716, swing=3, shade=0.12)
    for x in range(0, WIDTH, 100):
        scene.box(x, 800, 96, 110, light.lit((62, 128, 116) if x // 100 % 2 else (240, 240, 234)))
    scene.box(0, 906, WIDTH, 94, light.lit((196, 188, 176)))
    for x, y in ((260, 940), (330, 948), (1010, 944), (1120, 950)):
        built.person(scene, x, y, 150, coat=(226, 128, 62))
        scene.oval(x, y - 142, 17, 11, light.lit((246, 208, 80)))


def _crane(scene: Scene, x: float, base: float, height: float, reach: float) -> None:
    paint = scene.light.lit((226, 166, 66))
    top = base - height
    for side in (-9, 9):
        scene.line([(x + side, base), (x + side, top)], paint, 3.5)
    for step in range(0, round(height), 24):
        scene.line([(x - 9, top + step), (x + 9, top + step + 24)], paint, 2)
    scene.line([(x - reach * 0.32, top + 14), (x + reach, top + 14)], paint, 6)
    scene.line([(x - reach * 0.3, top + 14), (x, top - 50), (x + reach * 0.9, top + 14)], paint, 2.4)
    scene.line([(x, top), (x, top - 50)], paint, 6)
    scene.box(min(x - reach * 0.32, x - reach * 0.22), top + 14, abs(reach) * 0.1, 34, scene.light.lit((120, 120, 122)))
    scene.line([(x + reach * 0.72, top + 14), (x + reach * 0.72, top + 150)], scene.light.lit((80, 84, 90)), 2)
    scene.box(x + reach * 0.72 - 26, top + 150, 52, 14, scene.light.lit((150, 110, 80)))


def drill(scene: Scene) -> None:
    """A flood drill: an orange boat, sandbags, people in vests."""
    y: float
    x: float
    light = scene.light
    scene.wash(0, 460, (mixed(light.sky_top, (130, 146, 160), 0.4), light.sky_low))
    for x, y, size in ((200, 110, 1.6), (620, 70, 1.9), (1080, 130, 1.7), (1430, 80, 1.5)):
        nature.cloud(scene, x, y, size)
    nature.ranges(scene, 450, count=3, height=140)
    for x in range(20, WIDTH, 120):
        nature.tree(scene, x + scene.rng.uniform(-30, 30), 470, scene.rng.uniform(70, 120), depth=0.25)
    scene.wash(462, 1000, (mixed(light.water, light.sky_low, 0.5), mixed(light.water, (120, 118, 92), 0.3)))
    scene.ripples(480, 860, 90, (*mixed(light.sky_low, WHITE, 0.3), 90))
    orange = light.lit((232, 112, 52))
    for x, y, size in ((560, 640, 150), (1120, 560, 90)):
        for shift in (-0.4, 0.1, 0.5):
            built.person(scene, x + shift * size, y + size * 0.05, size * 0.72, coat=(236, 126, 60))
        scene.oval(x, y + size * 0.16, size * 1.2, size * 0.1, (255, 255, 255, 90))
        scene.rounded(x - size, y - size * 0.12, size * 2, size * 0.28, size * 0.14, orange)
        scene.polygon([(x + size * 0.8, y - size * 0.12), (x + size * 1.25, y - size * 0.3), (x + size * 1.05, y + size * 0.14)], orange)
        scene.line([(x - size, y), (x + size, y)], light.lit((250, 240, 220)), size * 0.03)
    scene.polygon([(0, 860), (WIDTH, 800), (WIDTH, 1000), (0, 1000)], light.grass)
    for row in range(4):
        for place in range(22):
            x = -30 + place * 76 + row % 2 * 38
            y = 872 - row * 30 - x * 0.036
            scene.rounded(x, y, 78, 34, 15, light.lit(((206, 190, 156), (194, 178, 144), (214, 200, 168))[(place + row) % 3]))
    for x in (250, 420, 900, 1290, 1410):
        built.person(scene, x, 985 - x * 0.03, 220, coat=(236, 126, 60))
        scene.oval(x, 985 - x * 0.03 - 208, 24, 15, light.lit((214, 70, 60)))


MOTIFS: dict[str, Callable[[Scene], None]] = {
    "hospital": hospital,
    "railway": railway,
    "factory": factory,
    "site": site,
    "drill": drill,
}

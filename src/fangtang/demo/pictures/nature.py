"""Things that grow, flow and hang in the sky."""

from __future__ import annotations

import math

from fangtang.demo.pictures.light import WHITE, Colour, mixed
from fangtang.demo.pictures.scene import WIDTH, Scene

TRUNK: Colour = (110, 84, 66)
STARS = 90


def sky(scene: Scene, horizon: float = 620, *, sun_x: float | None = None, clouds: int = 5) -> None:
    """Sky down to the horizon with sun or moon, clouds by day, stars at night."""
    light, rng = scene.light, scene.rng
    scene.wash(0, horizon, (light.sky_top, light.sky_low))
    if light.is_night:
        for _ in range(STARS):
            size = rng.uniform(0.7, 1.7)
            scene.oval(rng.uniform(0, WIDTH), horizon * 0.8 * rng.random() ** 1.3, size, size, (255, 255, 240, rng.randint(60, 190)))
    x = sun_x if sun_x is not None else rng.uniform(0.18, 0.82) * WIDTH
    y = {"dawn": horizon * 0.68, "day": horizon * 0.26, "dusk": horizon * 0.76, "night": horizon * 0.27}[light.hour]
    scene.glow(x, y, 330, light.sun, 0.62)
    radius = 30 if light.is_night else 46
    scene.oval(x, y, radius, radius, light.sun)
    for _ in range(0 if light.is_night else clouds):
        cloud(scene, rng.uniform(0, WIDTH), rng.uniform(0.08, 0.55) * horizon, rng.uniform(0.5, 1.25))


def cloud(scene: Scene, x: float, y: float, size: float) -> None:
    """A flat-bottomed cloud of a few rounds."""
    paint = (*mixed(WHITE, scene.light.sky_low, 0.25), 120)
    width = 150 * size
    scene.rounded(x - width, y - 13 * size, width * 2, 26 * size, 13 * size, paint)
    scene.rounded(x - width * 0.55, y - 33 * size, width * 1.0, 30 * size, 15 * size, paint)
    scene.rounded(x - width * 0.9, y + 18 * size, width * 1.2, 14 * size, 7 * size, (*paint[:3], 70))


def ranges(scene: Scene, horizon: float, *, count: int = 3, height: float = 130) -> None:
    """Ranges of hills one behind the other, the farthest palest."""
    for number in range(count):
        depth = 1 - (number + 1) / (count + 1)
        level = horizon - height * (0.25 + depth)
        scene.curve(scene.wave(level, height * 0.62, 1.0 + number * 0.5), scene.light.hill(0.28 + depth * 0.62))
        scene.haze(horizon - height * 0.2 * depth, height * 0.7, scene.light.sky_low, 0.4)


def peaks(scene: Scene, horizon: float, *, count: int = 9, height: float = 330, depth: float = 0.5) -> None:
    """Steep peaks as in an ink painting."""
    rng, colour = scene.rng, scene.light.hill(depth)
    for number in range(count):
        x = (number + rng.uniform(0.1, 0.9)) / count * WIDTH
        tall, wide = height * rng.uniform(0.45, 1.0), rng.uniform(90, 190)
        lean, steep = rng.uniform(-0.25, 0.25) * wide, rng.uniform(0.5, 0.72)
        left = [(x + lean * t - wide * (1 - t) ** steep - 7 * math.sin(t * 9), horizon - tall * t) for t in (step / 24 for step in range(25))]
        right = [(x + lean * t + wide * (1 - t) ** (steep + 0.08) + 6 * math.sin(t * 8), horizon - tall * t) for t in (1 - step / 24 for step in range(25))]
        scene.polygon([*left, *right], colour)


def birds(scene: Scene, x: float, y: float, count: int = 5) -> None:
    """A few birds far away."""
    ink = (*mixed(scene.light.lit((60, 70, 80)), scene.light.sky_low, 0.3), 210)
    for number in range(count):
        bird_x, bird_y = x + number * 38 + scene.rng.uniform(-10, 10), y + abs(number - 1) * 15 + scene.rng.uniform(-6, 6)
        for side in (-1, 1):
            scene.line([(bird_x, bird_y), (bird_x + side * 9, bird_y - 7), (bird_x + side * 18, bird_y - 3)], ink, 2.2)


def tree(scene: Scene, x: float, y: float, height: float, *, depth: float = 0.0) -> None:
    """A round broad-leaved tree standing on (x, y); bare with a little snow in winter."""
    light, rng = scene.light, scene.rng
    trunk = light.far(TRUNK, depth)
    scene.polygon([(x - height * 0.035, y), (x - height * 0.018, y - height * 0.6), (x + height * 0.018, y - height * 0.6), (x + height * 0.035, y)], trunk)
    if light.season == "winter":
        bare(scene, x, y - height * 0.42, height * 0.5, trunk)
        return
    tones = [mixed(tone, light.sky_low, depth) for tone in light.leaves]
    shape = [(-0.2, 0.52, 0.19), (0.2, 0.54, 0.18), (0.0, 0.5, 0.23), (-0.1, 0.72, 0.2), (0.12, 0.74, 0.19), (0.0, 0.84, 0.15)]
    for number, (dx, up, size) in enumerate(shape):
        wobble = rng.uniform(0.92, 1.1)
        scene.oval(x + dx * height, y - up * height, size * height * wobble, size * height * wobble * 0.92, tones[2] if number < 2 else tones[0])
    for dx, up, size in ((-0.12, 0.8, 0.1), (0.06, 0.68, 0.09), (-0.05, 0.9, 0.06)):
        scene.oval(x + dx * height, y - up * height, size * height, size * height * 0.8, (*tones[1], 150))


def bare(scene: Scene, x: float, y: float, height: float, paint: Colour) -> None:
    """Branches without leaves, from the fork at (x, y) up."""
    for turn in (-62, -40, -20, 0, 18, 38, 60):
        angle = math.radians(turn + scene.rng.uniform(-5, 5))
        reach = height * (1.05 - abs(turn) / 150)
        tip = (x + math.sin(angle) * reach, y - math.cos(angle) * reach)
        middle = ((x * 0.5 + tip[0] * 0.5), (y * 0.5 + tip[1] * 0.5))
        scene.line([(x, y), tip], paint, height * 0.022)
        for side in (-1, 1):
            twig = angle + side * 0.6
            scene.line([middle, (middle[0] + math.sin(twig) * reach * 0.34, middle[1] - math.cos(twig) * reach * 0.34)], paint, height * 0.013)


def conifer(scene: Scene, x: float, y: float, height: float, *, depth: float = 0.0) -> None:
    """A fir of four tiers; snow on them in winter."""
    light = scene.light
    green = mixed(light.lit((52, 96, 84)), light.sky_low, depth)
    scene.box(x - height * 0.03, y - height * 0.16, height * 0.06, height * 0.16, light.far(TRUNK, depth))
    for tier in range(4):
        low, wide = y - height * (0.12 + tier * 0.2), height * (0.25 - tier * 0.045)
        tall = height * 0.34
        scene.polygon([(x - wide, low), (x, low - tall), (x + wide, low)], mixed(green, light.sky_low, tier * 0.05))
        if light.season == "winter":
            scene.polygon(
                [(x - wide * 0.62, low - tall * 0.38), (x, low - tall), (x + wide * 0.4, low - tall * 0.6), (x, low - tall * 0.48)], light.lit((244, 247, 248))
            )


def willow(scene: Scene, x: float, y: float, height: float) -> None:
    """A willow with hanging branches."""
    light, rng = scene.light, scene.rng
    scene.line([(x, y), (x + height * 0.03, y - height * 0.4), (x - height * 0.02, y - height * 0.75)], light.lit(TRUNK), height * 0.045)
    tones = [mixed(tone, light.sky_low, 0.08) for tone in light.leaves]
    for number in range(54):
        start_x = x + rng.gauss(0, 0.16) * height
        start_y = y - height * rng.uniform(0.72, 0.98)
        swing, fall = rng.uniform(-0.1, 0.1) * height + (start_x - x) * 0.55, height * rng.uniform(0.3, 0.66)
        points = [(start_x + swing * t**1.4, start_y - math.sin(t * math.pi) * 12 + fall * t**1.5) for t in (step / 7 for step in range(8))]
        scene.line(points, (*tones[number % 3], 205), 3.2)


def reeds(scene: Scene, x: float, y: float, count: int = 26, height: float = 130) -> None:
    """A clump of reeds in the foreground."""
    light, rng = scene.light, scene.rng
    for number in range(count):
        foot = x + rng.uniform(-1, 1) * count * 4
        tall, lean = height * rng.uniform(0.55, 1.1), rng.uniform(-0.25, 0.25) * height
        tip = (foot + lean, y - tall)
        scene.line([(foot, y), (foot + lean * 0.3, y - tall * 0.6), tip], mixed(light.leaves[number % 3], light.lit((40, 60, 50)), 0.3), 3)
        if number % 3 == 0:
            scene.line([tip, (tip[0] + lean * 0.15, tip[1] - 26)], light.lit((206, 178, 128)), 7)


def blossom(scene: Scene, x: float, y: float, size: float) -> None:
    """A lotus flower seen from the side."""
    pink = scene.light.lit((240, 150, 172))
    for turn in (-64, 64, -40, 40, -18, 18, 0):
        angle = math.radians(turn)
        petal = [(0, 0), (-0.2, -0.5), (0, -1.0), (0.2, -0.5)]
        points = [(x + size * (px * math.cos(angle) - py * math.sin(angle)), y + size * (px * math.sin(angle) + py * math.cos(angle))) for px, py in petal]
        scene.polygon(points, mixed(pink, WHITE, 0.5 - abs(turn) / 140))
    scene.oval(x, y - size * 0.12, size * 0.16, size * 0.12, scene.light.lit((244, 206, 110)))


def lily_pad(scene: Scene, x: float, y: float, size: float) -> None:
    """A lotus leaf lying on the water, with its veins and a notch."""
    green = scene.light.lit((150, 126, 92) if scene.light.season == "winter" else (74, 140, 96))
    scene.oval(x + 3, y + 5, size, size * 0.34, (20, 50, 60, 60))
    scene.oval(x, y, size, size * 0.34, mixed(green, scene.light.leaves[1], scene.rng.uniform(0.1, 0.5)))
    vein = (*mixed(green, WHITE, 0.35), 120)
    for number in range(7):
        angle = number / 7 * math.tau
        scene.line([(x, y), (x + math.cos(angle) * size * 0.82, y + math.sin(angle) * size * 0.28)], vein, 1.3)


def ground(scene: Scene, level: float, *, swing: float = 10, shade: float = 0.0) -> None:
    """Grass (snow in winter) from `level` to the lower edge."""
    scene.curve(scene.wave(level, swing, 0.8), mixed(scene.light.grass, scene.light.hill(0), shade))


def snow(scene: Scene, count: int = 260) -> None:
    """Falling snow, in winter alone."""
    for _ in range(count if scene.light.season == "winter" else 0):
        size = scene.rng.uniform(1.2, 3.6)
        scene.oval(scene.rng.uniform(0, WIDTH), scene.rng.uniform(0, 1000), size, size, (255, 255, 255, scene.rng.randint(90, 200)))

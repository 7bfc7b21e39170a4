"""The sheet a picture is drawn on: shapes in logical pixels on twice as many real ones, for smooth edges."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from fangtang.demo.pictures.light import Colour, Light

WIDTH, HEIGHT = 1600, 1000
FINE = 2
Point = tuple[float, float]
Paint = tuple[int, int, int] | tuple[int, int, int, int]


class Scene:
    """One picture in the making. `rng` is its own stream: same motif, light and seed → same bytes."""

    __slots__ = ("_pen", "image", "light", "rng")

    def __init__(self, light: Light, *, rng: random.Random) -> None:
        self.light = light
        self.rng = rng
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), light.sky_low)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def polygon(self, points: Iterable[Point], paint: Paint) -> None:
        self._pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=paint)

    def box(self, x: float, y: float, width: float, height: float, paint: Paint) -> None:
        """A rectangle by its upper left corner; nothing when it has no extent."""
        if width > 0 and height > 0:
            self._pen.rectangle((x * FINE, y * FINE, (x + width) * FINE - 1, (y + height) * FINE - 1), fill=paint)

    def rounded(self, x: float, y: float, width: float, height: float, radius: float, paint: Paint) -> None:
        self._pen.rounded_rectangle((x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE), radius * FINE, fill=paint)

    def oval(self, x: float, y: float, across: float, up: float, paint: Paint) -> None:
        """An ellipse by centre and radii."""
        self._pen.ellipse(((x - across) * FINE, (y - up) * FINE, (x + across) * FINE, (y + up) * FINE), fill=paint)

    def line(self, points: Iterable[Point], paint: Paint, width: float = 2) -> None:
        self._pen.line([(x * FINE, y * FINE) for x, y in points], fill=paint, width=max(1, round(width * FINE)), joint="curve")

    def arc(self, box: tuple[float, float, float, float], degrees: tuple[float, float], paint: Paint, width: float = 2) -> None:
        left, top, right, bottom = (side * FINE for side in box)
        self._pen.arc((left, top, right, bottom), *degrees, fill=paint, width=round(width * FINE))

    def wash(self, top: float, bottom: float, colours: tuple[Colour, Colour]) -> None:
        """A vertical gradient over the full width."""
        height = round((bottom - top) * FINE)
        ramp = Image.linear_gradient("L").resize((1, height), Image.Resampling.BILINEAR).resize((WIDTH * FINE, height))
        upper, lower = (Image.new("RGB", (WIDTH * FINE, height), colour) for colour in colours)
        self._paste(Image.composite(lower, upper, ramp), round(top * FINE))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.6) -> None:
        """A soft round light."""
        side = round(radius * 2 * FINE)
        fade = Image.radial_gradient("L").point([round(255 * strength * max(0.0, 1 - level / 180) ** 2) for level in range(256)]).resize((side, side))
        self.image.paste(Image.new("RGB", (side, side), colour), (round((x - radius) * FINE), round((y - radius) * FINE)), fade)

    def haze(self, y: float, reach: float, colour: Colour, strength: float = 0.6) -> None:
        """A band of mist, thickest at `y`."""
        height = round(reach * 2 * FINE)
        levels = [round(255 * strength * max(0.0, 1 - abs(step / 128 - 1)) ** 1.6) for step in range(256)]
        fade = Image.linear_gradient("L").point(levels).resize((WIDTH * FINE, height))
        self.image.paste(Image.new("RGB", fade.size, colour), (0, round((y - reach) * FINE)), fade)

    def mirror(self, shore: float, bottom: float, colour: Colour, *, veil: float = 0.42, squeeze: float = 1.0) -> None:
        """Water from `shore` down: what stands above it upside down, under a veil of `colour` that thickens towards us."""
        height = round((bottom - shore) * FINE)
        source = min(round(shore * FINE), round(height / squeeze))
        above = self.image.crop((0, round(shore * FINE) - source, WIDTH * FINE, round(shore * FINE)))
        turned = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((WIDTH * FINE, height)).filter(ImageFilter.BoxBlur((2, 9)))
        ramp = Image.linear_gradient("L").point([round(255 * (veil + (0.9 - veil) * (level / 255) ** 1.5)) for level in range(256)])
        veiled = Image.composite(Image.new("RGB", turned.size, colour), turned, ramp.resize(turned.size))
        self._paste(veiled, round(shore * FINE))

    def ripples(self, top: float, bottom: float, count: int, paint: Paint) -> None:
        """Short level strokes that grow towards us."""
        for _ in range(count):
            near = self.rng.random() ** 0.7
            y, x = top + (bottom - top) * near, self.rng.uniform(-60, WIDTH)
            reach = (24 + 120 * near) * self.rng.uniform(0.5, 1.3)
            self.oval(x, y, reach, 0.8 + 1.6 * near, paint)

    def curve(self, height: Callable[[float], float], paint: Paint, *, bottom: float = HEIGHT, step: int = 8) -> None:
        """Everything under the line y = height(x)."""
        points: list[Point] = [(x, height(x)) for x in range(-step, WIDTH + step * 2, step)]
        self.polygon([(-step, bottom), *points, (WIDTH + step, bottom)], paint)

    def wave(self, level: float, swing: float, waves: float = 1.0) -> Callable[[float], float]:
        """A gentle line around `level`, different each time."""
        parts = [(swing / (1 + n * 0.9), waves * (0.6 + n * 0.85) * self.rng.uniform(0.8, 1.2), self.rng.uniform(0, math.tau)) for n in range(4)]
        return lambda x: level - sum(size * math.sin(x / WIDTH * math.tau * often + start) for size, often, start in parts) * 0.6

    def finished(self) -> Image.Image:
        """The picture in its real size, with a breath of grain like paper."""
        small = self.image.reduce(FINE)
        raw = Image.frombytes("L", (WIDTH // 4, HEIGHT // 4), self.rng.randbytes(WIDTH * HEIGHT // 16))
        grain = raw.resize(small.size, Image.Resampling.BICUBIC).point([124 + level * 8 // 255 for level in range(256)])
        return ImageChops.overlay(small, Image.merge("RGB", (grain, grain, grain)))

    def _paste(self, part: Image.Image, top: int) -> None:
        self.image.paste(part, (0, top))

"""Small landscapes as SVG, so that pages in tests have pictures that are ours and the same everywhere."""

from __future__ import annotations

PALETTES = (
    ("#cfe3ee", "#7fa8bd", "#3f6f86", "#e9c46a"),
    ("#f3e3d3", "#c98b6b", "#6b4a3f", "#d1495b"),
    ("#dcebdd", "#8bb38f", "#3d6b4f", "#f2c14e"),
    ("#e4e1f0", "#9c94c2", "#504a7d", "#f4a259"),
    ("#d9eef0", "#6fb1b5", "#1f6f78", "#f6f1d1"),
)


def landscape(seed: int, width: int, height: int) -> bytes:
    """Hills behind a pond; `seed` picks the colours and the line of the hills."""
    sky, far, near, sun = PALETTES[seed % len(PALETTES)]
    crest = height * (40 + seed * 7 % 15) / 100
    shore = height * 0.68
    ripples = "".join(
        f'<path d="M{width * (seed + step * 3) % 5 / 10 * width:.0f} {shore + height * 0.05 * step:.0f}h{width * 0.3:.0f}" '
        f'stroke="#ffffff" stroke-opacity=".5" stroke-width="{height / 120:.1f}"/>'
        for step in range(1, 6)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="{sky}"/>'
        f'<circle cx="{width * (20 + seed * 13 % 60) / 100:.0f}" cy="{height * 0.22:.0f}" r="{height * 0.08:.0f}" fill="{sun}"/>'
        f'<path d="M0 {crest:.0f}Q{width * 0.25:.0f} {crest * 0.6:.0f} {width * 0.5:.0f} {crest:.0f}T{width} {crest * 0.9:.0f}V{height}H0z" fill="{far}"/>'
        f'<path d="M0 {shore:.0f}Q{width * 0.3:.0f} {crest:.0f} {width * 0.62:.0f} {shore * 0.95:.0f}T{width} {shore:.0f}V{height}H0z" fill="{near}"/>'
        f'<rect y="{shore:.0f}" width="{width}" height="{height - shore:.0f}" fill="{far}" fill-opacity=".75"/>{ripples}</svg>'
    ).encode()

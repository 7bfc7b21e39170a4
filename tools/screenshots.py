"""`make screenshots`: the ten main pages at two widths, drawn from a fresh reference city into docs/screenshots.

The city is seeded into a temporary folder, which takes a minute or two; FANGTANG_SCREENSHOT_HOME names a folder that is kept and used again.
Pictures are PNG with at most 256 colours, small enough to lie in the repository.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.progress import track

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDTHS = {360: 780, 1440: 900}
"""Width of the window → its height, in CSS pixels; the picture shows what is in the window."""
MOST_BYTES = 300_000
COLOURS = 256
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
COUNTY = "banmu"
REVIEWERS = ("chen", "ding", "jiang", "kang")

SHOWN = (
    "SELECT '/' || x.path FROM snapshots_shown x JOIN articles_article a ON a.id = x.article_id JOIN outlets_site s ON s.id = x.site_id"
    " WHERE s.key = 'www' AND NOT x.is_withdrawn AND a.kind = '{kind}' {more} ORDER BY x.published_at DESC, x.id LIMIT 1"
)
"""The newest article of a kind on the portal."""
WRITTEN = (
    "SELECT a.id FROM articles_article a JOIN people_unit u ON u.id = a.unit_id"
    " WHERE u.key = 'city-office' AND a.lead_image_id IS NOT NULL ORDER BY a.id DESC LIMIT 1"
)
DUE = (
    "SELECT s.level, s.id, t.object_id FROM reviews_step s JOIN reviews_turn t ON t.id = s.turn_id JOIN people_unit u ON u.id = t.unit_id"
    " WHERE u.key = 'city-office' AND s.status = 'due' AND s.kind = 'review' ORDER BY s.position DESC LIMIT 1"
)
"""A review in the city's office that was proofread before."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: its file's name, who looks ("" is a citizen), the site ("localhost" is the desk) and the path."""

    name: str
    login: str
    host: str
    path: str


@dataclass(frozen=True, slots=True)
class City:
    """A running reference city."""

    home: Path
    port: int

    def fangtang(self, *words: str) -> None:
        ours = {"FANGTANG_HOME": str(self.home), "PORT": str(self.port), "FANGTANG_LANGUAGE": "zh-hans"}
        subprocess.run([sys.executable, "-m", "fangtang", *words], env=os.environ | ours, check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    def address(self, shot: Shot) -> str:
        host = shot.host if shot.host == "localhost" else f"{shot.host}.localhost"
        return f"http://{host}:{self.port}{shot.path}"

    def ask(self, question: str) -> tuple[Any, ...]:
        """The first row of an answer of the database."""
        with closing(sqlite3.connect(self.home / "fangtang.sqlite3")) as connection:
            return tuple(connection.execute(question).fetchone())

    def password(self) -> str:
        """Everybody of the demo has the same."""
        return str(json.loads((self.home / "demo-logins.json").read_text())[0]["password"])


def shots(city: City) -> tuple[Shot, ...]:
    """The ten main pages."""
    level, step, article = city.ask(DUE)
    reviewer = REVIEWERS[level - 1]
    return (
        Shot("portal-home", "", "www", "/"),
        Shot("section", "", "www", "/news/county-news/"),
        Shot("article", "", "www", *city.ask(SHOWN.format(kind="news", more="AND a.lead_image_id IS NOT NULL"))),
        Shot("policy", "", "www", *city.ask(SHOWN.format(kind="policy", more=""))),
        Shot("county-home", "", COUNTY, "/"),
        Shot("sign-in", "", "localhost", "/desk/login/"),
        Shot("desk-home", reviewer, "localhost", "/desk/"),
        Shot("editor", "an", "localhost", "/desk/articles/edit/{}/".format(*city.ask(WRITTEN))),
        Shot("review", reviewer, "localhost", f"/desk/review/step/{step}/"),
        Shot("sign", "fang", "localhost", f"/desk/release/sign/{article}/"),
    )


def main() -> None:
    """Draw all, or those named on the command line."""
    console, wanted = Console(), set(sys.argv[1:])
    with running(console) as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for shot in track([shot for shot in shots(city) if not wanted or shot.name in wanted], description="Pages", console=console):
            for width, content in pictures(browser, city, shot):
                (FOLDER / f"{shot.name}-{width}.png").write_bytes(content)
        browser.close()
    console.print(f"· {FOLDER}")


@contextmanager
def running(console: Console) -> Iterator[City]:
    """A city, started; stopped at the end. A temporary one is forgotten then."""
    kept = os.environ.get("FANGTANG_SCREENSHOT_HOME")
    with tempfile.TemporaryDirectory(prefix="fangtang-screenshots-") as temporary:
        city = City(Path(kept or temporary), _free_port())
        with console.status("Starting the reference city …"):
            city.fangtang("stack", "up")
        try:
            yield city
        finally:
            city.fangtang("stack", "down")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def pictures(browser: Any, city: City, shot: Shot) -> Iterator[tuple[int, bytes]]:
    """Width and PNG, for each width."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": WIDTHS[1440]}, reduced_motion="reduce", timezone_id="Asia/Shanghai")
    tab = context.new_page()
    if shot.login:
        _sign_in(tab, city, shot.login)
    tab.goto(city.address(shot))
    for width, height in WIDTHS.items():
        tab.set_viewport_size({"width": width, "height": height})
        tab.wait_for_load_state("networkidle")
        yield width, small(tab.screenshot(animations="disabled", caret="hide"))
    context.close()


def _sign_in(tab: Any, city: City, login: str) -> None:
    tab.goto(f"http://localhost:{city.port}/desk/login/")
    tab.fill("[name=username]", login)
    tab.fill("[name=password]", city.password())
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/desk/")


def small(content: bytes) -> bytes:
    """The picture with so many colours that it is small enough."""
    picture, colours = Image.open(BytesIO(content)).convert("RGB"), COLOURS
    while True:
        written = BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES or colours <= 32:
            return written.getvalue()
        colours //= 2


if __name__ == "__main__":
    main()

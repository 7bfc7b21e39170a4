"""The main job in a real browser against real processes: written, read by six people, signed, on five sites, withdrawn."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import desk_acts as acts
from tests.media import drawings
from tests.stacks import Answer, Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "方塘市今冬供暖保障工作有序推进"
CORRECTED = "方塘市今冬供暖保障工作全面就绪"
ALT = "工人在热力站检查阀门"
PLACES = [
    ("方塘市人民政府门户网站", "方塘要闻"),
    ("方塘市教育局", "工作动态"),
    ("方塘市卫生健康委员会", "工作动态"),
    ("方塘市住房和城乡建设局", "通知公告"),
    ("方塘市云影区人民政府", "县区要闻"),
]
LOOKS = ("方塘市人民政府门户网站", "方塘市教育局", "方塘市云影区人民政府")
RETURNED = "标题请改为“全面就绪”，与正文一致。"
NOTICE = "本文因统计口径调整已撤下，请以最新发布为准。"
MOST_SECONDS = 30.0


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Not a picture that the city has already."""
    file = tmp_path / "热力站.png"
    file.write_bytes(drawings.encoded("PNG", Image.effect_noise((1200, 900), 60)))
    return file


def test_from_the_first_word_to_five_sites_and_back(browser: Any, stack: Stack, image: Path) -> None:
    stack.fangtang("stack", "up")
    an = acts.sign_in(browser, stack, "an")
    write(an, image)
    look_at_it(an)
    acts.submit(an)

    proofreaders = [acts.sign_in(browser, stack, login) for login in ("bo", "pei", "qiu")]
    reviewers = [acts.sign_in(browser, stack, login) for login in ("chen", "ding", "jiang")]
    acts.proofread(proofreaders[0], TITLE, mark=("有序推进", "全面就绪"))
    acts.approve(reviewers[0], TITLE)
    acts.proofread(proofreaders[1], TITLE)
    acts.send_back(reviewers[1], TITLE, comment=RETURNED)
    correct(an)
    for proofreader, reviewer in zip(proofreaders, reviewers, strict=True):
        acts.proofread(proofreader, CORRECTED)
        acts.approve(reviewer, CORRECTED)

    fang = acts.sign_in(browser, stack, "fang")
    acts.sign(fang, CORRECTED)
    signed = time.monotonic()
    addresses = acts.addresses(fang)
    canonical = addresses.pop("")
    assert set(addresses) == {site for site, _section in PLACES}
    pages = wait(lambda: {site: fetch(stack, url) for site, url in addresses.items()}, until=lambda all_: all(page.status == 200 for page in all_.values()))
    print(f"\nfrom sign-off to served on {len(pages)} sites: {time.monotonic() - signed:.2f} s")
    stands_everywhere(stack, addresses, pages, canonical=canonical)
    readers_see_it(browser, canonical)

    acts.withdraw(fang, CORRECTED, reason="统计口径调整", notice=NOTICE)
    gone = wait(
        lambda: {site: fetch(stack, url) for site, url in addresses.items()},
        until=lambda all_: all(page.status != 200 or NOTICE in page.text for page in all_.values()),
    )
    stands_nowhere(stack, addresses, gone)


def write(an: acts.Person, image: Path) -> None:
    acts.begin_article(an, title=TITLE)
    acts.write_text(an, "十一月十五日零时，全市集中供暖正式开始。")
    acts.write_heading(an, "一、保障措施")
    acts.add_image(an, image, alt=ALT)
    acts.place(an, PLACES)
    acts.save(an)


def look_at_it(an: acts.Person) -> None:
    """In the looks of three sites: each has its own name and colour."""
    colours = set()
    for site in LOOKS:
        frame = acts.preview(an, site)
        expect(frame.locator(".brand-name")).to_have_text(site)
        expect(frame.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(frame.get_by_role("img", name=ALT)).to_be_visible()
        colours.add(frame.locator("meta[name=theme-color]").get_attribute("content"))
    assert len(colours) == len(LOOKS)


def correct(an: acts.Person) -> None:
    """The editor finds it among the returned ones, reads why, and follows."""
    acts.open_waiting(an, TITLE, worklist="Returned to me")
    expect(an.tab.get_by_text(RETURNED)).to_be_visible()
    an.tab.get_by_role("link", name="Correct the text").click()
    an.tab.get_by_role("textbox", name="Title*").fill(CORRECTED)
    acts.save(an)
    acts.submit(an)


def wait(look: Callable[[], dict[str, Answer]], *, until: Callable[[dict[str, Answer]], bool]) -> dict[str, Answer]:
    deadline = time.monotonic() + MOST_SECONDS
    while not until(seen := look()):
        assert time.monotonic() < deadline, {site: page.status for site, page in seen.items()}
        time.sleep(0.02)
    return seen


def fetch(stack: Stack, url: str) -> Answer:
    parts = urlsplit(url)
    assert parts.port == stack.port
    return stack.get(parts.path, host=parts.hostname or "")


def stands_everywhere(stack: Stack, addresses: dict[str, str], pages: dict[str, Answer], *, canonical: str) -> None:
    for site, url in addresses.items():
        assert CORRECTED in pages[site].text
        assert f'<link rel="canonical" href="{canonical}"' in pages[site].text, site
        picture = re.search(rf'<img[^>]*src="([^"]+)"[^>]*alt="{ALT}"|<img[^>]*alt="{ALT}"[^>]*src="([^"]+)"', pages[site].text)
        assert picture, site
        sent = stack.get(urlsplit(picture[1] or picture[2]).path, host=urlsplit(url).hostname or "")
        assert (sent.status, sent.headers["content-type"].split("/")[0]) == (200, "image")
        assert len(sent.body) > 10_000
        for name, listed in lists(stack, url).items():
            assert listed.status == 200, (site, name)
            assert (CORRECTED in listed.text or urlsplit(url).path in listed.text) == (name != "sitemap" or url == canonical), (site, name)


def stands_nowhere(stack: Stack, addresses: dict[str, str], pages: dict[str, Answer]) -> None:
    """The notice stands at the addresses, and no list or feed leads there."""
    for site, url in addresses.items():
        assert NOTICE in pages[site].text, site
        assert "热力站" not in pages[site].text
        for name, listed in lists(stack, url).items():
            assert CORRECTED not in listed.text, (site, name)
            assert urlsplit(url).path not in listed.text, (site, name)


def lists(stack: Stack, url: str) -> dict[str, Answer]:
    """Every place on a site that leads to its newest articles."""
    parts = urlsplit(url)
    section = parts.path.rsplit("/", 2)[0] + "/"
    feeds = [f"{below}{name}" for below in ("/", section) for name in ("rss.xml", "atom.xml", "feed.json")]
    host = parts.hostname or ""
    months = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", stack.get("/sitemap.xml", host=host).text)
    named = {path: stack.get(path, host=host) for path in ("/", section, *feeds)}
    return named | {"sitemap": Answer(200, {}, b"".join(stack.get(month, host=host).body for month in months))}


def readers_see_it(browser: Any, canonical: str) -> None:
    tab = browser.new_page()
    tab.goto(canonical)
    expect(tab.get_by_role("heading", name=CORRECTED, level=1)).to_be_visible()
    assert tab.get_by_role("img", name=ALT).evaluate("img => img.complete && img.naturalWidth > 0")
    tab.close()

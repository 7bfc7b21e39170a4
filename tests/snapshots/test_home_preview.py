"""A home page as its layout in memory would draw it: complete in itself, saved or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fangtang.outlets.models import Home
from fangtang.outlets.registry import home_previews
from fangtang.snapshots import effects
from tests.snapshots import making
from tests.snapshots.test_failing import illustrated, picture

pytestmark = pytest.mark.django_db


def drawn(home: Home) -> str:
    return home_previews.get("snapshots.theme")(home).decode()


def with_news(office) -> Home:
    """The office's home page with one block, not saved."""
    home = Home.objects.get(site=office.site)
    home.layout = [("picture_news", {"title": "画里方塘", "sections": [office.section], "most": 6, "width": "half"})]
    return home


def test_the_layout_in_memory_is_drawn_and_nothing_is_kept(office):
    home = Home.objects.get(site=office.site)
    home.layout = [("notice_bar", {"text": "周五停水", "url": ""})]
    assert "周五停水" in drawn(home)
    home.refresh_from_db()
    assert "周五停水" not in drawn(home)


def test_released_articles_fill_it_and_others_do_not(office):
    making.release(making.article(office.section, by=office.an, title="已经签发"), by=office.an)
    making.article(office.section, by=office.an, title="尚未签发")
    effects.build_waiting(now=making.NOW)
    home = with_news(office)
    home.layout = [("section_list", home.layout[0].value)]
    page = drawn(home)
    assert ("已经签发" in page, "尚未签发" in page) == (True, False)


def test_it_loads_nothing(office, tmp_path: Path):
    making.release(illustrated(office, picture(tmp_path)), by=office.an)
    effects.build_waiting(now=making.NOW)
    page = drawn(with_news(office))
    assert page.count('src="data:image/webp;base64,UklG') == 1
    assert not any(loaded in page for loaded in ('rel="stylesheet"', "srcset", 'src="/', "url(/"))


def test_a_block_without_sections_is_no_error(office):
    home = with_news(office)
    home.layout = [("section_list", {"title": "", "sections": [], "most": None, "width": "half"})]
    assert "<html" in drawn(home)

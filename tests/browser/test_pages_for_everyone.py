"""Pages for everyone: axe, keyboard, narrow screens and no script, on every kind of page as really served."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve

from fangtang.people.checks import patterns
from tests.browser import addresses, desk_acts, looking
from tests.stacks import Stack, copied, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("everyone")]

WIDTHS = (360, 1440)
MAPPING = """
origin = "former"
id.columns = ["id"]
title.column = "title"
body.column = "body"
date.column = "date"
unit = { default = "water" }
section = { default = ["water/notices"] }
"""
NARROWEST = 320
EDITORS = ("articles:add", "articles:edit", "wagtailsnippets_outlets_home:edit")
RULES_OF_EDITORS = {
    # Wagtail's editor pages begin with an h2.
    "page-has-heading-one": {"enabled": False},
}
LEFT_TO_WAGTAIL = [
    # Draftail's editable region names itself by its placeholder only.
    ".Draftail-Editor",
    # Side panels, the header bar and the menu are drawn by Wagtail's templates and scripts.
    "[data-side-panel]",
    ".w-slim-header",
    "#wagtail-sidebar",
    "[data-minimap-container]",
    # The count above search results is a heading that is an alert.
    "h2[role=alert]",
]
BY_KEYBOARD = ("home-portal", "section-news", "article-news", "article-withdrawn", "map")
DESK_BY_KEYBOARD = (
    "wagtailadmin_login",
    "wagtailadmin_home",
    "desk:work",
    "desk:step",
    "desk:sign",
    "desk:plan",
    "people:index",
    "people:appoint",
    "articles:list",
)


@pytest.fixture(scope="module")
def city(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running city in which one article was withdrawn and one list has grown past its first page."""
    with copied(seeded_home, tmp_path_factory.mktemp("everyone") / "var") as stack:
        stack.fangtang("stack", "up")
        withdraw_one(stack)
        fill_a_page(stack)
        yield stack


def withdraw_one(stack: Stack) -> None:
    [(article, unit)] = stack.rows(
        "SELECT x.article_id, u.key FROM releases_standing x JOIN articles_article a ON a.id = x.article_id JOIN people_unit u ON u.id = a.unit_id"
        " WHERE u.kind = 'department' ORDER BY x.article_id LIMIT 1"
    )
    chief = signed_in(stack, f"{unit}.chief")
    assert "/desk/release/" in chief.post(f"/desk/release/withdraw/{article}/", reason="试撤", public_notice="本文已撤下，更正后的内容另行发布。")
    desk_acts.until_true(lambda: stack.rows("SELECT 1 FROM snapshots_shown WHERE is_withdrawn"))


def fill_a_page(stack: Stack) -> None:
    """Twenty notices of a former website: with them the list has a numbered page."""
    rows = [{"id": str(n), "title": f"第{n}号旧通知", "body": "现将有关事项通知如下。", "date": f"2021-03-{n:02}"} for n in range(1, 21)]
    file, mapping = stack.home / "former.jsonl", stack.home / "former.toml"
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    stack.fangtang("import", "articles", str(file), "--mapping", str(mapping))
    desk_acts.until_true(lambda: stack.get("/notices/page/1.html", host="water.localhost").status == 200)


@pytest.fixture
def tab(browser: Any, city: Stack) -> Iterator[Any]:
    context = browser.new_context(base_url=f"http://localhost:{city.port}", locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(desk_acts.PATIENCE_MS)
    yield context.new_page()
    context.close()


def address(stack: Stack, host: str, path: str) -> str:
    return f"http://{host}:{stack.port}{path}"


def keep(tab: Any, name: str, width: int) -> None:
    """A picture of it, where somebody wants to look (FANGTANG_SCREENSHOTS=folder)."""
    folder = os.environ.get("FANGTANG_SCREENSHOTS")
    if folder:
        tab.screenshot(path=Path(folder) / f"{name.replace(':', '-').replace('/', '-')}-{width}.png", full_page=True)


def test_public_pages(tab: Any, city: Stack) -> None:
    faults: dict[str, list[str]] = {}
    for name, host, path in addresses.public(city):
        tab.goto(address(city, host, path))
        for width in (NARROWEST, *WIDTHS):
            tab.set_viewport_size({"width": width, "height": 900})
            keep(tab, name, width)
            found = ["scrolls sideways"] if looking.scrolls_sideways(tab) else []
            faults[f"{name} {width}"] = found + (looking.violations(tab) if width in WIDTHS else [])
        if name in BY_KEYBOARD:
            faults[f"{name} keyboard"] = looking.keyboard_faults(tab)
    assert not any(faults.values()), listed(faults)


def test_public_pages_need_no_script(browser: Any, city: Stack) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 360, "height": 800})
    tab = context.new_page()
    for _name, host, path in addresses.public(city):
        page = city.get(path, host=host)
        assert "<script" not in page.text.replace('<script type="application/ld+json">', "")
        assert " onclick=" not in page.text
    tab.goto(address(city, "education.localhost", "/"))
    tab.locator("summary").first.click()
    tab.get_by_role("navigation").first.get_by_role("link", name="通知公告").click()
    assert tab.url.endswith("/notices/")
    tab.locator("main").get_by_role("link", name="关于").first.click()
    assert tab.get_by_role("heading", level=1).first.is_visible()
    assert len(tab.get_by_role("main").inner_text()) > 100
    context.close()


def test_pages_of_the_desk(tab: Any, city: Stack) -> None:
    faults: dict[str, list[str]] = {}
    doors, by_keyboard, now = set(), set(), ""
    for login, path in addresses.desk(city):
        if login != now:
            tab.context.clear_cookies()
            now = login
            if login:
                tab.context.add_cookies([signed_in(city, login).session])
        answer = tab.goto(path)
        assert answer.status == (410 if "no-such-word" in path else 200), (login, path, answer.status)
        door = resolve(path.partition("?")[0]).view_name
        doors.add(door)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            keep(tab, f"{login}{path}", width)
            found = ["scrolls sideways"] if looking.scrolls_sideways(tab) else []
            rules = RULES_OF_EDITORS if door in EDITORS else {}
            faults[f"{login} {path} {width}"] = found + looking.violations(tab, leave_out=LEFT_TO_WAGTAIL, rules=rules)
        if door in DESK_BY_KEYBOARD and door not in by_keyboard:
            by_keyboard.add(door)
            faults[f"{login} {path} keyboard"] = looking.keyboard_faults(tab)
    assert not any(faults.values()), listed(faults)
    ours = {pattern.door for pattern in patterns() if pattern.door.startswith(tuple(f"{room}:" for room in addresses.OUR_ROOMS))}
    assert ours - doors == addresses.NOT_PAGES


def listed(faults: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}\n    " + "\n    ".join(found) for name, found in faults.items() if found)


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<a href='#' style='outline: none'>没有焦点的链接</a>", "focus not to be seen"),
        ("<div style='overflow: hidden'><button tabindex='0' onkeydown='event.preventDefault()'>一</button><a href='#'>二</a></div>", "never reached"),
    ],
)
def test_the_walk_by_keyboard_sees_planted_faults(browser: Any, page: str, fault: str) -> None:
    tab = browser.new_page()
    tab.set_content(f"<!doctype html><html lang='zh'><title>页</title><style>a:focus {{ outline: none }}</style><main>{page}</main>")
    found = looking.keyboard_faults(tab)
    tab.close()
    assert any(one.startswith(fault) for one in found), found

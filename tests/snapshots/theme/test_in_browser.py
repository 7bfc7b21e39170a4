"""The theme in a real browser: axe finds nothing, nothing scrolls sideways, paper shows the article alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.snapshots.theme.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

# The moved page leaves at once; its frame is the others'.
NAMES = [name for name in PAGES if name != "redirect"]
TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all; the policy is set aside because axe runs inside the page (a test below holds the policy)."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor(tab, theme_server):
    """Opens a page of the fixture at a width."""

    def visit(name: str, width: int):
        tab.emulate_media(media="screen")
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto(f"{theme_server}/page/{name}")
        return tab

    return visit


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(visitor, name: str, width: int):
    report = Axe().run(visitor(name, width), options=TAGS)
    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in report.response["violations"]] == []


@pytest.mark.parametrize("name", ["home", "article-policy", "section-news"])
def test_axe_finds_nothing_in_large_type_with_the_menu_open(visitor, name: str):
    page = visitor(name, 360)
    page.check("#large-type")
    page.click(".menu summary")
    assert Axe().run(page, options=TAGS).response["violations"] == []


def test_axe_would_find_a_fault(visitor):
    page = visitor("article", 1440)
    page.evaluate("document.querySelector('img').removeAttribute('alt'); document.querySelector('h1').style.color = '#ccc'")
    found = {violation["id"] for violation in Axe().run(page, options=TAGS).response["violations"]}
    assert {"image-alt", "color-contrast"} <= found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(visitor, name: str):
    # 320 CSS pixels is also what 400 % zoom leaves of 1280 (WCAG 1.4.10).
    page = visitor(name, 320)
    for is_large in (False, True):
        page.set_checked("#large-type", is_large)
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, is_large)


def test_a_page_that_is_too_wide_would_be_found(visitor):
    page = visitor("article", 320)
    page.evaluate("document.querySelector('.b-table').style.overflow = 'visible'")
    assert page.evaluate("document.documentElement.scrollWidth") > 320


def test_large_type_scales_all_text_without_script(visitor):
    page = visitor("article", 360)
    size = "parseFloat(getComputedStyle(document.querySelector('.body p')).fontSize)"
    before = page.evaluate(size)
    page.focus("#large-type")
    page.keyboard.press("Space")
    assert page.evaluate(size) == pytest.approx(before * 1.4)


def test_menu_opens_by_keyboard_on_a_narrow_screen(visitor):
    page = visitor("article", 360)
    assert not page.locator(".nav").is_visible()
    page.focus(".menu summary")
    page.keyboard.press("Enter")
    assert page.locator(".nav").is_visible()


def test_menu_is_open_on_a_wide_screen(visitor):
    page = visitor("article", 1440)
    assert page.locator(".nav").is_visible()
    assert not page.locator(".menu").is_visible()


def test_skip_link_is_first_and_leads_to_the_content(visitor):
    page = visitor("article", 1440)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_table_scrolls_by_keyboard(visitor):
    page = visitor("article", 360)
    page.focus(".b-table")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.b-table').scrollLeft > 0")


@pytest.mark.parametrize("name", ["article", "article-policy"])
def test_paper_shows_the_article_and_its_address_alone(visitor, name: str):
    page = visitor(name, 800)
    page.emulate_media(media="print")
    for hidden in (".nav", ".topbar", ".breadcrumb", ".foot", ".skip"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("h1").is_visible()
    assert PAGES[name].canonical_url in page.locator(".print-only").inner_text()


TARGETS = (
    ".nav a, .menu summary, .large-type, .topbar-portal, .button, .chips a, .quick-list a, .pages a, .aside a, .foot-nav a, .breadcrumb a, .more, .site-map a"
)


@pytest.mark.parametrize("name", NAMES)
def test_every_target_is_large_enough_for_a_finger(visitor, name: str):
    # WCAG 2.2 AA (2.5.8) asks for 24 px and excepts links in a sentence; navigation and controls here have 44.
    page = visitor(name, 360)
    for summary in page.locator(".menu summary").all():
        summary.click()
    small = page.evaluate(
        """names => [...document.querySelectorAll(names)]
        .filter(node => node.getClientRects().length && node.getBoundingClientRect().height < 43.5)
        .map(node => node.outerHTML)""",
        TARGETS,
    )
    assert small == []


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_policy_blocks_nothing_and_no_other_host_is_asked(browser, theme_server, name: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{theme_server}/page/{name}")
    context.close()
    assert complaints == []
    assert asked
    assert [url for url in asked if not url.startswith(theme_server)] == []


def test_moved_page_leads_on_without_script(browser, theme_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{theme_server}/page/redirect")
    page.wait_for_url(f"{theme_server}/news/1001.html")
    context.close()

"""The editor in a real browser: an article written, placed, previewed and submitted; axe on its pages at two widths."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from fangtang.articles import actions
from fangtang.articles.models import Article
from fangtang.media.actions import shelf_for
from fangtang.media.models import Picture
from fangtang.people.roles import Role
from fangtang.reviews import queries as reviews
from tests import factories
from tests.browser.signing_in import sign_in
from tests.factories import NOW, Office
from tests.media import drawings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WIDTHS = (360, 1440)
IN_PANEL = re.compile(r"/preview/.*in_preview_panel=true")
RULES_LEFT_TO_WAGTAIL = {
    # Wagtail's editor pages begin with an h2: its frame, on every page of the kind.
    "page-has-heading-one": {"enabled": False},
}
WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->"
    "<p class=MsoNormal style='mso-pagination:none'><span style='font-family:仿宋_GB2312;color:red'>各县区教育局：<script>window.hit=1</script></span></p>"
    "<p class=MsoNormal onclick='window.hit=1'><b>一、时间</b>安排如下。<img src=x onerror='window.hit=1'></p><!--EndFragment--></body></html>"
)
LEFT_TO_WAGTAIL = [
    # Handsontable 6 draws the grid of a table block; its scroll holders cannot be reached by Tab.
    ".handsontable",
    "#HandsontableCopyPaste",
    # Draftail's editable region names itself by its placeholder only.
    ".Draftail-Editor",
    # Wagtail's own frame: side panels and the breadcrumb are drawn by its templates and scripts.
    "[data-side-panel]",
    ".w-slim-header",
    "#wagtail-sidebar",
    "[data-minimap-container]",
    # The count above search results is a heading that is an alert.
    "h2[role=alert]",
]


@pytest.fixture
def city(live_server: Any, settings: Any) -> Office:
    settings.ALLOWED_HOSTS = ["*"]
    office = factories.office()
    for name in ("通知公告", "校园动态"):
        factories.section(office.site, f"s{len(name)}{ord(name[0])}", name=name)
    picture(office, "荷塘")
    return office


def picture(office: Office, title: str) -> Picture:
    made = Picture(title=title, description=f"{title}全景", collection=shelf_for(office.unit), uploaded_by_user=office.an)
    made.file = ContentFile(drawings.png(width=1200, height=700, text=title), name=f"{title}.png")
    made.save()
    return made


@pytest.fixture
def tab(browser: Any, live_server: Any) -> Any:
    context = browser.new_context(base_url=live_server.url, locale="en", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def add_block(tab: Any, name: str) -> None:
    """Through the last "insert a block" button of the body."""
    tab.locator("[data-contentpath=body] .c-sf-add-button").last.click()
    tab.locator("[role=listbox] [role=option]:visible", has_text=name).first.click()


def paste(tab: Any, html: str) -> None:
    """Into the editor that has the focus, as Word puts it on the clipboard."""
    tab.evaluate(
        """html => {
            const board = new DataTransfer();
            board.setData('text/html', html);
            board.setData('text/plain', 'plain');
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: board, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_an_article_from_the_first_word_to_review(tab: Any, city: Office, tmp_path: Path) -> None:
    image = tmp_path / "上传.png"
    image.write_bytes(drawings.encoded("PNG", Image.effect_noise((1200, 900), 60)))
    sign_in(tab, city.an)
    tab.goto(reverse("articles:add"))
    tab.fill("[name=title]", "关于调整放学时间的通知")

    add_block(tab, "Text")
    tab.locator(".Draftail-Editor [contenteditable=true]").last.click()
    paste(tab, WORD)
    add_block(tab, "Heading")
    tab.locator("[name$='-value-text']").last.fill("二、要求")
    add_block(tab, "Image")
    tab.locator("[data-contentpath=body] button:has-text('Choose an image'):visible").last.click()
    tab.locator(".modal [role=tab]", has_text="Upload").click()
    tab.set_input_files(".modal input[type=file]", str(image))
    tab.wait_for_function("document.querySelector('.modal [name$=title]').value === '上传'")  # Wagtail names it after the file
    tab.fill(".modal [name$=description]", "校门")
    tab.locator(".modal form[data-chooser-modal-creation-form] [type=submit]").click()
    tab.wait_for_selector(".modal", state="detached")
    tab.locator("[name$='-value-alt']").last.fill("清晨的校门")
    add_block(tab, "Table")
    tab.locator("[id$='-table-header-choice'], select[name=table-header-choice]").last.select_option("row")
    cell = tab.locator(".handsontable td").first
    cell.dblclick()
    tab.keyboard.type("年级")
    tab.keyboard.press("Enter")

    tab.get_by_role("tab", name="Where it appears").click()
    tab.locator("#id_placements-OPEN_MODAL").click()
    boxes = tab.locator(".modal input[type=checkbox]")
    boxes.first.wait_for()
    for index in range(3):
        boxes.nth(index).check()
    tab.locator(".modal [data-multiple-choice-submit]").click()
    tab.wait_for_selector(".modal", state="detached")

    tab.keyboard.press("Control+s")
    tab.wait_for_url("**/articles/edit/*/")
    article = Article.objects.get()
    assert article.placements.count() == 3
    assert [block.block_type for block in article.body] == ["text", "heading", "image", "table"]
    assert "MsoNormal" not in str(article.body.get_prep_value())
    assert tab.evaluate("window.hit") is None

    tab.fill("[name=title]", "关于调整放学时间的通知（预览中）")
    tab.get_by_role("button", name="Toggle preview").click()
    frame = tab.frame_locator("#w-preview-iframe")
    frame.get_by_text("关于调整放学时间的通知（预览中）").first.wait_for()
    assert frame.locator("img[alt='清晨的校门']").count() == 1

    submit = tab.locator("[name=action-submit]")
    tab.locator("footer [data-w-dropdown-target=toggle]").focus()
    tab.keyboard.press("Enter")
    submit.wait_for()
    submit.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".messages .success")
    assert reviews.open_turn_of(article) is not None
    assert Article.objects.get().title == "关于调整放学时间的通知（预览中）"


def test_a_site_chosen_while_its_preview_is_on_the_way_is_shown(tab: Any, city: Office) -> None:
    """Wagtail's panel forgets a choice made during an update; `preview.js` does not."""
    other = factories.section(factories.site("county", unit=city.unit), "news")
    article = factories.article(by=city.an, unit=city.unit, sections=(city.section, other), title="关于调整放学时间的通知")
    sign_in(tab, city.an)
    tab.goto(reverse("articles:edit", args=[article.pk]))
    held: list[Any] = []
    tab.route(IN_PANEL, lambda route: held.append(route), times=1)
    with tab.expect_request(IN_PANEL):
        tab.get_by_role("button", name="Toggle preview").click()
    mode = tab.get_by_label("Preview mode")
    first, second = (option.inner_text() for option in mode.locator("option").all())
    assert mode.evaluate("select => select.selectedOptions[0].label") == first
    mode.select_option(label=second)
    held.pop().continue_()
    expect(tab.frame_locator("#w-preview-iframe").locator(".brand-name")).to_have_text(second)


def test_merged_cells_outlive_a_change_in_another_cell(tab: Any, city: Office) -> None:
    merged = [{"row": 0, "col": 0, "rowspan": 2, "colspan": 1}]
    table = {"data": [["一季度", "收入", "10"], ["", "支出", "20"]], "table_caption": "收支", "mergeCells": merged}
    article = factories.article(by=city.an, unit=city.unit, sections=(city.section,), body=[("table", table)])
    sign_in(tab, city.an)
    tab.goto(reverse("articles:edit", args=[article.pk]))
    cell = tab.locator(".handsontable .ht_master td", has_text="20").first
    cell.dblclick()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("25")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Control+s")
    expect(tab.locator(".messages .success")).to_be_visible()

    stored = Article.objects.get(pk=article.pk).body[0].value

    assert stored["data"][1][1:] == ["支出", "25"]
    assert [{key: one[key] for key in merged[0]} for one in stored["mergeCells"]] == merged


def pages(city: Office) -> list[tuple[str, Any, str]]:
    """Every page of ours, with something on it: name, who looks, address."""
    table = {"data": [["年级", "放学时间"], ["一至三年级", "15:40"], ["四至六年级", "16:30"]], "table_header_choice": "row", "table_caption": "放学时间"}
    body = [
        ("text", "<p>各县区教育局：</p><p>自10月8日起，全市小学放学时间调整如下，请各校提前告知家长，做好课后服务衔接。</p>"),
        ("heading", {"text": "一、时间安排", "level": "2"}),
        ("table", table),
        ("image", {"image": Picture.objects.first(), "alt": "清晨的校门", "caption": "实验小学门口", "is_decorative": False, "credit": ""}),
    ]
    sections = list(city.site.sections.all())
    article = actions.create(
        unit=city.unit,
        by=city.an,
        now=NOW,
        sections=sections,
        title="关于调整全市小学放学时间的通知",
        body=body,
        summary="自10月8日起，小学放学时间按年级错开。",
        source="方塘市教育局",
        keywords="教育、放学",
    )
    actions.submit(article, by=city.an, now=NOW)
    for number in range(12):
        actions.create(unit=city.unit, by=city.an, now=NOW, sections=sections[: number % 3], title=f"第{number + 1}期校园开放日活动安排", body=body[:1])
    long = actions.create(unit=city.unit, by=city.an, now=NOW, title="长标题" * 166, body=body[:1])
    actions.trash(factories.article(by=city.an, unit=city.unit, title="作废的稿件"), by=city.an, now=NOW)
    ids = f"?id={article.pk}&id={long.pk}"
    return [
        ("articles", city.an, reverse("articles:list")),
        ("articles-filtered", city.an, reverse("articles:list") + "?q=放学&status=in_review"),
        ("articles-nothing", city.an, reverse("articles:list") + "?q=没有"),
        ("articles-bin", city.an, reverse("articles:list") + "?status=bin"),
        ("article-add", city.an, reverse("articles:add")),
        ("article-edit", city.an, reverse("articles:edit", args=[article.pk])),
        ("article-edit-places", city.an, reverse("articles:edit", args=[article.pk]) + "#tab-where_it_appears"),
        ("article-edit-details", city.an, reverse("articles:edit", args=[article.pk]) + "#tab-details"),
        ("article-edit-review", city.an, reverse("articles:edit", args=[long.pk]) + "#tab-review"),
        ("article-long", city.an, reverse("articles:edit", args=[long.pk])),
        ("article-inspect", city.proofreaders[0], reverse("articles:inspect", args=[article.pk])),
        ("article-history", city.an, reverse("articles:history", args=[article.pk])),
        ("article-trash", city.an, reverse("articles:delete", args=[article.pk])),
        ("article-bulk-place", city.an, reverse("articles:bulk", args=["place"]) + ids),
        ("article-bulk-trash", city.an, reverse("articles:bulk", args=["trash"]) + ids),
    ]


def violations(tab: Any, *, rules: dict[str, Any]) -> list[dict[str, Any]]:
    left_out = [[part] for part in LEFT_TO_WAGTAIL if tab.locator(part).count()]
    found: list[dict[str, Any]] = Axe().run(tab, context={"exclude": left_out} if left_out else None, options={"rules": rules}).response["violations"]
    return found


@pytest.mark.slow
def test_axe_finds_nothing_on_the_pages_of_the_editor(tab: Any, city: Office) -> None:
    found: dict[str, list[str]] = {}
    folder = os.environ.get("FANGTANG_SCREENSHOTS")
    signed_in = None
    for name, person, address in pages(city):
        if person != signed_in:
            sign_in(tab, person)
            signed_in = person
        tab.goto("about:blank")
        answer = tab.goto(address)
        assert answer.status == 200, (name, answer.status)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.wait_for_timeout(300)
            if folder:
                tab.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            report = violations(tab, rules=RULES_LEFT_TO_WAGTAIL if name.startswith(("article-edit", "article-add", "article-long")) else {})
            if report:
                found[f"{name} {width}"] = [f"{one['id']}: {one['nodes'][0]['html'][:300]} ({len(one['nodes'])})" for one in report]
    assert not found, "\n".join(f"{name}: {faults}" for name, faults in found.items())


def test_two_editors_see_each_other(tab: Any, browser: Any, live_server: Any, city: Office) -> None:
    other = factories.person("second", Role.EDITOR, city.unit)
    article = actions.create(unit=city.unit, by=city.an, now=NOW, sections=[city.section], title="两人同改", body=[("text", "<p>正文。</p>")])
    sign_in(tab, city.an)
    tab.goto(reverse("articles:edit", args=[article.pk]))
    context = browser.new_context(base_url=live_server.url, locale="en")
    second = context.new_page()
    sign_in(second, other)
    second.goto(reverse("articles:edit", args=[article.pk]))

    with second.expect_response("**/editing-sessions/ping/**") as ping:
        second.wait_for_timeout(100)

    assert ping.value.status == 200
    assert city.an.full_name in ping.value.text()
    context.close()

"""The desk in a real browser: from list to verdict by keyboard, axe on every page of ours at two widths."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from fangtang.articles import actions as articles
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.releases import states as release_states
from fangtang.releases.models import Release
from fangtang.reviews import actions, states
from tests import factories
from tests.browser.signing_in import sign_in
from tests.factories import NOW, Office
from tests.reviews import rounds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WIDTHS = (360, 1440)
PARAGRAPHS = [("text", f"<p>{'清晨的方塘边，孩子们排队走进新落成的校门。' * 6}</p>") for _ in range(6)]


@pytest.fixture
def city(live_server: Any, settings: Any) -> Office:
    settings.ALLOWED_HOSTS = ["*"]
    return factories.office()


@pytest.fixture
def tab(browser: Any, live_server: Any) -> Any:
    context = browser.new_context(base_url=live_server.url, locale="en", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_from_list_to_verdict_by_keyboard_only(tab: Any, city: Office) -> None:
    _first, one = rounds.submitted(city, steps=("review:1", "review:2"), title="第一篇", body=PARAGRAPHS)
    _second, two = rounds.submitted(city, title="第二篇", body=PARAGRAPHS)
    sign_in(tab, city.reviewers[0])
    tab.goto(reverse("desk:work", args=["waiting"]))

    tab.keyboard.press("j")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("k")
    assert tab.evaluate("document.activeElement.textContent") == "第一篇"
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{reverse('desk:step', args=[rounds.due(one).pk])}")
    tab.keyboard.press("?")
    assert tab.locator("[data-desk-help]").get_attribute("open") is not None
    tab.keyboard.press("a")
    tab.wait_for_url(f"**{reverse('desk:step', args=[rounds.due(two).pk])}")
    tab.keyboard.press("r")
    tab.keyboard.type("a return needs a reason")
    assert tab.input_value("[name=comment]") == "a return needs a reason"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{reverse('desk:work', args=['waiting'])}")

    one.refresh_from_db()
    two.refresh_from_db()
    assert (rounds.due(one).level, two.status) == (2, states.RETURNED)


def test_whoever_leaves_a_release_under_way_is_not_called_back(tab: Any, city: Office) -> None:
    """Its page looks again after two seconds; a click just before that is answered later."""
    _article, release = rounds.released(city)
    Release.objects.filter(pk=release.pk).update(status=release_states.DECIDED)
    sign_in(tab, city.fang)
    page = reverse("desk:release", args=[release.pk])
    tab.goto(page)
    with tab.expect_navigation(url=f"**{page}"):
        pass
    slow: list[Any] = []
    tab.route("**/desk/", lambda route: slow.append(route), times=1)
    tab.evaluate("location.href = '/desk/'")
    tab.wait_for_timeout(3000)
    slow.pop().continue_()

    tab.wait_for_url("**/desk/")


def test_selected_words_are_quoted_in_a_mark(tab: Any, city: Office) -> None:
    _article, turn = rounds.submitted(city, body=PARAGRAPHS)
    sign_in(tab, city.proofreaders[0])
    tab.goto(reverse("desk:step", args=[rounds.due(turn).pk]))

    frame = tab.frame_locator("iframe[name=desk-text]")
    frame.locator("p", has_text="清晨").first.dblclick()
    tab.click("[data-desk-quote]")

    tab.wait_for_function("document.querySelector('[name=marks-0-quote]').value !== ''")
    tab.click("[data-desk-mark-more]")
    assert tab.locator("[name=marks-1-quote]").count() == 1


def pages(city: Office) -> list[tuple[str, Any, str]]:
    """Every page we wrote, in a state with something on it: name, who looks, address."""
    manager = factories.person("manager", Role.SITE_MANAGER, city.unit)
    factories.post(city.an, Role.REVIEWER_1, city.unit)
    rounds.submitted(city, steps=("proofread:1", "review:1"), title="关于调整城区中小学放学时间的通知", body=PARAGRAPHS)
    _a, proof = rounds.submitted(city, title="海边的新学校今天开学", body=PARAGRAPHS)
    _b, review = rounds.submitted(city, title="图书馆延长夜间开放时间", body=PARAGRAPHS)
    mark = {"quote": "排队走进", "suggestion": "列队走进", "note": "用词", "where": "第一段"}
    bo = city.proofreaders[0]
    actions.proofread(rounds.due(review), seen_sha256=review.content_sha256, marks=[mark], signature=str(bo), comment="只有一处。", by=bo, now=NOW)
    ready, passed = rounds.passed(city, title="本市新增三条公交线路", body=PARAGRAPHS)
    blocked, _turn = rounds.submitted(city, title="还没有读完的稿件", body=PARAGRAPHS)
    out, release = rounds.released(city, title="全市防汛演练圆满完成", body=PARAGRAPHS)
    _c, failed = rounds.released(city, title="春季义务植树活动安排", body=PARAGRAPHS)
    Release.objects.filter(pk=failed.pk).update(
        status=release_states.FAILED, error_code="snapshots.not_prepared", error_data={"reason": "No space left on the disk."}
    )
    Release.objects.filter(pk=release.pk).update(status=release_states.SERVED, claimed_at=NOW, served_at=NOW)
    down, _release = rounds.released(city, title="撤下的稿件", body=PARAGRAPHS)
    notice = releases.withdraw(down, reason="日期有误", public_notice="本文已撤下。", by=city.fang, now=NOW)
    out.title = "全市防汛演练顺利完成"
    articles.save(out, seen_revision_id=out.latest_revision_id, by=city.an, now=NOW)
    again = articles.submit(out, by=city.an, now=NOW)
    plan = rounds.plan("proofread:1", "review:1", site=city.site)
    return [
        ("home-reader", bo, "/desk/"),
        ("home-editor", city.an, "/desk/"),
        ("home-chief", city.fang, "/desk/"),
        *[(f"work-{name}", bo, reverse("desk:work", args=[name])) for name in ("waiting", "barred")],
        *[(f"work-{name}", city.fang, reverse("desk:work", args=[name])) for name in ("ready", "released")],
        *[(f"work-{name}", city.an, reverse("desk:work", args=[name])) for name in ("mine", "returned")],
        ("step-proofread", bo, reverse("desk:step", args=[rounds.due(proof).pk])),
        ("step-review", city.reviewers[0], reverse("desk:step", args=[rounds.due(review).pk])),
        ("step-barred", city.an, reverse("desk:step", args=[rounds.due(review).pk])),
        ("step-compare", bo, reverse("desk:step", args=[rounds.due(again).pk])),
        ("turn", city.fang, reverse("desk:turn", args=[passed.pk])),
        ("turn-editor", city.an, reverse("desk:turn", args=[proof.pk])),
        ("text", bo, reverse("desk:text", args=[proof.pk])),
        ("sign", city.fang, reverse("desk:sign", args=[ready.pk])),
        ("sign-blocked", city.fang, reverse("desk:sign", args=[blocked.pk])),
        ("release", city.fang, reverse("desk:release", args=[release.pk])),
        ("release-failed", city.fang, reverse("desk:release", args=[failed.pk])),
        ("release-withdrawn", city.fang, reverse("desk:release", args=[notice.pk])),
        ("withdraw", city.fang, reverse("desk:withdraw", args=[out.pk])),
        ("plans", manager, reverse("desk:plans")),
        ("plan", manager, reverse("desk:plan", args=[plan.pk])),
        ("plan-add", manager, reverse("desk:plan_add")),
        ("plan-delete", manager, reverse("desk:plan_delete", args=[plan.pk])),
    ]


@pytest.mark.slow
def test_axe_finds_nothing_on_any_desk_page(tab: Any, city: Office) -> None:
    found: dict[str, list[str]] = {}
    folder = os.environ.get("FANGTANG_SCREENSHOTS")
    signed_in = None
    for name, person, address in pages(city):
        if person != signed_in:
            sign_in(tab, person)
            signed_in = person
        answer = tab.goto(address)
        assert answer.status == 200, (name, answer.status)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.wait_for_timeout(400)  # the side bar slides
            if folder:
                tab.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            report = Axe().run(tab).response["violations"]
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {width}"
            if report:
                found[f"{name} {width}"] = [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in report]
    assert found == {}

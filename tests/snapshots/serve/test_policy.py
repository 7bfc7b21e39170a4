"""The security policy in a real browser: our own pages need nothing it forbids, and what slipped into a page does not run."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def complaints(browser: Any, address: str) -> tuple[str, list[str], list[int]]:
    """The title after loading, what the browser blocked, and the statuses of what it fetched."""
    page = browser.new_page()
    messages: list[str] = []
    statuses: list[int] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("response", lambda response: statuses.append(response.status))
    page.goto(address, wait_until="networkidle")
    title = page.title()
    page.close()
    return title, [message for message in messages if "Content Security Policy" in message], statuses


def test_style_pictures_and_structured_data_are_allowed(embedded: int, browser: Any) -> None:
    title, blocked, statuses = complaints(browser, f"http://localhost:{embedded}/policy.html")

    assert (title, blocked) == ("T", [])
    assert statuses.count(200) >= 3


def test_script_inline_style_and_outside_pictures_are_stopped(embedded: int, browser: Any) -> None:
    title, blocked, _ = complaints(browser, f"http://localhost:{embedded}/hostile.html")

    assert title == "T"
    assert len(blocked) >= 3

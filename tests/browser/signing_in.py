"""Signing in at the desk's own page."""

from __future__ import annotations

from typing import Any

from tests.factories import PASSWORD


def sign_in(tab: Any, person: Any) -> None:
    """As this person, whoever was signed in before."""
    tab.context.clear_cookies()
    tab.goto("/desk/login/")
    tab.fill("[name=username]", person.username)
    tab.fill("[name=password]", PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/desk/")

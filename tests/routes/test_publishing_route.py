"""The route and the power cut: what was acknowledged before everything died at one instant is there afterwards, once."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from tests.articles import forms
from tests.stacks import Stack, chief_of, signed_in

pytestmark = pytest.mark.slow

TITLE = "断电之前保存的稿件"


def test_a_signature_and_an_edit_survive_kill_9(stack: Stack) -> None:
    stack.fangtang("stack", "up")
    [(article, unit, unit_id, seen)] = stack.rows(
        "SELECT t.object_id, u.key, u.id, t.content_sha256 FROM reviews_turn t JOIN people_unit u ON u.id = t.unit_id"
        " WHERE t.status = 'passed' AND u.key != 'city-office' LIMIT 1"
    )
    editor, chief = signed_in(stack, f"{unit}.editor"), signed_in(stack, chief_of(stack, unit))
    written = editor.post("/desk/articles/add/", **forms.filled(unit=unit_id, title=TITLE))
    assert "/desk/articles/edit/" in written
    decided = chief.post(f"/desk/release/sign/{article}/", seen_sha256=seen, is_confirmed="on")
    os.killpg(json.loads((stack.home / "stack.json").read_text())["pid"], signal.SIGKILL)

    assert "/desk/release/sign/" not in decided
    while stack.processes():
        time.sleep(0.02)
    stack.fangtang("stack", "up")

    assert TITLE in signed_in(stack, f"{unit}.editor").get(written)
    assert signed_in(stack, chief_of(stack, unit)).get(decided)
    wait_until_served(stack, article)
    addresses = stack.rows(
        "SELECT w.hostname, a.path FROM releases_address a JOIN outlets_site s ON s.id = a.site_id"
        " JOIN wagtailcore_site w ON w.id = s.wagtail_site_id WHERE a.article_id = ?",
        article,
    )
    assert addresses
    for host, path in addresses:
        assert stack.get(f"/{path}", host=host).status == 200
    assert stack.rows("SELECT count(*) FROM releases_release WHERE article_id = ?", article) == [(1,)]
    assert stack.rows("SELECT count(*) FROM audit_event WHERE verb = 'releases.sign' AND subject LIKE ?", f"%article:{article}") == [(1,)]
    stack.fangtang("site", "verify")


def wait_until_served(stack: Stack, article: int) -> None:
    deadline = time.monotonic() + 20
    while stack.rows("SELECT status FROM releases_release WHERE article_id = ?", article) != [("served",)]:
        assert time.monotonic() < deadline, stack.logs()
        time.sleep(0.05)

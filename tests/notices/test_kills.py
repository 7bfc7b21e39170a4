"""The sender dies at each of its two points: nothing is lost; the one mail that may come twice carries the same Message-ID."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from fangtang.notices import actions
from fangtang.notices.models import Notice
from tests import factories
from tests.factories import NOW
from tests.notices.post_office import PostOffice, opened

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.slow]

SEND = """
import django; django.setup()
from datetime import datetime, timedelta
from fangtang.notices import effects
print(effects.send_waiting(now=datetime.fromisoformat({now!r}) + timedelta(minutes={minutes})))
"""


@pytest.fixture
def post_office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    server = opened(office)
    yield office, server.port
    server.stop()


class Senders:
    """Real processes on a copy of the test's database."""

    def __init__(self, home: Path, *, port: int) -> None:
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "fangtang.config.settings",
            "FANGTANG_HOME": str(home),
            "FANGTANG_MAIL_URL": f"smtp://127.0.0.1:{port}",
            "DATABASE_URL": "",
        }
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(home / "fangtang.sqlite3") as target:
                connection.connection.backup(target)
        else:
            values = connection.settings_dict
            self.environment["DATABASE_URL"] = f"postgres://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"

    def run(self, *, minutes: int, fault: str = "") -> int:
        """Exit status of a sender that runs `minutes` after the notice."""
        command = SEND.format(now=NOW.isoformat(), minutes=minutes)
        return subprocess.run([sys.executable, "-c", command], env=self.environment | {"FANGTANG_FAULT": fault}, check=False, capture_output=True).returncode


@pytest.mark.parametrize(("fault", "before", "after"), [("notices.claimed:1", 0, 1), ("notices.accepted:1", 1, 2)])
def test_a_killed_sender_loses_nothing(post_office: tuple[PostOffice, int], tmp_path: Path, fault: str, before: int, after: int) -> None:
    office, port = post_office
    actions.tell([factories.user("bo")], code="review.ready", facts={"title": "一", "turn": 1, "number": 1}, url="/desk/", now=NOW)
    Notice.objects.update(mail=Notice.Mail.WAITING, mail_attempts=0, mail_due_at=NOW)  # the nudge after commit has sent it into memory
    senders = Senders(tmp_path, port=port)

    assert senders.run(minutes=0, fault=fault) == -9
    assert len(office.accepted) == before
    assert senders.run(minutes=1) == 0, "the lease still holds"
    assert len(office.accepted) == before
    assert senders.run(minutes=3) == 0
    assert len(office.accepted) == after
    assert len({mail["Message-ID"] for mail in office.accepted}) == 1

"""A builder that is killed anywhere leaves nothing half done: the next one finishes, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from fangtang.releases.models import Release
from fangtang.releases.states import DECIDED, FAILED, SERVED
from fangtang.snapshots import effects
from tests import factories
from tests.snapshots import making
from tests.snapshots.test_incremental import built_at_once, difference

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NOW = making.NOW
POINTS = (
    "snapshots.claimed",
    "snapshots.prepared",
    "snapshots.settled",
    "snapshots.drawn",
    "store.file_staged",
    "store.before_barrier",
    "store.after_barrier",
    "store.tree_installed",
    "store.before_record",
    "store.before_switch",
    "store.after_switch:2",
    "snapshots.committed",
    "snapshots.stored",
    "snapshots.noted",
)

BUILDER = """
import json, sys
from pathlib import Path
asked = json.loads(sys.argv[1])
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = asked["database"]
from django.db import connection
connection.settings_dict["NAME"] = asked["database"]
settings.SNAPSHOT_ROOT = Path(asked["snapshots"])
settings.MEDIA_ROOT = Path(asked["uploads"])
settings.KEYS = Path(asked["keys"])
from datetime import datetime
from fangtang.snapshots import effects
outcome = effects.build_waiting(now=datetime.fromisoformat(asked["now"]))
print(json.dumps({"served": outcome.served, "failed": outcome.failed, "whole": outcome.built_whole}))
"""


def start(settings, *, fault: str = "") -> subprocess.Popen[str]:
    asked = {
        "database": str(connection.settings_dict["NAME"]),
        "snapshots": str(settings.SNAPSHOT_ROOT),
        "uploads": str(settings.MEDIA_ROOT),
        "keys": str(settings.KEYS),
        "now": NOW.isoformat(),
    }
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "FANGTANG_FAULT": fault}
    command = [sys.executable, "-c", BUILDER, json.dumps(asked)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def finish(process: subprocess.Popen[str]) -> dict[str, list[int]]:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return json.loads(output.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_then_swept(point, office, settings):
    water = factories.site("water", unit=office.unit)
    notices = factories.section(water, "notices")
    effects.build_waiting(now=NOW)
    releases = [making.release(making.article(office.section, notices, by=office.an, title=f"稿件{n}"), by=office.an) for n in range(2)]
    killed = start(settings, fault=point)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    outcome = effects.build_waiting(now=NOW)
    assert outcome.failed == []
    served = Release.objects.filter(pk__in=[release.pk for release in releases])
    assert set(served.values_list("status", flat=True)) == {SERVED}
    again = effects.build_waiting(now=NOW)
    assert (again.served, again.files, again.built_whole) == ([], 0, [])
    roots = {site.key: effects.store().root(site.key) for site in (office.site, water)}
    logs = {key: [snapshot.root_sha256 for snapshot in effects.store().log(key)] for key in roots}
    assert all(len(set(log)) == len(log) <= 3 for log in logs.values()), "no state was shown twice: before, perhaps one of the two releases, both"
    at_once = built_at_once(NOW)
    assert roots == {key: at_once.root(key) for key in roots}, [difference(effects.store(), at_once, key) for key in roots]


@pytest.mark.slow
def test_two_builders_at_once_serve_each_release_once(office, settings):
    for number in range(6):
        making.release(making.article(office.section, by=office.an, title=f"稿件{number}"), by=office.an)
    both = [finish(process) for process in [start(settings), start(settings)]]
    served = [pk for outcome in both for pk in outcome["served"]]
    assert sorted(served) == sorted(Release.objects.values_list("pk", flat=True))
    assert len(served) == len(set(served))


def test_a_builder_that_always_dies_does_not_hold_up_others(office):
    """Releases left behind three times are marked as failed; those tried before are built alone."""
    poison = making.release(making.article(office.section, by=office.an), by=office.an)
    Release.objects.filter(pk=poison.pk).update(status="building", attempts=3)
    other = making.release(making.article(office.section, by=office.an), by=office.an)
    assert effects.build_waiting(now=NOW).served == [other.pk]
    poison.refresh_from_db()
    assert (poison.status, poison.error_code) == (FAILED, "snapshots.builder_died")
    assert effects.retry([poison.pk]) == 1
    poison.refresh_from_db()
    assert poison.status == DECIDED
    assert effects.build_waiting(now=NOW).served == [poison.pk]

"""The process that answers the web needs no private key: it serves pages and the desk, and opens no file in the folder of the keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from fangtang.snapshots import effects
from tests import factories
from tests.snapshots import making

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SERVER = """
import io, json, os, sys
from pathlib import Path
asked = json.loads(sys.argv[1])
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = asked["database"]
from django.db import connection
connection.settings_dict["NAME"] = asked["database"]
settings.SNAPSHOT_ROOT, settings.KEYS, settings.MEDIA_ROOT = (Path(asked[name]) for name in ("snapshots", "keys", "uploads"))

def watch(event, arguments):
    if event == "open" and str(arguments[0]).startswith(asked["keys"]):
        sys.stderr.write(f"opened {arguments[0]}")
        sys.stderr.flush()
        os._exit(97)

sys.addaudithook(watch)
from fangtang.config.server import whole
application = whole()

def ask(host, path):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80",
               "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "SCRIPT_NAME": ""}
    said = []
    body = b"".join(application(environ, lambda status, headers: said.append(status)))
    return said[0][:3], body.decode()

found = {"page": ask("education.localhost", "/news/"), "desk": ask("localhost", "/desk/login/"), "inside": ask("localhost", "/desk/")}
if asked["builds"]:
    from datetime import datetime
    from fangtang.snapshots import effects
    effects.build_site(asked["builds"], now=datetime.fromisoformat(asked["now"]))
print(json.dumps(found))
"""


def serve(settings, *, builds: int = 0) -> subprocess.CompletedProcess[str]:
    asked = {
        "database": str(connection.settings_dict["NAME"]),
        "snapshots": str(settings.SNAPSHOT_ROOT),
        "uploads": str(settings.MEDIA_ROOT),
        "keys": str(settings.KEYS),
        "builds": builds,
        "now": making.NOW.isoformat(),
    }
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", SERVER, json.dumps(asked)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False, timeout=120)


@pytest.fixture
def served(office, settings, tmp_path: Path) -> factories.Office:
    settings.KEYS = tmp_path / "keys"
    making.release(making.article(office.section, by=office.an, title="无钥匙也能看"), by=office.an)
    effects.build_waiting(now=making.NOW)
    for file in settings.KEYS.iterdir():
        if file.is_file():
            file.write_text("unreadable")
    return office


@pytest.mark.slow
def test_pages_and_the_desk_are_served_without_a_key(served, settings) -> None:
    done = serve(settings)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert {name: status for name, (status, _) in found.items()} == {"page": "200", "desk": "200", "inside": "302"}
    assert "无钥匙也能看" in found["page"][1]


@pytest.mark.slow
def test_a_process_that_builds_would_be_caught(served, settings) -> None:
    making.release(making.article(served.section, by=served.an), by=served.an)
    served.site.name = "另一个名字"
    served.site.save()
    done = serve(settings, builds=served.site.pk)
    assert (done.returncode, "opened" in done.stderr) == (97, True), done.stderr

"""What answers at which host: public sites from files, the desk behind, the main site in front of it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from wagtail.models import Site as WagtailSite

from fangtang.outlets import actions as outlets
from fangtang.snapshots import effects, hosts
from tests import factories
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW


@pytest.fixture
def office() -> factories.Office:
    """A main site and one of a department, both built."""
    main = factories.unit("main")
    factories.site("www", unit=main)
    WagtailSite.objects.filter(hostname="www.localhost").update(is_default_site=True)
    made = factories.office()
    making.release(making.article(made.section, by=made.an, title="半亩方塘"), by=made.an)
    effects.build_waiting(now=NOW)
    return made


@contextmanager
def kept_connection() -> Iterator[None]:
    """A request in the test's transaction: Django would close the connection around it, as for every request; its own test client does the same."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def ask(settings):
    """GET an address at a host: status, body, headers."""
    from fangtang.config import server

    settings.DESK_HOSTS = settings.ALLOWED_HOSTS = ["localhost", "desk.localhost"]
    application = server.whole()

    def get(host: str, path: str) -> tuple[int, str, dict[str, str]]:
        answer: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            answer.update(status=int(status.split()[0]), headers=dict(headers))

        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        with kept_connection():
            parts = application(environ, start)
            body = b"".join(parts)
            getattr(parts, "close", lambda: None)()
        return answer["status"], body.decode(), answer["headers"]

    return get


def test_public_hosts_show_their_site(office, ask):
    status, body, headers = ask("education.localhost:8000", "/news/")
    assert (status, "半亩方塘" in body) == (200, True)
    assert "Set-Cookie" not in headers


def test_the_desk_stands_on_its_own_hosts_only(office, ask):
    assert ask("desk.localhost", "/desk/login/")[0] == 200
    status, body, _ = ask("education.localhost", "/desk/login/")
    assert status == 404
    assert "csrf" not in body


def test_a_host_of_the_desk_shows_the_main_site_elsewhere(office, ask):
    status, body, _ = ask("localhost:8000", "/")
    assert (status, "www site" in body) == (200, True)


def test_collected_files_and_nothing_above_them(office, ask, settings):
    static = Path(settings.STATIC_ROOT)
    static.mkdir(parents=True, exist_ok=True)
    (static / "desk.css").write_text("main{}")
    (static.parent / "secret.css").write_text("no")
    assert ask("localhost", "/desk-static/desk.css")[:2] == (200, "main{}")
    assert ask("localhost", "/desk-static/../secret.css")[0] != 200


def test_an_unknown_host_shows_no_site(office, ask):
    assert ask("elsewhere.example", "/")[0] in (400, 404)


def test_a_new_host_is_known_without_a_restart(office, ask):
    assert ask("water.localhost", "/")[0] in (400, 404)
    host = outlets.Host("water.localhost", 80)
    outlets.open_site(host=host, key="water", unit=office.unit, by=None, now=NOW, name="方塘市水务局")
    effects.build_waiting(now=NOW)
    time.sleep(hosts.LOOK_SECONDS)
    assert "方塘市水务局" in ask("water.localhost", "/")[1]


def test_the_table_names_every_site(office):
    table = json.loads(hosts.place().read_text())
    assert table == {"default": "www", "sites": {"www.localhost": "www", "education.localhost": "education"}}


def test_operators_build_verify_list_and_go_back(office, capsys):
    call_command("site", "build", "--all", "--afresh")
    assert "2 sites built" in capsys.readouterr().out
    call_command("site", "build", "education")
    call_command("site", "verify")
    call_command("site", "show", "education")
    call_command("site", "log", "education", "--full")
    said = capsys.readouterr().out
    assert said.count(effects.store().root("education")) == 3, "show, log and build print whole roots, each on one line"
    assert "Every file is what its root says" in said


def test_operators_print_the_configuration_of_nginx(office, capsys, settings):
    call_command("site", "nginx", "--listen", "8080")
    said = capsys.readouterr().out
    assert "    education.localhost education;\n    www.localhost www;\n" in said
    assert f"root {settings.SNAPSHOT_ROOT}/sites/$fangtang_site/current;" in said
    assert f"server 127.0.0.1:{settings.PORT};" in said
    assert said.count("listen 8080") == 2


def test_verify_names_what_was_tampered_with(office, capsys, settings):
    page = Path(settings.SNAPSHOT_ROOT) / "sites" / "education" / "current" / "robots.txt"
    page.chmod(0o644)
    page.write_text("tampered")
    with pytest.raises(SystemExit):
        call_command("site", "verify", "education")
    assert "education: /robots.txt is changed" in capsys.readouterr().out


def test_sweep_does_what_was_left(office):
    release = making.release(making.article(office.section, by=office.an, title="被遗忘的一篇"), by=office.an)
    call_command("sweep")
    release.refresh_from_db()
    assert release.status == "served"

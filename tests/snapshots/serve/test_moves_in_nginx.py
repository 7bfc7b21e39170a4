"""The table of moved addresses in nginx's own form: whatever an address looks like, it stays an address."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fangtang.snapshots.management.commands import sweep
from fangtang.snapshots.nginx import MOVES_FILE, moves_map, write_moves
from fangtang.snapshots.nginx.moves import LONGEST_KEY_BYTES
from fangtang.snapshots.serve import moved
from fangtang.snapshots.store import TreesStore
from fangtang.snapshots.store.layout import Layout
from tests.conftest import needed
from tests.snapshots.serve.conftest import ask, free_port, running_nginx

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOSTILE = {
    '/a"; return 200 "': "/news/",
    "/b';}": "/x'y",
    "/c\\": "/back\\slash",
    "/d{e}": "/{f}",
    "/$uri": "/${uri}",
    "/e$": "/to",
    "/f;g": "/h;i#j",
    "/h # no comment": "/with space",
    "/~^.*$": "/tilde",
    "/include": "/etc/passwd",
    "/中文/页": "/去处/",
    "/q\u200b": "/q",
    "/new\nline": "/x",
    "/tab\t": "/x",
    "/bad": "//evil.test/",
    "/Case": "/one",
    "/case": "/two",
    "/away": "https://example.gov.cn/x?y=z",
    "/money": "/5$",
    "/" + "l" * 2000: "/long",
}
NOT_LISTED = {"/new\nline", "/tab\t", "/bad", "/Case", "/case", "/money", "/$uri", "/" + "l" * 2000}
"""What nginx cannot say, or what leads nowhere: for the application, or for nobody."""


def committed(folder: Path, tables: Mapping[str, Mapping[str, str]]) -> Path:
    store = TreesStore(folder / "store", barrier=lambda descriptor: None)
    for key, table in tables.items():
        store.commit(key, {"_redirects.json": json.dumps(table).encode(), "404.html": b"missing"}, at=AT)
    return folder / "store"


def test_only_what_nginx_can_say_is_listed(tmp_path: Path) -> None:
    lines = moves_map(Layout(committed(tmp_path, {"portal": HOSTILE}))).splitlines()
    assert len(lines) == len(HOSTILE) - len(NOT_LISTED)
    assert all(len(line) < 2 * LONGEST_KEY_BYTES for line in lines)


def test_the_file_is_written_when_it_changes(tmp_path: Path) -> None:
    root = committed(tmp_path, {"b": {"/x": "/y"}, "a": {"/1": "/2", "/0": "/3"}})
    assert write_moves(root) is True
    assert (root / MOVES_FILE).read_text() == '"a:/0" "/3";\n"a:/1" "/2";\n"b:/x" "/y";\n'
    assert write_moves(root) is False
    TreesStore(root, barrier=lambda descriptor: None).commit("a", {"_redirects.json": None}, at=AT)
    assert write_moves(root) is True
    assert (root / MOVES_FILE).read_text() == '"b:/x" "/y";\n'
    assert [file.name for file in root.glob(".*")] == []


@pytest.mark.django_db
def test_the_sweeper_keeps_a_list_that_was_asked_for(tmp_path: Path, settings: Any) -> None:
    root = settings.SNAPSHOT_ROOT = committed(tmp_path, {"a": {"/1": "/2"}})
    sweep.sweep()
    assert not (root / MOVES_FILE).exists()
    call_command("site", "nginx", "--moves")
    TreesStore(root, barrier=lambda descriptor: None).commit("a", {"_redirects.json": b'{"/1": "/3"}'}, at=AT)
    sweep.sweep()
    assert (root / MOVES_FILE).read_text() == '"a:/1" "/3";\n'


def test_a_table_with_other_bytes_is_left_out(tmp_path: Path) -> None:
    root = committed(tmp_path, {"portal": {"/x": "/y"}})
    table = root / "sites/portal/current/_redirects.json"
    table.chmod(0o644)
    table.write_text('{"/x": "/evil"}')
    assert moves_map(Layout(root)) == ""


def test_nginx_leads_every_listed_address_to_its_place(tmp_path: Path) -> None:
    root = committed(tmp_path, {"portal": HOSTILE})
    with running_nginx(tmp_path, "moves", free_port()) as port:
        for old, new in HOSTILE.items():
            answer = ask(port, quote(old))
            expected = (404, None) if old in NOT_LISTED else (301, moved.location(new))
            assert (answer.status, answer.headers.get("location")) == expected, old
        assert ask(port, quote("/f;g"), host="health.test").status == 404
    assert root.is_dir()


def test_a_page_that_stands_again_is_shown_though_the_list_is_old(tmp_path: Path) -> None:
    root = committed(tmp_path, {"portal": {"/back.html": "/there.html", "/folder/": "/there.html"}})
    with running_nginx(tmp_path, "again", free_port()) as port:
        assert ask(port, "/back.html").headers["location"] == "/there.html"
        store = TreesStore(root, barrier=lambda descriptor: None)
        store.commit("portal", {"back.html": b"here", "folder/index.html": b"stub", "_moved/folder/index.html": b"stub", "_redirects.json": b"{}"}, at=AT)
        assert ask(port, "/back.html").body == b"here"
        assert ask(port, "/folder/").status == 301


def test_without_a_list_stubs_lead_on(tmp_path: Path) -> None:
    root = committed(tmp_path, {"portal": {"/stub.html": "/there.html"}})
    TreesStore(root, barrier=lambda descriptor: None).commit("portal", {"stub.html": b"stub", "_moved/stub.html": b"stub"}, at=AT)
    with running_nginx(tmp_path, "stubs", free_port(), moves=False) as port:
        answer = ask(port, "/stub.html")
    assert (answer.status, answer.body) == (200, b"stub")


ODD = st.text(st.characters(codec="utf-8") | st.sampled_from("\"'\\;{}$#~ \n\r\t/"), max_size=30)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trial")


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(table=st.dictionaries(ODD.map("/".__add__), ODD.map("/".__add__), max_size=8))
def test_nginx_accepts_every_list(trial: Path, table: dict[str, str]) -> None:
    program = needed("nginx", "it reads the list (apt-get install nginx-light)")
    TreesStore(trial / "store", barrier=lambda descriptor: None).commit("portal", {"_redirects.json": json.dumps(table).encode()}, at=AT)
    write_moves(trial / "store")
    assert nginx_reads(program, trial), (trial / "store" / MOVES_FILE).read_text()


def test_a_list_that_is_more_than_a_list_is_not_accepted(trial: Path) -> None:
    program = needed("nginx", "it reads the list (apt-get install nginx-light)")
    (trial / "store").mkdir(exist_ok=True)
    (trial / "store" / MOVES_FILE).write_text('"portal:/x" "/y";\n}\nserver { listen 127.0.0.1:9; }\nmap $uri $another {\n')
    assert not nginx_reads(program, trial)


def nginx_reads(program: str, folder: Path) -> bool:
    settings_file = folder / "nginx.conf"
    included = folder / "store" / MOVES_FILE
    settings_file.write_text(
        f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n  map_hash_bucket_size 1024;\n  map_hash_max_size 65536;\n"
        f'  map "$host:$uri" $move {{\n    default "";\n    include {included};\n  }}\n}}\n'
    )
    return subprocess.run([program, "-t", "-q", "-p", folder, "-c", settings_file], capture_output=True, check=False).returncode == 0

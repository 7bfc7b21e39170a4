"""Hostile requests, byte for byte: whatever is sent, what comes back is a public file of that host or a refusal."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote_to_bytes

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from fangtang.snapshots.serve import static_sites
from fangtang.snapshots.store import TreesStore
from tests.snapshots.serve.conftest import PORTAL, ask, exchange
from tests.snapshots.serve.served import HOSTS, desk

PUBLIC = frozenset(content for path, content in PORTAL.items() if not any(name[0] == "_" or name == ".hidden" for name in path.split("/")))

TARGETS = [
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%252e%252e/etc/passwd",
    "/news/..%5c..%5cetc",
    "/news/%c0%ae%c0%ae/index.html",
    "/..;/index.html",
    "/./index.html",
    "//evil.test/",
    "//evil.test/%2e%2e",
    "/\\evil.test",
    "/index.html%00.png",
    "/%00",
    "/%ff%fe",
    "/%",
    "/%zz",
    "/news%2f2026%2fa.html",
    "/" + "a" * 300,
    "/" + "a/" * 2000,
    "/%e5%a1",
    "/_redirects.json?x",
    "/news/../_redirects.json",
    "/NEWS/",
    "/index.html ",
    "/news/\r\nSet-Cookie: a=b",
    "http://health.test/",
    "*",
    "",
]


def safe(received: bytes) -> bool:
    """A refusal, a public file, or a move that stays on this host."""
    if not received:
        return True
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    location = next((line.split(b":", 1)[1].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"location:")), b"/")
    stays = location.startswith(b"/") and not location.startswith((b"//", b"/\\"))
    return stays and b"set-cookie" not in head.lower() and status < 500 and (status != 200 or body in PUBLIC)


@pytest.mark.parametrize("target", TARGETS)
def test_a_hostile_target_gets_nothing_hidden(embedded: int, target: str) -> None:
    assert safe(exchange(embedded, f"GET {target} HTTP/1.1\r\nHost: portal.test\r\nConnection: close\r\n\r\n".encode()))
    assert ask(embedded, "/").status == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.test\r\nHost: desk.test\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.test\x00\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.test\r\nRange: bytes=" + b"0-1," * 1000 + b"\r\nConnection: close\r\n\r\n",
        b'GET / HTTP/1.1\r\nHost: portal.test\r\nIf-None-Match: \xff\xfe"\r\nConnection: close\r\n\r\n',
        b"GET / HTTP/1.1\r\nHost: portal.test\r\nX: " + b"x" * 100_000 + b"\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: portal.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_a_hostile_head_leaves_the_server_well(embedded: int, head: bytes) -> None:
    received = exchange(embedded, head)

    assert not received or int(received.split()[1]) in {200, 400, 405, 431} or received.endswith(b"desk /")
    assert ask(embedded, "/").status == 200


@pytest.fixture(scope="module")
def application(store: TreesStore, folder: Path):
    return static_sites(folder / "store", HOSTS.get, desk)


BYTES = st.binary(max_size=40) | st.lists(
    st.sampled_from([b"/", b"..", b".", b"news", b"index.html", b"_redirects.json", b"%2e", b"\x00", b"\\", b"\xff", b"a.html", b"2026", b"//"])
).map(b"".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=BYTES, host=st.sampled_from(["portal.test", "portal.test:1"]), method=st.sampled_from(["GET", "HEAD"]), sent=st.text(max_size=20))
@example(path=b"/_redirects.json", host="portal.test", method="GET", sent="")
@example(path=unquote_to_bytes("/%2e%2e/%2e%2e/portal/current/.hidden"), host="portal.test", method="GET", sent="*")
def test_any_path_is_answered_with_public_bytes_or_a_refusal(application, path: bytes, host: str, method: str, sent: str) -> None:
    answers: list[str] = []
    environ = {"REQUEST_METHOD": method, "HTTP_HOST": host, "PATH_INFO": path.decode("latin-1"), "HTTP_IF_NONE_MATCH": sent, "HTTP_RANGE": sent}

    body = b"".join(application(environ, lambda status, headers: answers.append(status)))

    status = HTTPStatus(int(answers[0].split()[0]))
    assert status in {200, 206, 301, 304, 400, 404, 416}
    assert status != HTTPStatus.OK or method == "HEAD" or body in PUBLIC

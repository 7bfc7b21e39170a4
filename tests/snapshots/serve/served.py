"""What granian runs in these tests: two public hosts in front of an application that only says that it was asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fangtang.snapshots.serve import static_sites

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HOSTS = {"portal.test": "portal", "health.test": "health", "unbuilt.test": "unbuilt", "localhost": "portal"}


def desk(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Desk", environ["REQUEST_METHOD"])])
    return [f"desk {environ['PATH_INFO']}".encode("utf-8", "backslashreplace")]


application = static_sites(Path(os.environ.get("FANGTANG_TEST_STORE", "/nowhere")), HOSTS.get, desk)

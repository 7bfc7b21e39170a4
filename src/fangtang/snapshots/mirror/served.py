"""What granian runs to serve a mirror: its sites by host, from its store. Any other host gets 404; there is no desk behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fangtang.snapshots.serve import static_sites

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

STORE, HOSTS = "FANGTANG_MIRROR_STORE", "FANGTANG_MIRROR_HOSTS"


def nobody(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    content = b"404 Not Found\n"
    start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]


application = static_sites(Path(os.environ.get(STORE, "/nowhere")), json.loads(os.environ.get(HOSTS, "{}")).get, nobody)

"""Asking a WSGI application without a server: for what is about bytes on disk, not about connections."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fangtang.snapshots.serve import static_sites
from tests.snapshots.serve.conftest import Answer


class Served:
    """A fresh application, with nothing in memory, over a store of the site "www"."""

    def __init__(self, store_root: Path, **options: int) -> None:
        self._application = static_sites(store_root, {"www.test": "www"}.get, _behind, **options)

    def get(self, path: str, *, method: str = "GET", **sent: str) -> Answer:
        said: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said.update(status=int(status[:3]), headers={name.lower(): content for name, content in headers})

        environ = {"REQUEST_METHOD": method, "HTTP_HOST": "www.test", "PATH_INFO": path} | {f"HTTP_{name.upper()}": text for name, text in sent.items()}
        body = b"".join(self._application(environ, start_response))
        return Answer(said["status"], said["headers"], body)


def _behind(environ: Any, start_response: Any) -> Iterable[bytes]:
    raise AssertionError("a public host was given to the application behind")

"""The WSGI callables of the embedded server.

`application` answers public hosts from the snapshots, without Django; `desk` is Django. On a host of the desk, `/desk/` and the static files
belong to Django and every other address shows the body's main site, so that http://localhost:8000/ is the portal.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangtang.config.settings")

from fangtang.config import home

home.prepare()

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from fangtang.snapshots import hosts
from fangtang.snapshots.serve import static_sites
from fangtang.snapshots.serve.addresses import host_name

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

DESK_PATHS = ("/desk/", "/desk-static/")
DESK_DOORS = frozenset({"/desk"})

desk = get_wsgi_application()


def over(sites: WSGIApplication, behind: WSGIApplication, *, desk_hosts: Iterable[str]) -> WSGIApplication:
    """`behind` for the desk's own addresses on the desk's hosts, `sites` for everything else."""
    own_hosts = frozenset(host.lower() for host in desk_hosts)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        is_desk = path.startswith(DESK_PATHS) or path in DESK_DOORS
        if is_desk and host_name(environ.get("HTTP_HOST", "")) in own_hosts:
            return behind(environ, start_response)
        return sites(environ, start_response)

    return application


def with_static(behind: WSGIApplication, *, root: Path, url: str) -> WSGIApplication:
    """Collected static files of the desk, for servers that do not mount them (granian does, see `stack.supervisor`)."""
    base = root.resolve()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        place = (base / path.removeprefix(url)).resolve() if path.startswith(url) else None
        if place is None or not place.is_relative_to(base) or not place.is_file():
            return behind(environ, start_response)
        kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        about = [("Content-Type", kind), ("Content-Length", str(place.stat().st_size)), ("Cache-Control", "public, max-age=86400")]
        start_response("200 OK", [*about, ("X-Content-Type-Options", "nosniff")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [place.read_bytes()]

    return application


def whole() -> WSGIApplication:
    """Public sites in front, the desk behind."""
    table = hosts.HostTable(hosts.place(), desk_hosts=settings.DESK_HOSTS)
    django = with_static(desk, root=Path(settings.STATIC_ROOT), url=settings.STATIC_URL)
    return over(static_sites(Path(settings.SNAPSHOT_ROOT), table.site_of, desk), django, desk_hosts=settings.DESK_HOSTS)


application = whole()

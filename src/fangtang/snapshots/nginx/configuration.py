"""The nginx configuration that serves the same store with the same answers. Pure text, made from the table of the embedded server.

nginx answers every page by itself. What it cannot know, an address that moved since its last reload, it asks the application for, and only when there
is no such file; when the application is away, the site's own 404 page stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.nginx.moves import MOVES_FILE
from fangtang.snapshots.nginx.template import PROXY_HEADERS, TEMPLATE
from fangtang.snapshots.serve import headers
from fangtang.snapshots.store.paths import checked_site_key
from fangtang.snapshots.store.variants import TEXT_EXTENSIONS

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@\[\]-]+")


def nginx_template() -> str:
    """The configuration with the four placeholders of one place left open: hosts, names, store, listen and upstream."""
    types = {type_sent: " ".join(sorted(_extensions(type_sent))) for type_sent in sorted(set(headers.CONTENT_TYPES.values()))}
    known = {
        "ALLOWED": "GET, HEAD",
        "CACHE_PAGES": headers.CACHE_PAGES,
        "CACHE_ASSETS": headers.CACHE_ASSETS,
        "CONTENT_SECURITY_POLICY": headers.CONTENT_SECURITY_POLICY,
        "UNPOLICED": "\n".join(f'    {type_sent} "";' for type_sent in sorted(headers.UNPOLICED_TYPES)),
        "UNPOLICED_EXTENSIONS": "|".join(extension for type_sent in sorted(headers.UNPOLICED_TYPES) for extension in sorted(_extensions(type_sent))),
        "SECURITY": _security(indent=4),
        "SECURITY_OF_PAGES": _security(indent=8),
        "UNKNOWN_TYPE": headers.UNKNOWN_TYPE,
        "TYPES": "\n".join(f'        "{type_sent}" {extensions};' for type_sent, extensions in types.items()),
        "FEEDS": "".join(_feed(name, type_sent) for name, type_sent in headers.FEED_TYPES.items()),
        "FEED_NAMES": "|".join(re.escape(name) for name in headers.FEED_TYPES),
        "GZIP_TYPES": "\n".join(f'        "{type_sent}"' for type_sent in sorted(_compressed())),
        "MOVES_FILES": MOVES_FILE.replace(".", "*."),
    }
    return _filled(TEMPLATE, known).replace("include_proxy_headers;", PROXY_HEADERS)


def nginx_config(hosts: Mapping[str, str], store_root: Path, listen_port: int | str, desk_upstream: str) -> str:
    """The configuration for these `hosts` (host name → site key). `listen_port` is a port or "address:port", `desk_upstream` the "address:port"
    of the application. Raises Invalid snapshots.bad_nginx_setting for what does not fit into a configuration line."""
    for setting in (str(store_root), str(listen_port), desk_upstream):
        if not _PLAIN.fullmatch(setting):
            raise Invalid("snapshots.bad_nginx_setting", setting=setting)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise Invalid("snapshots.bad_nginx_setting", setting=host)
    settings = {
        "FANGTANG_HOSTS": "\n".join(f"    {host} {checked_site_key(hosts[host])};" for host in sorted(hosts)),
        "FANGTANG_NAMES": "\n".join(f"        {host}" for host in sorted(hosts)),
        "FANGTANG_STORE": str(store_root),
        "FANGTANG_LISTEN": str(listen_port),
        "FANGTANG_DESK_UPSTREAM": desk_upstream,
    }
    return _filled(nginx_template(), settings)


def _filled(text: str, settings: Mapping[str, str]) -> str:
    for name, setting in settings.items():
        text = text.replace(f"${{{name}}}", setting)
    return text


def _extensions(type_sent: str) -> list[str]:
    return [extension for extension, of_type in headers.CONTENT_TYPES.items() if of_type == type_sent]


def _security(*, indent: int) -> str:
    return "\n".join(f'{" " * indent}add_header {name} "{setting}" always;' for name, setting in headers.SECURITY.items())


def _feed(name: str, type_sent: str) -> str:
    moves = ("    if ($fangtang_move) {", "        return 418;", "    }")
    lines = (f"location ~ /{re.escape(name)}$ {{", *moves, "    types {", "    }", f'    default_type "{type_sent}";', "}")
    return "".join(f"        {line}\n" for line in lines)


def _compressed() -> set[str]:
    """nginx compares the whole type, as it stands in the table."""
    return {headers.content_type(f"x.{extension}") for extension in TEXT_EXTENSIONS} | set(headers.FEED_TYPES.values())

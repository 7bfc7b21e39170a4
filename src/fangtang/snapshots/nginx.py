"""The nginx configuration that serves the same store with the same answers. Pure text; `deploy/nginx/README.md` tells how to use it.

nginx answers every page by itself. What it cannot know, the table of moved addresses, it asks the application for, and only when there is no
such file or a stub; when the application is away, the site's own 404 page stands in, or the stub.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from fangtang.kernel.errors import Invalid
from fangtang.snapshots.serve import headers
from fangtang.snapshots.store.paths import checked_site_key

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@\[\]-]+")

TEMPLATE = """\
# Fangtang's public sites, for the http block of nginx (a file in conf.d). Written by `python -m fangtang.snapshots.nginx`;
# the placeholders in capitals are filled by nginx_config(), or by envsubst.

map_hash_bucket_size 256;
server_names_hash_bucket_size 256;

map $host $fangtang_site {
    default "";
${FANGTANG_HOSTS}
}

map $request_method $fangtang_allow {
    default "${ALLOWED}";
    GET     "";
    HEAD    "";
}

map "$status:$uri" $fangtang_cache {
    default "${CACHE_PAGES}";
    "~^(200|206|304):/assets/" "${CACHE_ASSETS}";
}

map $sent_http_content_type $fangtang_policy {
    default "${CONTENT_SECURITY_POLICY}";
${UNPOLICED}
}

upstream fangtang_desk {
    server ${FANGTANG_DESK_UPSTREAM};
    keepalive 8;
}

# The desk, and every host that is no public site: the application decides.
server {
    listen ${FANGTANG_LISTEN} default_server;
    server_name _;
    server_tokens off;
    client_max_body_size 250m;

    location / {
        proxy_pass http://fangtang_desk;
        include_proxy_headers;
    }
}

# The public sites. `current` is a symlink that a release switches by one rename, so a release needs no reload; open_file_cache stays off,
# it would remember the old target.
server {
    listen ${FANGTANG_LISTEN};
    server_name
${FANGTANG_NAMES};
    root ${FANGTANG_STORE}/sites/$fangtang_site/current;
    index index.html;
    disable_symlinks off;
    absolute_redirect off;
    server_tokens off;

    # A file's time is made from its digest: it feeds the ETag and says nothing about when.
    etag on;
    if_modified_since off;
    add_header Last-Modified "" always;
    add_header Allow $fangtang_allow always;
    add_header Cache-Control $fangtang_cache always;
    add_header Content-Security-Policy $fangtang_policy always;
${SECURITY}

    default_type ${UNKNOWN_TYPE};
    types {
${TYPES}
    }

    if ($request_method !~ ^(GET|HEAD)$) {
        return 405;
    }
    # Empty names and names that climb, before nginx tidies them away; then hidden names, however they were spelt.
    if ($request_uri ~ ^[^?]*/(/|\\.\\.?(/|$|\\?))) {
        return 404;
    }
    location ~ /(_|\\.(?!well-known(/|$))) {
        return 404;
    }

    # A folder without a page of its own is no address, with or without its slash.
    set $fangtang_folder "";
    if (-d $request_filename) {
        set $fangtang_folder "bare";
    }
    if (-f $request_filename/index.html) {
        set $fangtang_folder "";
    }
    if ($fangtang_folder) {
        return 404;
    }

    error_page 403 404 = @moved;
    recursive_error_pages on;

    # Where an address moved away, a stub lies for plain file servers, and once more below /_moved/. The application knows where it leads; when that is
    # away, the stub leads on.
    location / {
        error_page 403 404 = @moved;
        error_page 418 = @leads_on;
        if (-f $document_root/_moved$uri) {
            return 418;
        }
    }
    location @leads_on {
        proxy_pass http://fangtang_desk$request_uri;  # as it was asked: an index.html that nginx looked up is not in the table
        include_proxy_headers;
        error_page 502 504 =200 /_moved$uri;
        add_header X-Accel-Redirect "";
    }
    location ^~ /_moved/ {
        internal;
    }
${FEEDS}
    # No such file: the application knows the moved addresses, and answers 404 with the site's page for all others.
    location @moved {
        proxy_pass http://fangtang_desk;
        include_proxy_headers;
        error_page 502 504 =404 /404.html;
        add_header X-Accel-Redirect "";  # empty, so not sent; but with it the headers above are not added to what the application sends
    }
    location = /404.html {
        error_page 418 /404.html;  # replaces the error pages above: a site without a 404 page gets nginx's
    }
}
"""

PROXY_HEADERS = """\
proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;"""


def nginx_template() -> str:
    """The configuration with the four placeholders of one place left open: hosts, names, store, listen and upstream."""
    types = {type_sent: " ".join(sorted(_extensions(type_sent))) for type_sent in sorted(set(headers.CONTENT_TYPES.values()))}
    known = {
        "ALLOWED": "GET, HEAD",
        "CACHE_PAGES": headers.CACHE_PAGES,
        "CACHE_ASSETS": headers.CACHE_ASSETS,
        "CONTENT_SECURITY_POLICY": headers.CONTENT_SECURITY_POLICY,
        "UNPOLICED": "\n".join(f'    {type_sent} "";' for type_sent in sorted(headers.UNPOLICED_TYPES)),
        "SECURITY": "\n".join(f'    add_header {name} "{setting}" always;' for name, setting in headers.SECURITY.items()),
        "UNKNOWN_TYPE": headers.UNKNOWN_TYPE,
        "TYPES": "\n".join(f'        "{type_sent}" {extensions};' for type_sent, extensions in types.items()),
        "FEEDS": "".join(_feed(name, type_sent) for name, type_sent in headers.FEED_TYPES.items()),
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


def _feed(name: str, type_sent: str) -> str:
    pattern = re.escape(name)
    return f'    location ~ /{pattern}$ {{\n        types {{\n        }}\n        default_type "{type_sent}";\n    }}\n'


if __name__ == "__main__":
    sys.stdout.write(nginx_template())

"""What generation n of a site is: every file but one says n, and the pages name an asset that exists in this generation alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from fangtang.snapshots.store import TreesStore

SITES = ("health", "portal")
"""In the order in which a release switches them."""
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADDRESSES = {
    "/": "index.html",
    "/news/2026/11/article.html": "news/2026/11/article.html",
    "/news/": "news/index.html",
    "/sitemap.xml": "sitemap.xml",
    "/rss.xml": "rss.xml",
    "/about.html": "about.html",
}
"""What exists in every generation: address → path. The last is the same in all of them."""
ALWAYS_THE_SAME = "about.html"

_NUMBER = re.compile(rb"generation (\d+) of ")
_ASSET = re.compile(rb'href="/(assets/[^"]+)"')


@lru_cache(maxsize=64)
def files(site_key: str, number: int) -> dict[str, bytes]:
    """Path → bytes."""
    style = f"/* generation {number} of {site_key} */\n".encode() * 40
    asset = f"assets/site.{sha256(style).hexdigest()[:12]}.css"
    of_page = f'<!doctype html><link rel="stylesheet" href="/{asset}">\n'
    found = {path: (of_page + f"generation {number} of {site_key}, {path}\n" * 60).encode() for path in ADDRESSES.values()}
    return {**found, asset: style, ALWAYS_THE_SAME: f"<!doctype html>About {site_key}\n".encode() * 50}


def number_in(content: bytes) -> int:
    """The generation that a file says; -1 for none."""
    found = _NUMBER.search(content)
    return int(found[1]) if found else -1


def asset_in(page: bytes) -> str:
    """The path of the asset that a page names; "" for none."""
    found = _ASSET.search(page)
    return found[1].decode() if found else ""


def changes(store: TreesStore, site_key: str, number: int) -> dict[str, bytes | None]:
    """From whatever stands to generation n: assets of others go."""
    fresh = files(site_key, number)
    gone = [path for path in store.paths(site_key) if path.startswith("assets/") and path not in fresh]
    return {**fresh, **dict.fromkeys(gone)}


def changes_of_all(store: TreesStore, number: int) -> dict[str, dict[str, bytes | None]]:
    return {site_key: changes(store, site_key, number) for site_key in SITES}


def publish(store: TreesStore, number: int) -> None:
    store.commit_all(changes_of_all(store, number), at=AT)

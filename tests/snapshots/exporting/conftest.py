"""A store with two snapshots of one site, signed, and the papers that belong to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fangtang.snapshots.store import TreesStore, trust
from fangtang.snapshots.store.keys import PrivateKey

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROOT, RELEASE = PrivateKey.generate(), PrivateKey.generate()

FIRST: dict[str, bytes | None] = {
    "index.html": b"<h1>one</h1>",
    "404.html": b"<h1>none</h1>",
    "news/index.html": b"<h1>news</h1>",
    "news/2026/03/1.html": b"<p>first</p>",
    "news/2026/03/中文 %+&.html": "<p>名字</p>".encode(),
    "news/rss.xml": b"<rss/>",
    "assets/theme-aaaa.css": b"body{}",
    "files/a.pdf": b"%PDF-" + bytes(70_000),
    "files/empty.txt": b"",
    "_redirects.json": b'{"/old/": "/news/", "/\xe6\x97\xa7/": "https://example.gov/new"}',
}
SECOND: dict[str, bytes | None] = {
    "index.html": b"<h1>two</h1>",
    "news/2026/03/1.html": None,
    "news/2026/03/2.html": b"<p>second</p>",
    "assets/theme-aaaa.css": None,
    "assets/theme-bbbb.css": b"main{}",
}


@pytest.fixture
def store(tmp_path: Path) -> TreesStore:
    made = TreesStore(tmp_path / "store", signers=[RELEASE], barrier=lambda descriptor: None)
    document = trust.issue(version=1, created=AT, expires=AT + timedelta(days=365), roots=[ROOT.public], releases=[RELEASE.public], signers=[ROOT])
    trust.keep(made.layout.trust, document)
    made.commit("health", FIRST, at=AT)
    return made

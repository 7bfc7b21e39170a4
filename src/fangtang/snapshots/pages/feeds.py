"""Feeds of a site or a section, newest twenty: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1.

Written as text and not through a library: three small formats, and every byte must be the same every time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape as xml_escape

from fangtang.kernel.text import clean
from fangtang.snapshots.pages.chrome import local
from fangtang.snapshots.register import SiteRow
from fangtang.snapshots.theme.render import html_language

NEVER = "1970-01-01T00:00:00Z"
"""Atom demands a moment even of an empty feed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed; `path` is below the site's root."""

    article_id: int
    title: str
    summary: str
    path: str
    published_at: datetime
    changed_at: datetime


def feeds(site: SiteRow, *, address: str, title: str, items: Sequence[Item]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the three feeds; `address` is the section's, "" for the site."""
    below = f"{address}/" if address else ""
    page = f"{site.base_url}/{below}"
    written = [_written(site.base_url, item) for item in items]
    changed = local(max(item.changed_at for item in items)) if items else None
    yield f"{below}rss.xml", _rss(site, title, page, written, changed).encode()
    yield f"{below}atom.xml", _atom(site, title, page, written, changed).encode()
    yield f"{below}feed.json", _json(site, title, page, written).encode()


def _rss(site: SiteRow, title: str, page: str, items: Sequence[_Written], changed: datetime | None) -> str:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
        f"<title>{_xml(title)}</title><link>{_xml(page)}</link><description>{_xml(site.description or title)}</description>",
        f'<language>{html_language(site.language)}</language><atom:link href="{_xml(page)}rss.xml" rel="self" type="application/rss+xml"/>',
    ]
    if changed:
        lines.append(f"<lastBuildDate>{format_datetime(changed)}</lastBuildDate>")
    lines.extend(item.rss for item in items)
    return "\n".join([*lines, "</channel></rss>", ""])


def _atom(site: SiteRow, title: str, page: str, items: Sequence[_Written], changed: datetime | None) -> str:
    updated = changed.isoformat() if changed else NEVER
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{html_language(site.language)}">',
        f"<id>{_xml(page)}</id><title>{_xml(title)}</title><updated>{updated}</updated><author><name>{_xml(site.name)}</name></author>",
        f'<link href="{_xml(page)}"/><link rel="self" type="application/atom+xml" href="{_xml(page)}atom.xml"/>',
    ]
    lines.extend(item.atom for item in items)
    return "\n".join([*lines, "</feed>", ""])


def _json(site: SiteRow, title: str, page: str, items: Sequence[_Written]) -> str:
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(title),
        "home_page_url": page,
        "feed_url": f"{page}feed.json",
        "language": html_language(site.language),
        "authors": [{"name": site.name, "url": f"{site.base_url}/"}],
    }
    return f'{_compact(feed)[:-1]},"items":[{",".join([item.json for item in items])}]}}\n'


@dataclass(frozen=True, slots=True)
class _Written:
    """An article in each of the three formats."""

    rss: str
    atom: str
    json: str


@lru_cache(maxsize=32_768)
def _written(base_url: str, item: Item) -> _Written:
    """Kept, because nineteen of twenty items stood in the feed before, and the site's and the section's feeds share them."""
    title, summary, url = _xml(item.title), _xml(item.summary), f"{base_url}/{quote(item.path)}"
    published, changed = local(item.published_at), local(item.changed_at)
    # A tag URI (RFC 4151): stays when the article's address moves.
    name = f"tag:{urlsplit(base_url).hostname},{published:%Y-%m-%d}:article-{item.article_id}"
    values = {
        "id": name,
        "url": url,
        "title": clean(item.title),
        "content_text": clean(item.summary or item.title),
        "date_published": published.isoformat(),
        "date_modified": changed.isoformat(),
    }
    return _Written(
        rss=f"<item><title>{title}</title><link>{_xml(url)}</link><description>{summary}</description>"
        f'<pubDate>{format_datetime(published)}</pubDate><guid isPermaLink="false">{name}</guid></item>',
        atom=f'<entry><id>{name}</id><title>{title}</title><link href="{_xml(url)}"/><published>{published.isoformat()}</published>'
        f"<updated>{changed.isoformat()}</updated><summary>{summary}</summary></entry>",
        json=_compact(values),
    )


def _compact(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _xml(text: str) -> str:
    """Escaped, and without the control characters that XML 1.0 cannot hold."""
    return xml_escape(clean(text).replace("\ufffe", "").replace("\uffff", ""), {'"': "&quot;"})

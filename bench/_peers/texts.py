"""The articles of a city as every peer gets them: titles, bodies, moments and sections, read from what our own build draws from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """One article; `body` is its drawn HTML, `path` its address below the site's root, `shown_at` in the city's own timezone."""

    pk: int
    title: str
    section: str
    path: str
    summary: str
    source: str
    body: str
    shown_at: datetime


def of_site(site_id: int) -> list[Text]:
    """Every article that stands on a site, by number."""
    from fangtang.snapshots.models import Prepared, Shown
    from fangtang.snapshots.pages.chrome import local

    rows = Shown.objects.filter(site=site_id, is_withdrawn=False).order_by("article")
    prepared = {row[0]: row[1:] for row in Prepared.objects.values_list("content_sha256", "fields", "body")}
    found = []
    for pk, slug, path, sha256, title, shown_at in rows.values_list("article", "section__slug", "path", "content_sha256", "title", "published_at"):
        fields, body = prepared[sha256]
        found.append(Text(pk, title, slug, path, fields["summary"], fields["source"], body, local(shown_at)))
    return found

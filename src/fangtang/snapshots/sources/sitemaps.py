"""The months of a site, from which its sitemaps are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Q

from fangtang.snapshots.models import Shown
from fangtang.snapshots.sources.asking import AT_ONCE, chunks, moment

_OF_SITE = "FROM snapshots_shown WHERE NOT is_withdrawn AND site_id = {0}.site_id AND canonical_site_id = {0}.site_id"
_MONTHS = f"""
WITH RECURSIVE walk (site_id, month) AS (
    SELECT start.site_id, (SELECT MIN(month) {_OF_SITE.format("start")}) FROM (%s) AS start
    UNION ALL
    SELECT walk.site_id, (SELECT MIN(month) {_OF_SITE.format("walk")} AND month > walk.month) FROM walk WHERE walk.month IS NOT NULL
)
SELECT walk.site_id, walk.month, (SELECT MAX(changed_at) {_OF_SITE.format("walk")} AND month = walk.month)
FROM walk WHERE walk.month IS NOT NULL ORDER BY walk.site_id, walk.month
"""  # noqa: S608  our own names


def months(site_ids: Iterable[int]) -> dict[int, dict[str, datetime]]:
    """For each site its months with canonical pages, each with the last change in it; in order.

    Goes from month to month along the index, so it takes longer with every month and not with every article.
    """
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for some in chunks(sorted(site_ids), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_MONTHS % " UNION ALL ".join(["SELECT %s AS site_id"] * len(some)), some)
            for site_id, month, changed_at in cursor.fetchall():
                found[site_id][month] = moment(changed_at)
    return found


def pages_in(wanted: Mapping[int, Iterable[str]]) -> dict[tuple[int, str], list[tuple[str, datetime]]]:
    """For (site id, month) the canonical pages of that month: path and last change, by path."""
    found: dict[tuple[int, str], list[tuple[str, datetime]]] = defaultdict(list)
    condition = Q(pk__in=[])
    for site_id, names in wanted.items():
        condition |= Q(site=site_id, canonical_site=site_id, month__in=list(names))
    rows = Shown.objects.filter(condition, is_withdrawn=False).order_by("path")
    for site_id, month, path, changed_at in rows.values_list("site_id", "month", "path", "changed_at"):
        found[site_id, month].append((path, changed_at))
    return found

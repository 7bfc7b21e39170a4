"""What follows from a decision: which article stands in which section under which number, and which addresses it has or had.

Everything here is computed from the release and the content of its revision, inside the transaction of the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from fangtang.articles.models import Article, Placement
from fangtang.outlets.models import Section
from fangtang.releases.models import UNDATED, Address, Counter, Release, ReleaseKind, Standing


def put_up(release: Release, *, content: Article) -> None:
    """Let the article stand where the released revision places it, and nowhere else; kept placements keep their numbers."""
    shown_at = published_at(release, content=content)
    placements = list(content.placements.all())
    sections = Section.objects.select_related("site").in_bulk([placement.section_id for placement in placements])
    kept = {row.section_id: row for row in Standing.objects.filter(article=release.article)}
    Standing.objects.filter(article=release.article).exclude(section_id__in=sections).delete()
    numbers = next_numbers({pk: 1 for pk in sections if pk not in kept})
    rows = [standing(release, placement, sections[placement.section_id], title=content.title, published_at=shown_at) for placement in placements]
    for row in rows:
        known = kept.get(row.section_id)
        row.pk, row.number = (known.pk, known.number) if known else (None, numbers[row.section_id])
    arriving, staying = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    Standing.objects.bulk_create(arriving)
    Standing.objects.bulk_update(staying, _CHANGING)
    _address(release, [sections[placement.section_id] for placement in placements], content=content, shown_at=shown_at)


_CHANGING = ["release", "title", "is_pinned", "rank", "visible_from", "visible_until", "published_at"]


def take_down(release: Release) -> None:
    """Let the article stand nowhere. Its addresses stay current only when a notice takes its place."""
    Standing.objects.filter(article=release.article).delete()
    if not release.public_notice:
        Address.objects.filter(article=release.article, is_current=True).update(is_current=False, is_canonical=False)


def published_at(release: Release, *, content: Article) -> datetime:
    """The moment that readers see as the article's date: the one shown on purpose, else that of its first release, unless that took it over."""
    first = Release.objects.filter(article=release.article).order_by("pk").first() or release
    return content.shown_at or (UNDATED if first.kind == ReleaseKind.LEGACY else first.at)


def address_of(section: Section, *, article_id: int, shown_at: datetime) -> str:
    """ "news/202611/12.html": the section's address, the month in the body's timezone, the article's id."""
    folder = f"undated/{article_id // 1000}" if shown_at == UNDATED else f"{timezone.localtime(shown_at):%Y%m}"
    return f"{section.address}/{folder}/{article_id}.html"


def next_numbers(arrivals: Mapping[int, int]) -> dict[int, int]:
    """The first of as many numbers as arrive in each section (id → how many), taken for good. Sections are locked in the order of their ids."""
    wanted = sorted(arrivals)
    Counter.objects.bulk_create([Counter(section_id=pk) for pk in wanted], ignore_conflicts=True)
    counters = list(Counter.objects.filter(section_id__in=wanted).order_by("section_id").select_for_update())
    first = {counter.section_id: counter.number + 1 for counter in counters}
    for many in set(arrivals.values()):
        some = [pk for pk in wanted if arrivals[pk] == many]
        Counter.objects.filter(section_id__in=some).update(number=F("number") + many)
    return first


def standing(release: Release, placement: Placement, section: Section, *, title: str, published_at: datetime) -> Standing:
    return Standing(
        article=release.article,
        section=section,
        site=section.site,
        release=release,
        title=placement.own_title or title,
        is_pinned=placement.is_pinned,
        rank=placement.rank,
        visible_from=placement.visible_from,
        visible_until=placement.visible_until,
        published_at=published_at,
    )


def addresses_of(sections: Iterable[Section], *, content: Article, shown_at: datetime) -> tuple[dict[int, str], int | None]:
    """The one address on each site (by site id: that of its first placement), and the id of the canonical site.

    Canonical is the first placement on a site of the article's own unit, else the first placement.
    """
    paths: dict[int, str] = {}
    canonical: int | None = None
    for section in sections:
        paths.setdefault(section.site_id, address_of(section, article_id=content.pk, shown_at=shown_at))
        if canonical is None and section.site.unit_id == content.unit_id:
            canonical = section.site_id
    return paths, canonical if canonical is not None else next(iter(paths), None)


def _address(release: Release, sections: list[Section], *, content: Article, shown_at: datetime) -> None:
    paths, canonical = addresses_of(sections, content=content, shown_at=shown_at)
    known = {(row.site_id, row.path): row for row in Address.objects.filter(article=release.article)}
    Address.objects.filter(article=release.article).filter(Q(is_current=True) | Q(is_canonical=True)).update(is_current=False, is_canonical=False)
    for key in set(paths.items()) & set(known):
        Address.objects.filter(pk=known[key].pk).update(is_current=True, is_canonical=key[0] == canonical)
    Address.objects.bulk_create(
        Address(article=release.article, site_id=site_id, path=path, is_canonical=site_id == canonical, first_at=release.at)
        for site_id, path in paths.items()
        if (site_id, path) not in known
    )

"""Very many articles in the city, written as rows: with true bodies, revisions, placements, turns, steps and releases, spread over its fifty units.

Of a hundred, seventy stand in public (half of them signed here, half taken over), two were withdrawn, five are being read, one waits for the
signature, five were returned, the others are drafts. Besides: thirty-two more sections on each site, and pictures that share one file.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import _city

READER_OF_ONE, READER_OF_ALL = "li", "all"
ROLES = ("editor", "reviewer_1", "chief_editor")
MORE_SECTIONS = 32
PICTURES = 10_000
BATCH = 5_000
BODY = json.dumps([{"type": "text", "id": "0", "value": f"<p>{_city.SENTENCE * 3}</p>" * 8}], ensure_ascii=False)
HASH = "0" * 64


@dataclass
class Cast:
    """Who and where: writers by the place of their unit, and the last number given in each section."""

    units: list[Any]
    sections: list[Any]
    writers: list[Any]
    one: Any
    all: Any
    chief: Any
    now: datetime
    arrived: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def writer(self, number: int) -> Any:
        """One in seven is written by each of the two who look, the others by their unit's writer."""
        return {0: self.all, 1: self.one}.get(number % 7, self.writers[number % len(self.units)])


def write(size: int, *, now: datetime) -> None:
    """The readers, and so many articles. Refreshes the database's statistics, as its own housekeeping does."""
    from django.db import connection

    _more_sections()
    cast = _cast(now=now)
    numbers = iter(range(size))
    while batch := list(islice(numbers, BATCH)):
        _write_batch(batch, cast)
    _pictures(cast)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _cast(*, now: datetime) -> Cast:
    from fangtang.outlets.models import Section
    from fangtang.people.models import Post, Unit, User

    units = list(Unit.objects.order_by("pk"))
    writers = [User.objects.create(username=f"writer{number:02}", full_name=f"写作者{number}") for number in range(len(units))]
    one, everywhere = (User.objects.create(username=name, full_name=name) for name in (READER_OF_ONE, READER_OF_ALL))
    for user, theirs in ((one, units[:1]), (everywhere, units)):
        Post.objects.bulk_create(Post(user=user, role=role, unit=unit, reach="below", starts_on=date(2020, 1, 1)) for unit in theirs for role in ROLES)
    return Cast(units, list(Section.objects.order_by("pk")), writers, one, everywhere, User.objects.get(username="fang"), now)


def _more_sections() -> None:
    from fangtang.outlets.models import Section

    rows = []
    for parent in Section.objects.filter(depth=1, slug="open").order_by("pk"):
        for number in range(1, MORE_SECTIONS + 1):
            facts = {"path": Section._get_path(parent.path, 2, number), "depth": 2, "site_id": parent.site_id, "slug": f"s{number}"}
            rows.append(Section(**facts, name=f"公开目录{number}", address=f"{parent.address}/s{number}"))
    Section.objects.bulk_create(rows)
    Section.objects.filter(depth=1, slug="open").update(numchild=MORE_SECTIONS)


def _pictures(cast: Cast) -> None:
    from django.core.files.base import ContentFile
    from PIL import Image

    from fangtang.media.actions import shelf_for
    from fangtang.media.models import Picture

    png = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(png, "PNG")
    shelves = [shelf_for(unit).pk for unit in cast.units]
    first = Picture.objects.create(title="图片0", file=ContentFile(png.getvalue(), name="0.png"), collection_id=shelves[0], uploaded_by_user=cast.one)
    same = {"file": first.file.name, "width": 64, "height": 48, "sha256": first.sha256, "file_hash": first.file_hash, "file_size": first.file_size}
    Picture.objects.bulk_create(
        (Picture(title=f"图片{number}", collection_id=shelves[number % len(shelves)], **same) for number in range(1, PICTURES)), batch_size=1_000
    )


def _write_batch(numbers: list[int], cast: Cast) -> None:
    from wagtail.models import Revision

    from fangtang.articles.models import Article, Placement
    from fangtang.reviews.queries import content_type

    articles = Article.objects.bulk_create(_article(number, cast) for number in numbers)
    kind = content_type(articles[0])
    revisions = Revision.objects.bulk_create(
        Revision(content_type=kind, base_content_type=kind, object_id=str(one.pk), created_at=one.changed_at, user=one.created_by, content={"title": one.title})
        for one in articles
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.latest_revision = revision
    Article.objects.bulk_update(articles, ["latest_revision"], batch_size=400)
    rows = list(zip(numbers, articles, revisions, strict=True))
    Placement.objects.bulk_create(Placement(article=article, section=_section(number, step, cast)) for number, article, _ in rows for step in range(2))
    turns = _write_turns(rows, kind, cast)
    _write_releases(rows, turns, cast)


def _article(number: int, cast: Cast) -> Any:
    from fangtang.articles.models import Article

    moment, writer = cast.now - timedelta(minutes=number), cast.writer(number)
    title = f"{_city.TITLES[number % len(_city.TITLES)]}（第{number}期）"
    kind = "policy" if number % 10 == 0 else "news"
    return Article(title=title, unit=cast.units[number % len(cast.units)], kind=kind, body=BODY, created_by=writer, created_at=moment, changed_at=moment)


def _section(number: int, step: int, cast: Cast) -> Any:
    return cast.sections[(number + step * 7) % len(cast.sections)]


def _turn_status(number: int) -> str:
    """As said at the top; "" where there was no turn. The remainders are shuffled so that every unit has some of each."""
    place = number * 37 // 50 % 100
    spans = ((35, "released"), (72, ""), (77, "open"), (78, "passed"), (83, "returned"), (100, ""))
    return next(status for until, status in spans if place < until)


def _release_kinds(number: int) -> tuple[str, ...]:
    place = number * 37 // 50 % 100
    return ("sign",) if place < 35 else ("legacy",) if place < 70 else ("legacy", "withdraw") if place < 72 else ()


def _write_turns(rows: list[tuple[int, Any, Any]], kind: Any, cast: Cast) -> dict[int, Any]:
    """By article id."""
    from fangtang.reviews.models import Step, Turn

    turns = Turn.objects.bulk_create(
        Turn(
            content_type=kind,
            object_id=article.pk,
            unit=article.unit,
            title=article.title,
            revision=revision,
            number=1,
            status=status,
            content_sha256=HASH,
            opened_by=article.created_by,
            opened_at=article.changed_at,
            closed_at=article.changed_at if status in ("released", "returned") else None,
        )
        for number, article, revision in rows
        if (status := _turn_status(number))
    )
    Turn.writers.through.objects.bulk_create(Turn.writers.through(turn=turn, user=turn.opened_by) for turn in turns)
    Step.objects.bulk_create(_step(turn, cast) for turn in turns)
    return {turn.object_id: turn for turn in turns}


def _step(turn: Any, cast: Cast) -> Any:
    from fangtang.reviews.models import Step

    facts = {"turn": turn, "position": 1, "kind": "review", "level": 1}
    if turn.status == "open":
        return Step(**facts, status="due")
    status = "returned" if turn.status == "returned" else "approved"
    reader = cast.all if turn.opened_by_id != cast.all.pk and turn.object_id % 5 == 0 else cast.chief
    return Step(**facts, status=status, by=reader, at=turn.opened_at, content_sha256=HASH)


def _write_releases(rows: list[tuple[int, Any, Any]], turns: dict[int, Any], cast: Cast) -> None:
    from fangtang.releases.models import Release, Standing

    releases = Release.objects.bulk_create(
        Release(
            article=article,
            kind=kind,
            revision=revision,
            content_sha256=HASH,
            turn=turns[article.pk] if kind == "sign" else None,
            by=cast.chief,
            at=article.changed_at,
            reason="更正" if kind == "withdraw" else "",
            status="served",
        )
        for number, article, revision in rows
        for kind in _release_kinds(number)
    )
    last = {release.article_id: release for release in releases}
    standings = []
    for number, article, _ in rows:
        if (release := last.get(article.pk)) and release.kind != "withdraw":
            section = _section(number, 0, cast)
            cast.arrived[section.pk] += 1
            facts = {"number": cast.arrived[section.pk], "title": article.title, "published_at": article.changed_at}
            standings.append(Standing(article=article, section=section, site_id=section.site_id, release=release, **facts))
    Standing.objects.bulk_create(standings)

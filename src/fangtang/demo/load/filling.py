"""Brings the articles in: each is written, proofread, reviewed and signed through the actions that people use, on its own day.

The newest ones are left on their way, so that every worklist of the demo has something waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zlib import crc32

from django.utils import timezone

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.demo import sections
from fangtang.demo.city import CITY_OFFICE_KEY
from fangtang.demo.load.opening import Opened
from fangtang.demo.load.shelving import Shelves
from fangtang.demo.texts import blocks
from fangtang.demo.texts.blocks import ArticleText, Block
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.reviews import actions as reviews
from fangtang.reviews.models import Step, StepKind, Turn
from fangtang.reviews.states import DUE

RETURN_COMMENT = "第二段的数字与附表不一致，请核对后重新提交。"
APPROVALS = ("内容准确，同意。", "已核对数据和时间，同意。", "表述清楚，同意。", "同意。")


@dataclass(slots=True)
class Filler:
    """What filling needs to know; `opened` by unit key."""

    opened: dict[str, Opened]
    units: dict[str, Unit]
    shelves: Shelves
    holders: dict[tuple[int, str], list[User]] = field(default_factory=dict)

    def fill(self, texts: Iterable[ArticleText], *, on_their_way: int) -> Iterator[Article]:
        """Bring in all texts, the oldest first; `on_their_way` of the newest, and some of the city office, stop before the signature."""
        rows = sorted(texts, key=lambda text: (text.published_on, text.source_id))
        halting = set(_halting(rows, most=on_their_way))
        halts = count()
        for text in rows:
            yield self._bring(text, STOPS[next(halts) % len(STOPS)] if text.source_id in halting else _sign)

    def _bring(self, text: ArticleText, stop: Callable[[Filler, Article, datetime], None]) -> Article:
        unit = self.units[text.unit_key]
        signed_at = moment(text)
        author = self.holder(unit, Role.EDITOR)
        body = [self.block(block, unit, author) for block in text.blocks]
        picture = next((value["image"] for kind, value in body if kind == "image"), None)
        article = articles.create(
            unit=unit,
            by=author,
            now=signed_at - timedelta(hours=30),
            sections=list(self.places(text)),
            title=text.title,
            short_title=text.short_title,
            summary=text.summary,
            kind=text.kind,
            source=text.source,
            author=text.author,
            document_number=text.document_number,
            issuing_body=text.issuing_body,
            made_on=text.made_on,
            effective_on=text.effective_on,
            keywords="、".join(text.keywords),
            sensitivity=text.sensitivity,
            lead_image=picture,
            body=body,
        )
        stop(self, article, signed_at)
        return article

    def holder(self, unit: Unit, role: str, number: int = 0) -> User:
        """Somebody who has this role for the unit; the n-th, where a plan needs several."""
        found = self.holders.get((unit.pk, role))
        if found is None:
            found = self.holders[unit.pk, role] = list(people.holders(role, unit=unit, day=people.today()))
        return found[number % len(found)]

    def places(self, text: ArticleText) -> Iterator[Section]:
        """The section at home, then one on every other site that has a fitting one."""
        home = self.opened[text.site_key]
        yield home.sections[sections.slug_for(home.row.kind, role=text.role)]
        for key in text.also_on:
            there = self.opened[key]
            role = sections.placed_role(text.role, origin=home.row.kind, target=there.row.kind)
            try:
                section = there.sections[sections.slug_for(there.row.kind, role=role)]
            except KeyError:
                continue
            if section.contributors.filter(pk=self.units[text.unit_key].pk).exists():
                yield section

    def block(self, block: Block, unit: Unit, by: User) -> tuple[str, Any]:
        """A block of the text as the editor's form would have it."""
        match block:
            case blocks.RichText(html):
                return "text", html
            case blocks.Heading(level, text):
                return "heading", {"text": text, "level": str(level)}
            case blocks.Image():
                picture = self.shelves.picture(block.picture, title=block.alt, credit=block.credit, unit=unit, by=by)
                return "image", {"image": picture, "alt": block.alt, "caption": block.caption, "credit": block.credit, "is_decorative": False}
            case blocks.Video():
                film = self.shelves.file(block.clip, title=block.title, unit=unit, by=by)
                captions = self.shelves.file(block.captions, title=f"{block.title}（字幕）", unit=unit, by=by)
                return "video", {"video": film, "captions": captions, "title": block.title, "transcript": block.transcript}
            case blocks.Table():
                rows = [list(block.header), *(list(row) for row in block.rows)]
                return "table", {"data": rows, "first_row_is_table_header": True, "first_col_is_header": False, "table_caption": block.caption}
            case blocks.Quotation(text, cite):
                return "quotation", {"text": text, "cite": cite}
            case blocks.AttachmentBlock():
                file = self.shelves.file(block.file_name, title=block.title, unit=unit, by=by)
                return "attachment", {"document": file, "title": block.title}

    def take(self, step: Step, *, now: datetime) -> None:
        """Pass one step as its holder would."""
        unit, sha256 = step.turn.unit, step.turn.content_sha256
        if step.kind == StepKind.PROOFREAD:
            by = self.holder(unit, Role.PROOFREADER, step.level - 1)
            reviews.proofread(step, seen_sha256=sha256, marks=[], signature=by.full_name, comment="", by=by, now=now)
        else:
            by = self.holder(unit, f"reviewer_{step.level}")
            reviews.approve(step, seen_sha256=sha256, comment=APPROVALS[step.pk % len(APPROVALS)], by=by, now=now)


def _halting(rows: Sequence[ArticleText], *, most: int) -> Iterator[str]:
    """Every third of the newest, so that the public pages are of today too; of the city office's (whose people the demo names) every second.

    The newest headlines of the portal are not held back: they are what a visitor sees first.
    """
    headlines = [text.source_id for text in rows if text.unit_key == CITY_OFFICE_KEY and text.role == "news"][-3:]
    free = [text for text in rows if text.source_id not in headlines]
    yield from (text.source_id for text in free[-3 * most :: 3])
    office = [text for text in free if text.unit_key == CITY_OFFICE_KEY]
    yield from (text.source_id for text in office[-2 * len(STOPS) :: 2])


def moment(text: ArticleText) -> datetime:
    """When the article was signed: its day, some minute of office hours that depends on the text alone; never in the future."""
    minute = crc32(text.source_id.encode()) % (8 * 60)
    at = datetime.combine(text.published_on, datetime.min.time(), tzinfo=timezone.get_default_timezone()) + timedelta(hours=9, minutes=minute)
    return min(at, timezone.now() - timedelta(minutes=1))


def _draft(filler: Filler, article: Article, signed_at: datetime) -> None:
    """Left as a draft."""


def _submit(filler: Filler, article: Article, signed_at: datetime) -> Turn:
    return articles.submit(article, by=article.created_by, now=signed_at - timedelta(hours=28))


def _pass(filler: Filler, article: Article, signed_at: datetime, *, most: int = 99) -> Turn:
    turn = _submit(filler, article, signed_at)
    for taken in range(most):
        step = turn.steps.filter(status=DUE).select_related("turn__unit").first()
        if step is None:
            break
        filler.take(step, now=signed_at - timedelta(hours=24 - 3 * taken))
    return turn


def _proofread(filler: Filler, article: Article, signed_at: datetime) -> None:
    _pass(filler, article, signed_at, most=1)


def _half_way(filler: Filler, article: Article, signed_at: datetime) -> None:
    _pass(filler, article, signed_at, most=3)


def _returned(filler: Filler, article: Article, signed_at: datetime) -> None:
    turn = _pass(filler, article, signed_at, most=1)
    step = turn.steps.filter(status=DUE).select_related("turn__unit").get()
    by = filler.holder(article.unit, f"reviewer_{step.level}")
    reviews.send_back(step, seen_sha256=turn.content_sha256, comment=RETURN_COMMENT, by=by, now=signed_at - timedelta(hours=2))


def _ready(filler: Filler, article: Article, signed_at: datetime) -> None:
    _pass(filler, article, signed_at)


def _sign(filler: Filler, article: Article, signed_at: datetime) -> None:
    turn = _pass(filler, article, signed_at)
    releases.sign(article, seen_sha256=turn.content_sha256, by=filler.holder(article.unit, Role.CHIEF_EDITOR), now=signed_at)


STOPS: tuple[Callable[[Filler, Article, datetime], Any], ...] = (_submit, _proofread, _half_way, _ready, _returned, _draft)

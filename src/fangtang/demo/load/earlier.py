"""Articles "from the former website", for as large a city as one wants: through the import, marked as not reviewed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from fangtang.articles.importing.load import Outcome, Source, load
from fangtang.articles.importing.markup import Block
from fangtang.articles.importing.rows import ArticleDraft
from fangtang.demo import city, sections, texts
from fangtang.demo.load.filling import moment
from fangtang.demo.texts import blocks
from fangtang.demo.texts.blocks import ArticleText
from fangtang.people.models import User
from fangtang.people.queries import today

Track = Callable[..., Iterator[list[Outcome]]]
TEXT_ONLY = (blocks.RichText, blocks.Heading, blocks.Table, blocks.Quotation)


def fill(size: int, *, seed: int, written: int, progress: Track) -> None:
    """Bring the number of articles up to `size`. A second call goes on where the first ended.

    `written` is how many of the sequence passed their review here; what follows them is taken over.
    """
    if size <= written:
        return
    now = timezone.now()
    source = Source(origin="demo.former_website", file_name="former-website", by=User.objects.get(username="wei"), now=now)
    rows = islice(texts.articles(seed, today(now), size), written, size)
    drafts = (draft(text, line=number) for number, text in enumerate(rows, start=1))
    for _ in progress(load(drafts, source=source, is_rehearsal=False), total=(size - written) // 200 + 1, title=f"{size - written} earlier articles"):
        pass


def draft(text: ArticleText, *, line: int) -> ArticleDraft:
    """What an export of the former website would have said: words and tables, no pictures."""
    home = city.by_key()[text.site_key]
    slug = sections.slug_for(home.kind, role=text.role)
    return ArticleDraft(
        line=line,
        source_id=text.source_id,
        title=text.title,
        blocks=tuple(_block(block) for block in text.blocks if isinstance(block, TEXT_ONLY)),
        unit_key=text.unit_key,
        sections=(f"{home.host}/{ADDRESSES[home.kind][slug]}",),
        shown_at=moment(text),
        kind=text.kind,
        summary=text.summary,
        source=text.source,
        author=text.author,
        document_number=text.document_number,
        issuing_body=text.issuing_body,
        keywords="、".join(text.keywords),
    )


def _addresses(rows: Iterable[sections.SectionRow], above: str = "") -> Iterator[tuple[str, str]]:
    for row in rows:
        yield row.slug, above + row.slug
        yield from _addresses(row.children, f"{above}{row.slug}/")


ADDRESSES = {kind: dict(_addresses(tree)) for kind, tree in sections.TREES.items()}


def _block(block: Any) -> Block:
    match block:
        case blocks.RichText(html):
            return Block("text", html)
        case blocks.Heading(level, text):
            return Block("heading", {"text": text, "level": str(level)})
        case blocks.Quotation(text, cite):
            return Block("quotation", {"text": text, "cite": cite})
        case _:
            rows = [list(block.header), *(list(row) for row in block.rows)]
            return Block("table", {"data": rows, "first_row_is_table_header": True, "first_col_is_header": False, "table_caption": block.caption})

"""What the city publishes: hand-written articles first, then as many as wanted from the writers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count as counting
from itertools import islice

from fangtang.demo import chance
from fangtang.demo.texts import reading, writers
from fangtang.demo.texts.blocks import ArticleText
from fangtang.demo.texts.composing import Composer
from fangtang.demo.texts.writers import Writer

__all__ = ["ArticleText", "articles"]


def articles(seed: int, today: date, count: int) -> Iterator[ArticleText]:
    """`count` articles of the two years up to `today`, titles all different; the first of them do not depend on `count`."""
    return islice(_endless(seed, today), count)


def _endless(seed: int, today: date) -> Iterator[ArticleText]:
    written = [manuscript.dated(today) for manuscript in reading.manuscripts()]
    yield from written
    rng = chance.stream(seed, "articles")
    composer = Composer(rng, today, {article.title for article in written})
    number = len(written)
    for turn in counting():
        for writer in rng.sample(_on_duty(turn), len(_on_duty(turn))):
            number += 1
            yield composer.composed(writer, number=turn, source_id=f"fangtang-{number:06d}")


def _on_duty(turn: int) -> list[Writer]:
    """The writers of one round: those whose ways are not mixed rest for a while when they have said everything once."""
    return [writer for writer in writers.writers() if not writer.is_aligned or turn < writer.breadth or turn >= REST_UNTIL]


REST_UNTIL = 16  # rounds; by then the mixing writers begin to repeat themselves too

"""What one call did, the time it goes by, and how it goes on when one site or article is broken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.db import Error as DatabaseTrouble

from fangtang.kernel.errors import Unavailable
from fangtang.kernel.text import shortened
from fangtang.snapshots.effects.journal import Journal

logger = logging.getLogger(__name__)

SITE_BROKEN, ARTICLE_BROKEN = "snapshots.site_broken", "snapshots.article_broken"
NOT_PREPARED, BUILDER_DIED = "snapshots.not_prepared", "snapshots.builder_died"
REASON_MOST = 200


Progress = Callable[[str, int, int], None]
"""Told while a site is built whole: its key, how many of its pages and files are drawn, of how many."""


def no_progress(site_key: str, done: int, total: int) -> None:
    """For whoever does not look."""


@dataclass(slots=True)
class Outcome:
    """What one call did. `broken_sites` and `broken_articles` say by id why they could not be built; `waiting` are releases that wait for them,
    each with the reason: left for the next call."""

    served: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    built_whole: list[str] = field(default_factory=list)
    files: int = 0
    broken_sites: dict[int, Unavailable] = field(default_factory=dict)
    broken_articles: dict[int, Unavailable] = field(default_factory=dict)
    waiting: dict[int, Unavailable] = field(default_factory=dict)
    whole: dict[int, Journal] = field(default_factory=dict)
    """Sites that are being built whole just now: what changes there meanwhile is drawn again at the end."""
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of the call, going on from there: effects read no clock of their own."""

    started: datetime
    monotonic: float

    def now(self) -> datetime:
        return self.started + timedelta(seconds=monotonic() - self.monotonic)


OF_ALL = frozenset(f"snapshots.{name}" for name in ("store_full", "store_unwritable", "key_unreadable", "key_not_trusted", "trust_lost", "trust_differs"))


def is_shared(error: Exception) -> bool:
    """Whether this is trouble with what all sites share, a database or disk that is away or full, a key that signs nothing: it ends the call."""
    return isinstance(error, DatabaseTrouble) or (isinstance(error, Unavailable) and error.code in OF_ALL)


@contextmanager
def apart(broken: dict[int, Unavailable], pk: int, code: str, **about: object) -> Iterator[None]:
    """Let what goes wrong inside concern only this site or article: logged with its traceback and noted in `broken`. Shared trouble goes on."""
    try:
        yield
    except Exception as error:
        if is_shared(error):
            raise
        logger.exception("%s: %s", code, about)
        broken[pk] = unavailable(code, error, **about)


def unavailable(code: str, error: Exception, **about: object) -> Unavailable:
    """An unexpected error as rows keep it: `reason` is one line."""
    return Unavailable(code, permanent=False, **about, reason=shortened(f"{type(error).__name__}: {error}", most=REASON_MOST))

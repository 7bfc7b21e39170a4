"""Two people decide at the same instant: one wins, the other is told; on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.kernel.errors import FangtangError, NotPossible
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.releases.models import Counter, Release, Standing
from fangtang.reviews import actions as reviews
from fangtang.reviews import states
from tests import factories
from tests.factories import NOW
from tests.reviews import rounds

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.slow]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same instant, each in a thread and connection of its own; what each returned or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[index] = act()
        except FangtangError as refused:
            results[index] = refused
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(results)


@pytest.fixture(autouse=True)
def _real_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """SQLite in memory has other locks than a file: the test database is copied into one, and used there."""
    if connection.vendor != "sqlite" or "mode=memory" not in str(connection.settings_dict["NAME"]):
        yield
        return
    memory, values = connections["default"], connections.settings["default"]
    memory.ensure_connection()
    with sqlite3.connect(tmp_path / "city.sqlite3") as target:
        memory.connection.backup(target)
    name, values["NAME"] = values["NAME"], str(tmp_path / "city.sqlite3")
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    connections["default"], values["NAME"] = memory, name


def test_one_of_two_signers_wins() -> None:
    office = factories.office()
    feng = factories.person("feng", Role.CHIEF_EDITOR, office.unit)
    article, turn = rounds.passed(office)

    results = at_once(*(lambda by=by: releases.sign(article, seen_sha256=turn.content_sha256, by=by, now=NOW) for by in (office.fang, feng)))

    assert sorted(type(result).__name__ for result in results) == ["NotPossible", "Release"]
    assert (Release.objects.count(), Standing.objects.count()) == (1, 1)


def test_numbers_of_articles_signed_at_once_are_distinct() -> None:
    office = factories.office()
    ready = [rounds.passed(office) for _ in range(4)]

    results = at_once(*(lambda a=a, t=t: releases.sign(a, seen_sha256=t.content_sha256, by=office.fang, now=NOW) for a, t in ready))

    assert all(isinstance(result, Release) for result in results), results
    assert sorted(Standing.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Counter.objects.get().number == 4


def test_one_of_two_verdicts_wins() -> None:
    office = factories.office()
    chang = factories.person("chang", Role.REVIEWER_1, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    step = rounds.due(turn)
    seen = turn.content_sha256

    results = at_once(
        lambda: reviews.approve(step, seen_sha256=seen, comment="", by=office.reviewers[0], now=NOW),
        lambda: reviews.send_back(type(step).objects.get(pk=step.pk), seen_sha256=seen, comment="no", by=chang, now=NOW),
    )

    assert sum(isinstance(result, NotPossible) for result in results) == 1
    assert turn.steps.filter(status__in=(states.APPROVED, states.SENT_BACK)).count() == 1


def test_an_edit_and_a_signature_at_once_leave_one_truth() -> None:
    office = factories.office()
    article, turn = rounds.passed(office)
    edited = Article.objects.get(pk=article.pk)
    edited.title = "同时改的标题"

    at_once(
        lambda: releases.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW),
        lambda: articles.save(edited, seen_revision_id=edited.latest_revision_id, by=office.an, now=NOW),
    )

    turn.refresh_from_db()
    assert turn.status in (states.RELEASED, states.SUPERSEDED)
    assert Release.objects.exists() == (turn.status == states.RELEASED)

"""Whoever wrote a text does not judge it either when it comes again: released once and withdrawn, or brought back from its history."""

from __future__ import annotations

import pytest

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.kernel.errors import NotPossible
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.reviews.models import Turn
from tests import factories
from tests.factories import NOW, Office
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    rounds.plan("proofread:1", "review:1")
    return factories.office()


@pytest.fixture
def ed(office: Office) -> User:
    """Writes on some days, proofreads on others."""
    ed = factories.person("ed", Role.EDITOR, office.unit)
    factories.post(ed, Role.PROOFREADER, office.unit)
    return ed


def saved(article: Article, title: str, *, by: User) -> Article:
    article = Article.objects.get(pk=article.pk)
    article.title = title
    articles.save(article, seen_revision_id=article.latest_revision_id, by=by, now=NOW)
    return article


def signed(article: Article, office: Office) -> None:
    turn = rounds.read_through(articles.submit(article, by=office.an, now=NOW), office)
    releases.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW)


def refused(turn: Turn, by: User) -> bool:
    with pytest.raises(NotPossible) as found:
        rounds.take(rounds.due(turn), by=by)
    return [obstacle.code for obstacle in found.value.obstacles] == ["reviews.wrote_it"]


def test_a_text_that_was_withdrawn_and_comes_again_unchanged(office: Office, ed: User) -> None:
    article = saved(factories.article(by=office.an, unit=office.unit, sections=(office.section,)), "艾德写的", by=ed)
    signed(saved(article, "艾德写的，小安改了", by=office.an), office)
    releases.withdraw(article, reason="有误", by=office.fang, now=NOW)

    again = articles.submit(Article.objects.get(pk=article.pk), by=office.an, now=NOW)

    assert refused(again, by=ed)


def test_a_text_that_was_never_released_and_is_brought_back(office: Office, ed: User) -> None:
    article = saved(factories.article(by=office.an, unit=office.unit, sections=(office.section,)), "艾德写的", by=ed)
    eds = article.latest_revision
    signed(saved(article, "小安写的", by=office.an), office)
    newest = Article.objects.get(pk=article.pk).latest_revision_id

    articles.save(eds.as_object(), seen_revision_id=newest, by=office.an, now=NOW, reverted_to=eds)
    again = articles.submit(saved(article, "艾德写的，小安改了", by=office.an), by=office.an, now=NOW)

    assert refused(again, by=ed)


def test_after_a_signature_others_changes_do_not_bar(office: Office, ed: User) -> None:
    """What was read and signed is settled: its writers may read what others write on top of it."""
    article = saved(factories.article(by=office.an, unit=office.unit, sections=(office.section,)), "艾德写的", by=ed)
    signed(article, office)

    again = articles.submit(saved(article, "小安改的", by=office.an), by=office.an, now=NOW)

    rounds.take(rounds.due(again), by=ed)

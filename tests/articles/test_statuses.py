"""Where an article is: the two ways of asking agree."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fangtang.articles import actions, statuses
from fangtang.articles.models import Article
from fangtang.reviews import states
from fangtang.reviews.models import Turn
from tests import factories
from tests.articles.forms import signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_each_stage_is_found_by_the_list_and_by_the_article_itself() -> None:
    office = factories.office()
    expected = {"draft": None, "in_review": states.OPEN, "ready": states.PASSED, "returned": states.RETURNED}
    for stage, status in expected.items():
        article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), title=stage)
        if status:
            turn = actions.submit(article, by=office.an, now=NOW)
            Turn.objects.filter(pk=turn.pk).update(status=status)

    for stage in expected:
        found = statuses.having(Article.objects.all(), stage)
        assert [article.title for article in found] == [stage]
        assert statuses.stage_of(found[0]) == stage


def test_a_turn_ended_by_an_edit_leaves_a_draft() -> None:
    office = factories.office()
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    actions.submit(article, by=office.an, now=NOW)
    article.save_revision(user=office.an)

    assert statuses.stage_of(article) == "draft"


def test_an_unknown_status_is_none() -> None:
    with pytest.raises(KeyError):
        statuses.having(Article.objects.all(), "no_such_status")


def test_articles_changed_at_the_same_moment_stand_on_one_page_each() -> None:
    office = factories.office()
    for number in range(31):
        factories.article(by=office.an, unit=office.unit, sections=(office.section,), title=f"第{number}条")
    Article.objects.update(changed_at=NOW)
    pages = [signed_in(office.an).get(reverse("articles:list"), {"p": number}).context["page_obj"] for number in (1, 2)]

    shown = [article.pk for page in pages for article in page]
    assert shown == sorted(Article.objects.values_list("pk", flat=True), reverse=True)

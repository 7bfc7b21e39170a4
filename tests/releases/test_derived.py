"""Standings and addresses follow from the releases: whatever was signed and withdrawn, recomputing gives the stored rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangtang.articles import actions as articles
from fangtang.articles.models import Article, Placement
from fangtang.releases import actions as releases
from fangtang.releases import queries
from fangtang.releases.models import Address, Standing
from tests import factories
from tests.factories import NOW, Office
from tests.releases import rebuild
from tests.reviews import rounds

pytestmark = pytest.mark.django_db

ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),  # which article
        st.sampled_from(("release", "release", "withdraw", "withdraw with notice")),
        st.sets(st.integers(0, 3), min_size=1),  # sections
        st.sampled_from((None, datetime(2026, 1, 31, 16, 30, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC))),  # shown_at
    ),
    min_size=1,
    max_size=5,
)


class City:
    """One office whose unit may place articles in four sections of three sites."""

    def __init__(self) -> None:
        self.office: Office = factories.office()
        partner = factories.site(unit=factories.unit())
        second = factories.site(unit=self.office.unit)
        elsewhere = factories.section(partner)
        elsewhere.contributors.add(self.office.unit)
        self.sections = (elsewhere, factories.section(partner), self.office.section, factories.section(second))
        self.sections[1].contributors.add(self.office.unit)
        rounds.plan("review:1")
        self.articles = [factories.article(by=self.office.an, unit=self.office.unit) for _ in range(2)]

    def release(self, article: Article, *, sections: list[int], now: datetime, shown_at: datetime | None = None) -> None:
        article = Article.objects.get(pk=article.pk)
        article.placements = [Placement(section=self.sections[index]) for index in sections]
        article.shown_at = shown_at
        articles.save(article, seen_revision_id=article.latest_revision_id, by=self.office.an, now=now)
        turn = articles.submit(article, by=self.office.an, now=now)
        rounds.read_through(turn, self.office)
        releases.sign(article, seen_sha256=turn.content_sha256, by=self.office.fang, now=now)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_recomputing_gives_the_stored_rows(acts: list[tuple[int, str, set[int], datetime | None]]) -> None:
    with transaction.atomic():
        city = City()
        for hour, (which, act, sections, shown_at) in enumerate(acts):
            now = NOW + timedelta(hours=hour)
            article = city.articles[which]
            if act == "release":
                city.release(article, sections=sorted(sections), now=now, shown_at=shown_at)
            elif queries.is_standing(article):
                notice = "taken down" if "notice" in act else ""
                releases.withdraw(article, reason="why", public_notice=notice, by=city.office.fang, now=now)
        assert rebuild.stored() == rebuild.rebuilt()
        transaction.set_rollback(True)


def test_numbers_are_never_given_twice() -> None:
    city = City()
    one, two = city.articles
    city.release(one, sections=[2], now=NOW)
    releases.withdraw(one, reason="why", by=city.office.fang, now=NOW)
    city.release(two, sections=[2], now=NOW)
    city.release(one, sections=[2], now=NOW)

    assert dict(Standing.objects.values_list("article_id", "number")) == {two.pk: 2, one.pk: 3}


def test_a_kept_placement_keeps_its_number_and_a_removed_one_is_taken_down() -> None:
    city = City()
    one, two = city.articles
    city.release(one, sections=[2, 3], now=NOW)
    city.release(two, sections=[2], now=NOW)
    city.release(one, sections=[2], now=NOW + timedelta(days=1))

    assert set(Standing.objects.filter(article=one).values_list("section_id", "number")) == {(city.sections[2].pk, 1)}
    assert Address.objects.get(article=one, site=city.sections[3].site).is_current is False


def test_the_address_takes_the_month_of_the_body_and_an_old_one_stays_known() -> None:
    """2026-01-31 16:30 UTC is February in Shanghai."""
    city = City()
    one = city.articles[0]
    city.release(one, sections=[2], now=NOW, shown_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    city.release(one, sections=[2], now=NOW, shown_at=datetime(2026, 3, 1, tzinfo=UTC))

    rows = list(Address.objects.filter(article=one).order_by("pk").values_list("path", "is_current", "is_canonical"))
    assert rows == [(f"news/202602/{one.pk}.html", False, False), (f"news/202603/{one.pk}.html", True, True)]


def test_the_canonical_address_is_the_one_on_the_articles_own_site() -> None:
    city = City()
    city.release(city.articles[0], sections=[0, 2], now=NOW)
    city.release(city.articles[1], sections=[0, 1], now=NOW)

    canonical = dict(Address.objects.filter(is_canonical=True).values_list("article_id", "site_id"))
    assert canonical == {city.articles[0].pk: city.office.site.pk, city.articles[1].pk: city.sections[0].site_id}
    assert Address.objects.filter(article=city.articles[1]).count() == 1


def test_a_notice_keeps_the_address() -> None:
    city = City()
    city.release(city.articles[0], sections=[2], now=NOW)
    releases.withdraw(city.articles[0], reason="why", public_notice="taken down", by=city.office.fang, now=NOW)

    assert Address.objects.get().is_current
    assert not Standing.objects.exists()

"""Several releases of one article wait together and the newest cannot be prepared: what was good last stands, and every release says the truth."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fangtang.articles.models import Article
from fangtang.releases.models import Release
from fangtang.releases.states import DECIDED, FAILED, SERVED
from fangtang.snapshots import effects
from fangtang.snapshots.models import Listed, Shown
from tests import factories
from tests.snapshots import making
from tests.snapshots.test_after_failing import picture

pytestmark = pytest.mark.django_db
NOW = making.NOW


def fresh(article: Article, title: str = "") -> Article:
    article = Article.objects.get(pk=article.pk)
    article.title = title or article.title
    return article


def released_broken(article: Article, *, by, title: str = "第二版", now=NOW) -> Release:
    """A new version that cannot be prepared: its picture is gone after the decision."""
    shown = picture()
    article = fresh(article, title)
    article.lead_image = shown
    article.save()
    made = making.release(article, by=by, now=now)
    Path(shown.file.path).unlink()
    return made


def states(*releases: Release) -> list[str]:
    return [Release.objects.get(pk=release.pk).status for release in releases]


def page(key: str, path: str) -> str:
    return (effects.store().read(key, path) or b"").decode()


def test_the_first_stands_when_the_second_cannot(office):
    article = making.article(office.section, by=office.an, title="第一版")
    first = making.release(article, by=office.an)
    second = released_broken(article, by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, outcome.failed, states(first, second)) == ([first.pk], [second.pk], [SERVED, FAILED])
    assert Release.objects.get(pk=second.pk).error_code == "snapshots.media_gone"
    shown = Shown.objects.get()
    assert (shown.release_id, shown.title) == (first.pk, "第一版")
    assert "第一版" in page("education", shown.path)
    assert "第一版" in page("education", "news/index.html")
    again = effects.build_waiting(now=NOW)
    assert (again.files, again.built_whole) == (0, [])


def test_it_stands_where_it_said_itself(office):
    """The newer version had moved to another section of another site: none of that shows."""
    water = factories.site("water", unit=office.unit)
    notices, city = factories.section(water, "notices"), factories.section(office.site, "city", under=office.section)
    article = making.article(office.section, city, by=office.an, title="第一版")
    first = making.release(article, by=office.an)
    making.place(fresh(article, "第二版"), notices)
    released_broken(article, by=office.an)

    effects.build_waiting(now=NOW)

    shown = Shown.objects.get()
    assert (shown.site_id, shown.section_id, shown.canonical_site_id, shown.release_id) == (office.site.pk, office.section.pk, office.site.pk, first.pk)
    assert shown.path == f"news/202611/{article.pk}.html"
    assert set(Listed.objects.values_list("section", flat=True)) == {office.section.pk, city.pk}
    assert "第一版" in page("education", shown.path)
    assert not page("water", f"notices/202611/{article.pk}.html")


def test_the_second_goes_out_when_it_can_be_prepared(office):
    article = making.article(office.section, by=office.an, title="第一版")
    making.release(article, by=office.an)
    second = released_broken(article, by=office.an)
    gone = Path(fresh(article).lead_image.file.path)
    effects.build_waiting(now=NOW)
    from_before = picture()  # the same bytes again
    gone.write_bytes(Path(from_before.file.path).read_bytes())
    effects.retry([second.pk])

    assert effects.build_waiting(now=NOW).served == [second.pk]
    assert "第二版" in page("education", Shown.objects.get().path)


def test_what_was_withdrawn_comes_down_though_the_version_after_it_cannot_be_prepared(office):
    article = making.article(office.section, by=office.an, title="第一版")
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    path = Shown.objects.get().path
    withdrawal = making.withdraw(article, by=office.an)
    corrected = released_broken(article, by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, outcome.failed, states(withdrawal, corrected)) == ([withdrawal.pk], [corrected.pk], [SERVED, FAILED])
    assert not page("education", path)
    assert not Shown.objects.exists()


def test_its_notice_stays_where_it_stood(office):
    article = making.article(office.section, by=office.an, title="第一版")
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    path = Shown.objects.get().path
    making.withdraw(article, by=office.an, notice="内容有误，现予更正。")
    city = factories.section(office.site, "city")
    making.place(fresh(article, "第二版"), city)
    released_broken(article, by=office.an)

    effects.build_waiting(now=NOW)

    assert "内容有误，现予更正。" in page("education", path)
    assert Shown.objects.get().is_withdrawn


def test_a_failed_withdrawal_lets_nothing_come_back(office):
    """Its builders died; what the article follows is still the withdrawal."""
    article = making.article(office.section, by=office.an, title="第一版")
    first = making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    withdrawal = making.withdraw(article, by=office.an)
    effects.build_waiting(now=NOW)
    Release.objects.filter(pk=withdrawal.pk).update(status=FAILED, error_code="snapshots.builder_died")
    Release.objects.filter(pk=first.pk).update(status=DECIDED)

    effects.build_waiting(now=NOW)

    assert not Shown.objects.exists()


def test_an_opening_of_what_stands_comes_while_the_newer_one_failed(office):
    article = making.article(office.section, by=office.an, title="第一版", shown_at=NOW)
    making.place(article, office.section, visible_from=NOW + timedelta(hours=1), visible_until=NOW + timedelta(hours=2))
    making.release(article, by=office.an)
    released_broken(article, by=office.an)
    stood = []
    for hours in (0, 1, 2):
        effects.build_waiting(now=NOW + timedelta(hours=hours))
        stood.append(list(Shown.objects.values_list("title", flat=True)))
    assert stood == [[], ["第一版"], []]

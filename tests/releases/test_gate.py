"""The gate names everything at once, in whole sentences, with who can clear it."""

from __future__ import annotations

import pytest

from fangtang.kernel.errors import NotAllowed, NotPossible
from fangtang.notices.models import Notice
from fangtang.outlets.models import Section
from fangtang.people.models import Post
from fangtang.people.roles import Role
from fangtang.releases import actions, presenters, queries, states, telling
from fangtang.releases.models import Release
from tests import factories
from tests.factories import NOW, TODAY
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


def test_all_obstacles_are_named_at_once_with_who_clears_them() -> None:
    office = factories.office()
    operator = factories.person("operator", Role.OPERATOR, factories.unit())
    manager = factories.person("manager", Role.SITE_MANAGER, office.unit)
    article, _turn = rounds.submitted(office, steps=("proofread:1", "review:1"))
    Post.objects.filter(user=office.reviewers[0]).update(ends_on=TODAY.replace(year=2025))
    Section.objects.update(closed_at=NOW)
    article.__class__.objects.update(trashed_at=NOW)

    found = {one.code: one for one in queries.obstacles(article, verb="sign", by=office.fang, now=NOW)}

    assert list(found) == ["releases.in_bin", "releases.step_waits", "releases.nobody_for_step", "releases.section_closed"]
    assert set(found["releases.step_waits"].clearers) == {person.pk for person in office.proofreaders}
    assert found["releases.nobody_for_step"].clearers == (operator.pk,)
    assert set(found["releases.section_closed"].clearers) == {office.an.pk, manager.pk}
    assert presenters.sentence(found["releases.section_closed"]) == "The section “news” of “education site” is closed."
    assert presenters.sentence(found["releases.step_waits"]) == "Proofread 1 is still to be taken."
    assert str(manager) in presenters.clearers(found["releases.section_closed"])


def test_an_article_that_nobody_submitted_is_sent_to_its_editors() -> None:
    office = factories.office()
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))

    (only,) = queries.obstacles(article, verb="sign", by=office.fang, now=NOW)

    assert (only.code, only.clearers) == ("releases.not_submitted", (office.an.pk,))


def test_what_passed_meets_no_obstacle_and_what_stands_nowhere_cannot_come_down() -> None:
    office = factories.office()
    article, _turn = rounds.passed(office)

    assert queries.obstacles(article, verb="sign", by=office.fang, now=NOW) == ()
    with pytest.raises(NotPossible, match="stands_nowhere"):
        actions.withdraw(article, reason="why", by=office.fang, now=NOW)


def test_a_failed_release_is_told_and_tried_again() -> None:
    office = factories.office()
    operator = factories.person("operator", Role.OPERATOR, office.unit)
    _article, release = rounds.released(office)
    with pytest.raises(NotPossible):
        actions.retry(release, by=office.fang, now=NOW)
    Release.objects.update(status=states.FAILED, error_code="snapshots.not_prepared")
    release.refresh_from_db()

    telling.failed(release, now=NOW)
    assert set(Notice.objects.filter(code="release.failed").values_list("to_id", flat=True)) == {office.fang.pk, operator.pk}
    for person in (office.an, office.mo):
        with pytest.raises(NotAllowed):
            actions.retry(release, by=person, now=NOW)
    actions.retry(release, by=operator, now=NOW)

    release.refresh_from_db()
    assert (release.status, release.error_code, release.attempts) == (states.DECIDED, "", 0)

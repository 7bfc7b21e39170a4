"""Taking over what was public before: in bulk, in order, and no door past the review."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fangtang.articles import actions as articles
from fangtang.articles import content
from fangtang.articles.models import Article, Placement, Provenance
from fangtang.kernel.errors import NotAllowed, NotPossible
from fangtang.outlets import actions as outlets
from fangtang.people.roles import Role
from fangtang.releases import actions, registry
from fangtang.releases.legacy import adopt_imported
from fangtang.releases.models import Release, Standing
from fangtang.releases.presenters import sentence
from tests import factories
from tests.factories import NOW, Office
from tests.releases import rebuild

pytestmark = pytest.mark.django_db


def imported(office: Office, number: int) -> Article:
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), shown_at=NOW - timedelta(days=number))
    article.latest_revision.refresh_from_db()
    sha256 = content.content_sha256(article.latest_revision)
    Provenance.objects.create(
        article=article, origin="old", source_id=str(number), file_name="f", line=number, row_sha256="0" * 64, imported_sha256=sha256, imported_at=NOW
    )
    return article


def test_numbers_run_from_the_oldest(django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch) -> None:
    office = factories.office()
    called: list[int] = []
    monkeypatch.setattr(registry.decided, "_things", {"test": called.append})
    some = [imported(office, days) for days in (3, 1, 2)]

    with django_capture_on_commit_callbacks(execute=True):
        made = actions.adopt_legacy(some, by=None, now=NOW)

    assert dict(Standing.objects.values_list("article_id", "number")) == {some[0].pk: 1, some[2].pk: 2, some[1].pk: 3}
    assert {release.kind for release in made} == {"legacy"}
    assert rebuild.stored() == rebuild.rebuilt()
    assert called == [made[-1].pk]


def test_nothing_else_gets_past_the_review() -> None:
    office = factories.office()
    written = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    edited = imported(office, 1)
    edited.title = "改过的标题"
    edited.save_revision(user=office.an)
    fine = imported(office, 2)

    with pytest.raises(NotPossible) as refused:
        actions.adopt_legacy([written, edited, fine], by=None, now=NOW)
    assert {obstacle.code for obstacle in refused.value.obstacles} == {"releases.not_imported", "releases.edited_since_import"}
    assert not Release.objects.exists()

    actions.adopt_legacy([fine], by=None, now=NOW)
    with pytest.raises(NotPossible):
        actions.adopt_legacy([fine], by=None, now=NOW)


def test_what_lies_in_the_bin_or_a_closed_section_is_not_taken_over() -> None:
    office = factories.office()
    binned, shut, fine = (imported(office, number) for number in (1, 2, 3))
    articles.trash(binned, by=office.an, now=NOW)
    closed = factories.section(office.site, "old", name="旧栏目")
    Placement.objects.filter(article=shut).update(section=closed)
    outlets.close_section(closed, by=None, now=NOW)

    with pytest.raises(NotPossible) as refused:
        actions.adopt_legacy([binned, shut, fine], by=None, now=NOW)

    assert [obstacle.code for obstacle in refused.value.obstacles] == ["releases.section_closed", "releases.in_bin"]
    assert ["旧栏目" in sentence(obstacle) for obstacle in refused.value.obstacles] == [True, False]
    assert not Release.objects.exists()

    adopt_imported(origin="old", by=factories.person("op", Role.OPERATOR, office.unit), now=NOW)
    assert list(Release.objects.values_list("article_id", flat=True)) == [fine.pk]


def test_only_operators_and_site_managers_of_the_unit_take_over() -> None:
    office, other = factories.office(), factories.office("water")
    article = imported(office, 1)
    for person in (office.an, office.fang, factories.person("else", Role.OPERATOR, other.unit)):
        with pytest.raises(NotAllowed):
            actions.adopt_legacy([article], by=person, now=NOW)

    assert len(actions.adopt_legacy([article], by=factories.person("op", Role.OPERATOR, office.unit), now=NOW)) == 1

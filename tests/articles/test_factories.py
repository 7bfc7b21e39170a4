"""The builders build."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.mark.django_db
def test_an_article_has_a_revision_with_its_placements() -> None:
    office = factories.office()

    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))

    content = article.latest_revision.content
    assert [placement["section"] for placement in content["placements"]] == [office.section.pk]

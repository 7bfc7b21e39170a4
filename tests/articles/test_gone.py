"""Old revisions name pictures and sections that are gone since; they can still be read, compared and brought back."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image

from fangtang.articles import actions
from fangtang.articles.models import Article, Placement
from fangtang.media.actions import shelf_for
from fangtang.media.models import Picture
from fangtang.outlets import actions as outlets
from fangtang.outlets.models import Section
from fangtang.releases import queries as releases
from tests import factories
from tests.articles.forms import signed_in
from tests.factories import NOW
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


def test_the_history_of_an_article_outlives_what_it_showed() -> None:
    office = factories.office()
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(drawn, "PNG")
    shown = Picture.objects.create(
        title="方塘", description="一方水塘", collection=shelf_for(office.unit), file=ImageFile(BytesIO(drawn.getvalue()), name="a.png")
    )
    second = factories.section(office.site, "second")
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section, second), lead_image=shown)
    first = article.latest_revision
    article = Article.objects.get(pk=article.pk)
    article.lead_image = None
    article.placements = [Placement(section=office.section)]
    actions.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    shown.delete()
    outlets.delete_section(second, by=None, now=NOW)
    an = signed_in(office.an)

    for name in ("revisions_view", "revisions_revert"):
        assert an.get(reverse(f"articles:{name}", args=[article.pk, first.pk])).status_code == 200
    assert an.get(reverse("articles:revisions_compare", args=[article.pk, first.pk, "latest"])).status_code == 200


def test_a_section_deleted_behind_our_back_while_an_article_waits_is_named() -> None:
    office = factories.office()
    article, _turn = rounds.passed(office)
    Placement.objects.filter(article=article).delete()
    Section.objects.filter(pk=office.section.pk).delete()

    found = [obstacle.code for obstacle in releases.obstacles(article, verb="sign", by=office.fang, now=NOW)]

    assert found == ["releases.section_deleted"]

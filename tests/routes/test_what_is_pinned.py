"""Nothing that a release or a reader still needs can be deleted or lost out of reach: pictures, sections, posts, the way to withdraw."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image

from fangtang.articles import actions as articles
from fangtang.articles.models import Article, Placement
from fangtang.kernel.errors import NotPossible
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.outlets import actions as outlets
from fangtang.outlets import presenters as outlet_presenters
from fangtang.people import actions as people
from fangtang.people import presenters as people_presenters
from fangtang.people.models import Post
from fangtang.people.roles import Role
from fangtang.releases import queries as releases
from tests import factories
from tests.articles.forms import signed_in
from tests.factories import NOW, Office
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office()


def picture(office: Office) -> Picture:
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(drawn, "PNG")
    return Picture.objects.create(
        title="方塘", description="一方水塘", collection=shelf_for(office.unit), file=ImageFile(BytesIO(drawn.getvalue()), name="a.png")
    )


def file(office: Office) -> File:
    return File.objects.create(title="附件", collection=shelf_for(office.unit), file=ContentFile(b"%PDF-1.4 pond", name="a.pdf"))


def edited(article: Article, *, by: Any, **fields: Any) -> Article:
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    articles.save(article, seen_revision_id=article.latest_revision_id, by=by, now=NOW)
    return article


PLAIN = [("text", "<p>没有附件了。</p>")]


def test_what_only_a_released_revision_shows_is_not_deleted(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    shown, attached = picture(office), file(office)
    with django_capture_on_commit_callbacks(execute=True):
        article, _release = rounds.released(office, lead_image=shown, body=[("attachment", {"document": attached, "title": ""})])
        edited(article, by=office.an, lead_image=None, body=PLAIN)
    an = signed_in(office.an)

    an.post(reverse("wagtailimages:delete", args=[shown.pk]))
    an.post(reverse("wagtaildocs:delete", args=[attached.pk]))

    assert (Picture.objects.count(), File.objects.count()) == (1, 1)


def test_what_no_release_shows_is_deleted(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    shown, attached = picture(office), file(office)
    with django_capture_on_commit_callbacks(execute=True):
        article = factories.article(
            by=office.an, unit=office.unit, sections=(office.section,), lead_image=shown, body=[("attachment", {"document": attached, "title": ""})]
        )
        edited(article, by=office.an, lead_image=None, body=PLAIN)
    an = signed_in(office.an)

    an.post(reverse("wagtailimages:delete", args=[shown.pk]))
    an.post(reverse("wagtaildocs:delete", args=[attached.pk]))

    assert (Picture.objects.count(), File.objects.count()) == (0, 0)


def test_what_a_text_under_review_shows_is_not_deleted_though_no_index_knows_of_it(office: Office) -> None:
    attached = file(office)
    rounds.submitted(office, body=[("attachment", {"document": attached, "title": ""})])

    signed_in(office.an).post(reverse("wagtaildocs:delete", args=[attached.pk]))

    assert File.objects.exists()


def test_who_signed_can_withdraw_while_the_article_moves_to_another_unit(office: Office) -> None:
    article, _release = rounds.released(office)
    other = office.mo.posts.get().unit
    factories.post(office.an, Role.EDITOR, other)
    edited(article, by=office.an, unit=other)
    fang = signed_in(office.fang)

    answer = fang.post(reverse("desk:withdraw", args=[article.pk]), {"reason": "有误", "public_notice": ""})

    assert answer.status_code == 302
    assert fang.get(answer["Location"]).status_code == 200
    assert not releases.is_standing(article)
    assert signed_in(office.mo).get(reverse("desk:withdraw", args=[article.pk])).status_code == 404


def test_a_section_in_which_something_stood_is_closed_not_deleted(office: Office) -> None:
    article, _release = rounds.released(office)
    article = Article.objects.get(pk=article.pk)
    article.placements = [Placement(section=factories.section(office.site, "second"))]
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)

    with pytest.raises(NotPossible) as refused:
        outlets.delete_section(office.section, by=None, now=NOW)

    assert all(" " in outlet_presenters.sentence(obstacle) for obstacle in refused.value.obstacles)


def test_a_post_in_which_somebody_acted_is_not_taken_away(office: Office) -> None:
    rounds.passed(office)
    post = Post.objects.get(user=office.proofreaders[0])

    with pytest.raises(NotPossible) as refused:
        people.dismiss(post, ends_on=date(2019, 1, 1), by=None, now=NOW)

    assert all(people_presenters.sentences(refused.value))
    assert Post.objects.filter(pk=post.pk).exists()

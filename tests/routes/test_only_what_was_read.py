"""Words of the library (a picture's description and credit, a file's title) stand on pages too: only those that were read go out."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.releases import actions
from fangtang.reviews import queries as reviews
from fangtang.snapshots import effects
from fangtang.snapshots.models import Prepared, Shown
from tests import factories
from tests.factories import NOW, Office
from tests.reviews import rounds

pytestmark = pytest.mark.django_db
UNREAD = "没有人审过的话"


@pytest.fixture
def office() -> Office:
    return factories.office()


def picture(office: Office) -> Picture:
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(drawn, "PNG")
    shelf = shelf_for(office.unit)
    return Picture.objects.create(
        title="方塘", description="一方水塘", credit="小安", collection=shelf, file=ImageFile(BytesIO(drawn.getvalue()), name="a.png")
    )


def file(office: Office) -> File:
    return File.objects.create(title="附件一", collection=shelf_for(office.unit), file=ContentFile(b"%PDF-1.4 pond", name="a.pdf"))


def test_words_changed_after_the_approval_do_not_go_out(office: Office) -> None:
    shown, attached = picture(office), file(office)
    body = [("text", "<p>正文。</p>"), ("image", {"image": shown, "alt": "水塘一角"}), ("attachment", {"document": attached, "title": ""})]
    article, turn = rounds.passed(office, lead_image=shown, body=body)
    Picture.objects.update(description=UNREAD, credit=UNREAD)
    File.objects.update(title=UNREAD)

    actions.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW)
    effects.build_waiting(now=NOW)
    effects.forget_prepared()

    page = effects.store().read("education", Shown.objects.get().path)
    assert page is not None
    for word in ("附件一", "一方水塘", "小安"):
        assert word in page.decode()
    assert UNREAD not in page.decode() + str(list(Prepared.objects.values()))


def test_new_words_come_with_the_next_save_and_are_read(office: Office) -> None:
    attached = file(office)
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), body=[("attachment", {"document": attached, "title": ""})])
    before = articles.submit(article, by=office.an, now=NOW)
    File.objects.update(title="附件二")

    article = Article.objects.get(pk=article.pk)
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)

    assert reviews.open_turn_of(article) is None
    again = articles.submit(article, by=office.an, now=NOW)
    assert again.content_sha256 != before.content_sha256

"""What readers read is what goes out: the words a revision kept, every field that the public sees, how it is placed, and pictures on any shelf."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection

from fangtang.articles import actions as articles
from fangtang.articles.models import Article
from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.people.models import Unit
from fangtang.people.roles import Role
from fangtang.releases import actions as releases
from fangtang.reviews import actions as reviews
from fangtang.reviews.models import Turn
from tests import factories
from tests.articles.forms import signed_in
from tests.factories import NOW, Office
from tests.media import drawings
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office()


def picture(unit: Unit, **words: str) -> Picture:
    return Picture.objects.create(title="方塘", collection=shelf_for(unit), file=ContentFile(drawings.png(width=400, height=300), name="a.png"), **words)


def file(unit: Unit, title: str = "附件一") -> File:
    return File.objects.create(title=title, collection=shelf_for(unit), file=ContentFile(b"%PDF-1.4 pond", name="a.pdf"))


def frame(turn: Turn, reader: Any) -> str:
    return signed_in(reader).get(reverse("desk:text", args=[turn.pk])).content.decode()


def assets(page: str) -> set[str]:
    return set(re.findall(r'(?:src|href)="(/desk/(?:uploads|documents)/[^"]+)"', page))


def test_readers_see_the_words_that_were_submitted(office: Office) -> None:
    shown, attached = picture(office.unit, description="交上来的话"), file(office.unit, title="交上来的附件")
    article, turn = rounds.submitted(office, lead_image=shown, body=[("attachment", {"document": attached, "title": ""})])
    Picture.objects.update(description="后来的话")
    File.objects.update(title="后来的附件")

    for page in (
        frame(turn, office.proofreaders[0]),
        signed_in(office.an).get(reverse("articles:revisions_view", args=[article.pk, turn.revision_id])).content.decode(),
    ):
        assert "交上来的话" in page
        assert "交上来的附件" in page
        assert "后来的" not in page


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("short_title", "短题", "短题"),
        ("summary", "一句摘要", "一句摘要"),
        ("source_url", "https://elsewhere.example/x", "https://elsewhere.example/x"),
        ("made_on", date(2011, 3, 4), "2011"),
        ("effective_on", date(2012, 5, 6), "2012"),
        ("issuing_body", "市水务局", "市水务局"),
        ("keywords", "方塘，水", "方塘，水"),
    ],
)
def test_every_public_field_is_on_the_reading_page(office: Office, name: str, value: object, shown: str) -> None:
    _article, turn = rounds.submitted(office, **{name: value})
    page = signed_in(office.proofreaders[0]).get(reverse("desk:step", args=[rounds.due(turn).pk])).content.decode()
    assert shown in page


def test_readers_see_how_it_is_placed(office: Office) -> None:
    rounds.plan("review:1")
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    placement = article.placements.get()
    placement.is_pinned, placement.rank, placement.visible_until = True, 7, datetime(2098, 1, 1, tzinfo=UTC)
    article.placements = [placement]
    articles.save(article, seen_revision_id=article.latest_revision_id, by=office.an, now=NOW)
    turn = articles.submit(article, by=office.an, now=NOW)

    page = signed_in(office.reviewers[0]).get(reverse("desk:step", args=[rounds.due(turn).pk])).content.decode()

    assert "rank 7" in page
    assert "2098" in page


def test_readers_see_pictures_of_another_units_shelf(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    other = office.mo.posts.get().unit
    factories.post(office.an, Role.EDITOR, other)
    body = [("text", "<p>正文。</p>"), ("attachment", {"document": file(other), "title": ""})]
    with django_capture_on_commit_callbacks(execute=True):  # Wagtail's index of what shows what
        _article, turn = rounds.submitted(office, lead_image=picture(other, description="一方水塘"), body=body)
    reader, stranger = office.proofreaders[0], factories.person("stranger", Role.PROOFREADER, factories.unit("third"))

    found = assets(frame(turn, reader))

    assert len(found) >= 2
    assert {signed_in(reader).get(address).status_code for address in found} == {200}
    assert {signed_in(stranger).get(address).status_code for address in found} == {404}


def test_readers_see_a_picture_that_was_moved_to_another_shelf(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    shown = picture(office.unit, description="一方水塘")
    with django_capture_on_commit_callbacks(execute=True):
        _article, turn = rounds.submitted(office, lead_image=shown)
    Picture.objects.update(collection=Collection.objects.get(pk=shelf_for(office.mo.posts.get().unit).pk))

    found = assets(frame(turn, office.proofreaders[0]))

    assert {signed_in(office.proofreaders[0]).get(address).status_code for address in found} == {200}


def test_who_left_the_unit_sees_no_new_text_of_it(office: Office) -> None:
    colleague = factories.person("colleague", Role.EDITOR, office.unit)
    article, _turn = rounds.submitted(office)
    office.an.posts.update(ends_on=date(2021, 1, 1))
    factories.post(office.an, Role.EDITOR, office.mo.posts.get().unit)
    saved(article, by=colleague, title="离开以后的新题目")
    articles.submit(newest(article), by=colleague, now=NOW)

    for address in (reverse("desk:work", args=["mine"]), reverse("desk:work", args=["returned"]), "/desk/"):
        assert "离开以后的新题目" not in signed_in(office.an).get(address).content.decode()


def test_the_page_of_a_release_names_what_went_out(office: Office) -> None:
    article, release = rounds.released(office, title="发出去的题目")
    other = office.mo.posts.get().unit
    factories.post(office.an, Role.EDITOR, other)
    saved(article, by=office.an, unit=other, title="别的单位未发布的题目")

    page = signed_in(office.fang).get(reverse("desk:release", args=[release.pk])).content.decode()

    assert "发出去的题目" in page
    assert "别的单位未发布的题目" not in page


def test_an_older_turn_is_not_compared_with_what_came_later(office: Office) -> None:
    article, first = rounds.submitted(office, steps=("review:1",), title="一")
    saved(article, by=office.an, title="二")
    second = rounds.read_through(articles.submit(newest(article), by=office.an, now=NOW), office)
    releases.sign(newest(article), seen_sha256=second.content_sha256, by=office.fang, now=NOW)

    page = signed_in(office.reviewers[0]).get(reverse("desk:turn", args=[first.pk])).content.decode()

    assert "has not stood in public before" in page


def test_what_came_down_counts_as_unread(office: Office) -> None:
    """Who wrote it does not read it when it goes out again, whatever else was saved in between."""
    chen = office.reviewers[0]
    factories.post(chen, Role.EDITOR, office.unit)
    other = factories.person("other", Role.REVIEWER_1, office.unit)
    rounds.plan("review:1")
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    saved(article, by=chen, title="陈写的题目")
    turn = articles.submit(newest(article), by=office.an, now=NOW)
    rounds.take(rounds.due(turn), by=other)
    releases.sign(newest(article), seen_sha256=turn.content_sha256, by=office.fang, now=NOW)
    releases.withdraw(newest(article), reason="写错了", by=office.fang, now=NOW)

    saved(article, by=office.an, keywords="更正")
    again = articles.submit(newest(article), by=office.an, now=NOW)

    assert chen in again.writers.all()
    with pytest.raises(NotPossible, match="wrote_it"):
        rounds.take(rounds.due(again), by=chen)


@pytest.mark.parametrize("blank", ["\u200b", "\u2060\ufeff", " \u200b "])
def test_what_cannot_be_seen_is_no_reason(office: Office, blank: str) -> None:
    article, _release = rounds.released(office)
    with pytest.raises(Invalid, match="reason_missing"):
        releases.withdraw(article, reason=blank, by=office.fang, now=NOW)
    _article, turn = rounds.submitted(office)
    with pytest.raises(Invalid, match="comment_missing"):
        reviews.send_back(rounds.due(turn), seen_sha256=turn.content_sha256, comment=blank, by=office.proofreaders[0], now=NOW)
    bo = office.proofreaders[0]
    bo.full_name = blank
    with pytest.raises(Invalid, match="signature_differs"):
        reviews.proofread(rounds.due(turn), seen_sha256=turn.content_sha256, marks=[], signature="", comment="", by=bo, now=NOW)


def newest(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def saved(article: Article, *, by: Any, **fields: object) -> None:
    changed = newest(article)
    for name, value in fields.items():
        setattr(changed, name, value)
    articles.save(changed, seen_revision_id=changed.latest_revision_id, by=by, now=NOW)

"""What no browser of ours would send, and what pasting leaves behind: answered in words, and nothing of another unit is shown."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fangtang.articles.models import Article
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.people.models import Unit
from tests import factories
from tests.articles.forms import filled, signed_in, table
from tests.factories import Office

pytestmark = pytest.mark.django_db
SECRET = "绝密的名字"


@pytest.fixture
def office() -> Office:
    return factories.office()


@pytest.fixture
def an(office: Office) -> Client:
    return signed_in(office.an)


def picture(unit: Unit) -> Picture:
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(drawn, "PNG")
    return Picture.objects.create(title=SECRET, description="水塘", collection=shelf_for(unit), file=ImageFile(BytesIO(drawn.getvalue()), name="a.png"))


def linked(pk: int) -> str:
    """A text with a link to a file, as the editor sends it."""
    entity = {"type": "DOCUMENT", "mutability": "MUTABLE", "data": {"id": pk, "url": "", "filename": ""}}
    block = {"key": "abcde", "text": "见附件", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    return json.dumps({"blocks": [block | {"entityRanges": [{"offset": 1, "length": 2, "key": 0}]}], "entityMap": {"0": entity}})


@pytest.mark.parametrize("place", ["lead", "image", "attachment", "link"])
def test_the_form_shown_again_names_nothing_of_another_unit(place: str, office: Office, an: Client) -> None:
    elsewhere = office.mo.posts.get().unit
    shown = picture(elsewhere)
    file = File.objects.create(title=SECRET, collection=shelf_for(elsewhere), file=ContentFile(b"%PDF-1.4 pond", name="a.pdf"))
    body = {
        "image": [("image", {"image": str(shown.pk), "alt": "水塘", "caption": "", "credit": ""})],
        "attachment": [("attachment", {"document": str(file.pk), "title": ""})],
        "link": [("text", linked(file.pk))],
    }
    lead = str(shown.pk) if place == "lead" else ""

    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section], lead_image=lead, body=body.get(place, ())))

    assert answer.status_code == 200
    assert not Article.objects.exists()
    page = answer.content.decode()
    assert SECRET not in page
    assert json.dumps(SECRET)[1:-1] not in page


@pytest.mark.parametrize("sent", ["x", "-1", "9" * 30, "0"])
def test_what_is_no_number_is_answered_in_words(sent: str, office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section], lead_image=sent, title="没有丢失的题目"))

    assert answer.status_code == 200
    assert "没有丢失的题目" in answer.content.decode()


def test_half_a_character_does_no_harm(office: Office, an: Client) -> None:
    data = filled(unit=office.unit.pk, sections=[office.section], body=[table([["笑脸\ud83d", "\ude00半", "😀"]])])

    answer = an.post(reverse("articles:add"), data | {"action-submit": "1"})

    article = Article.objects.get()
    assert answer.status_code == 302
    assert article.body[0].value["data"] == [["笑脸\ufffd", "\ufffd半", "😀"]]
    assert an.get(reverse("articles:inspect", args=[article.pk])).status_code == 200


@pytest.mark.parametrize("sent", ["0001-01-01 00:00", "9999-12-31 23:59"])
@pytest.mark.parametrize("name", ["shown_at", "placements-0-visible_until"])
def test_a_date_out_of_this_world_is_said(name: str, sent: str, office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section]) | {name: sent})

    assert answer.status_code == 200
    assert not Article.objects.exists()


@pytest.mark.parametrize("left_out", ["body-count", "body-0-deleted", "placements-TOTAL_FORMS"])
def test_a_preview_of_half_a_form_is_no_crash(left_out: str, office: Office, an: Client) -> None:
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    whole = filled(unit=office.unit.pk)
    half = {name: value for name, value in whole.items() if name != left_out}
    for address in (reverse("articles:preview_on_add"), reverse("articles:preview_on_edit", args=(article.pk,))):
        answer = an.post(address, half)

        assert answer.status_code == 400 or answer.json()["is_valid"] is False
        assert an.post(address, whole).json() == {"is_valid": True, "is_available": True}

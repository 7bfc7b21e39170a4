"""What the editor's pages answer to whatever somebody sends: 400, 404 or the form again, and never a crash."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from fangtang.articles.blocks import BodyBlocks
from fangtang.articles.models import Article
from fangtang.articles.written import WrittenArea, is_text
from fangtang.media.actions import shelf_for
from fangtang.media.models import Picture, Rendition
from tests import factories
from tests.articles.forms import filled, signed_in, table, text
from tests.factories import Office

LONG = "9" * 5000


@pytest.fixture
def office() -> Office:
    return factories.office()


@pytest.fixture
def an(office: Office) -> Client:
    return signed_in(office.an)


def block(**facts: Any) -> dict[str, Any]:
    return {"key": "abcde", "text": "见附件", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []} | facts


def written(*blocks: Any, entities: Any = None) -> str:
    return json.dumps({"blocks": blocks, "entityMap": {} if entities is None else entities})


LINKED = block(entityRanges=[{"offset": 0, "length": 1, "key": 0}])
NO_TEXTS = {
    "list": "[]",
    "string": '"x"',
    "number": "5",
    "blocks": '{"blocks": 5}',
    "block": written(5),
    "words": written(block(text=1)),
    "depth": written(block(depth="x")),
    "too deep": written(block(depth=100_000)),
    "styles": written(block(inlineStyleRanges=5)),
    "style": written(block(inlineStyleRanges=[{"offset": 0, "length": 1, "style": 5}])),
    "unknown entity": written(LINKED),
    "entities": written(LINKED, entities=[{"type": "DOCUMENT", "data": {"id": 1}}]),
    "without data": written(LINKED, entities={"0": {"type": "DOCUMENT", "data": None}}),
    "address": written(LINKED, entities={"0": {"type": "LINK", "data": {"url": {"a": 1}}}}),
    "crossing": written(
        block(entityRanges=[{"offset": 0, "length": 2, "key": 0}, {"offset": 1, "length": 2, "key": 1}]),
        entities={"0": {"type": "LINK", "data": {"url": "/a"}}, "1": {"type": "LINK", "data": {"url": "/b"}}},
    ),
    "nested": "[" * 100_000,
    "nested document": '{"x": "DOCUMENT", "n": ' + "[" * 100_000 + "}",
    "digits": '{"x": "DOCUMENT", "n": ' + LONG + "}",
    "no number": '{"n": NaN}',
    "no JSON": '"DOCUMENT"[[[',
}


@pytest.mark.django_db
@pytest.mark.parametrize("sent", NO_TEXTS.values(), ids=NO_TEXTS)
def test_what_is_no_text_is_a_bad_request(sent: str, office: Office, an: Client) -> None:
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    data = filled(unit=office.unit.pk, body=[("text", sent)])
    for address in (
        reverse("articles:add"),
        reverse("articles:preview_on_add"),
        reverse("articles:edit", args=[article.pk]),
        reverse("articles:preview_on_edit", args=[article.pk]),
    ):
        assert an.post(address, data).status_code == 400, address


ranges = st.lists(
    st.fixed_dictionaries(
        {"offset": st.integers(-1, 8), "length": st.integers(-1, 8)},
        optional={"style": st.sampled_from(["BOLD", "NONE", 5]), "key": st.sampled_from([0, "0", 1, "x"])},
    ),
    max_size=3,
)
anything = st.none() | st.integers(-1, 3) | st.text(max_size=3) | st.just([]) | st.just({})
blocks = st.fixed_dictionaries(
    {"text": st.text(max_size=6) | st.just("方塘\n水")},
    optional={
        "key": st.text(max_size=3),
        "type": st.sampled_from(["unstyled", "ordered-list-item", "unordered-list-item", "atomic", "none"]) | anything,
        "depth": st.integers(0, 11) | anything,
        "inlineStyleRanges": ranges | anything,
        "entityRanges": ranges | anything,
    },
)
entities = st.dictionaries(
    st.sampled_from(["0", "1"]),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["LINK", "DOCUMENT", "IMAGE", "EMBED"]) | anything},
        optional={"data": st.dictionaries(st.sampled_from(["id", "url", "linktype", "parentId"]), anything) | anything, "mutability": anything},
    ),
)


@example({"blocks": [{"text": "方塘\n水"}]})
@given(st.fixed_dictionaries({}, optional={"blocks": st.lists(blocks | anything, max_size=4) | anything, "entityMap": entities | anything}) | anything)
def test_every_text_is_made_into_markup_or_refused(sent: Any) -> None:
    widget = BodyBlocks().child_blocks["text"].field.widget
    assert isinstance(widget, WrittenArea)
    try:
        markup = widget.value_from_datadict({"text": json.dumps(sent)}, {}, "text")
    except ValueError:
        return
    assert is_text(sent)
    assert isinstance(markup, str)


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["[" * 100_000, LONG, '{"data": [[NaN]]}', '{"data": [["a"]], "x": ' + "[" * 900 + "]" * 900 + "}"])
def test_what_is_no_table_is_none(sent: str, office: Office, an: Client) -> None:
    assert an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section], body=[("table", sent)])).status_code in (200, 302)


@pytest.mark.django_db
def test_null_characters_become_the_sign_for_a_broken_one(office: Office, an: Client) -> None:
    body = [("text", written(block(text="正\0文"))), table([["一\0"]]), ("quotation", {"text": "引\0文", "cite": ""})]
    data = filled(unit=office.unit.pk, sections=[office.section], body=body) | {"body-0-id": "\0"}

    assert an.post(reverse("articles:add"), data).status_code == 302
    saved = json.loads(Article.objects.get().latest_revision.content["body"])
    assert [one["type"] for one in saved] == ["text", "table", "quotation"]
    assert "正\ufffd文" in saved[0]["value"]
    assert saved[1]["value"]["data"] == [["一\ufffd"]]
    assert saved[2]["value"]["text"] == "引\ufffd文"


@pytest.mark.django_db
def test_null_characters_in_a_line_are_said(office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section], title="开学\0通知"))

    assert answer.status_code == 200
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_two_blocks_in_one_place_are_a_bad_request(office: Office, an: Client) -> None:
    data = filled(unit=office.unit.pk, sections=[office.section], body=[text("<p>一</p>"), text("<p>二</p>")])

    assert an.post(reverse("articles:add"), data | {"body-1-order": "0"}).status_code == 400
    assert an.post(reverse("articles:add"), data | {"body-1-order": "0", "body-1-deleted": "1"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["placements-0-section", "placements-0-id", "placements-0-rank", "unit", "lead_image"])
@pytest.mark.parametrize("sent", [LONG, "9" * 25, "²"])
def test_a_number_of_any_length_is_no_crash(name: str, sent: str, office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section]) | {name: sent})

    assert answer.status_code == 200
    assert not Article.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [LONG, "9" * 25, "x"])
def test_revisions_of_any_number_are_no_crash(sent: str, office: Office, an: Client) -> None:
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))
    data = filled(unit=office.unit.pk, sections=[office.section], article=article) | {"loaded_revision_id": sent}
    compare = reverse("articles:revisions_compare", args=[article.pk, "earliest", "latest"])

    assert an.post(reverse("articles:edit", args=[article.pk]), data).status_code == 200
    assert an.get(compare).status_code == 200
    assert an.get(compare.replace("latest", sent)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01"])
def test_the_list_is_not_narrowed_by_days_out_of_this_world(day: str, office: Office, an: Client) -> None:
    factories.article(by=office.an, unit=office.unit, sections=(office.section,), title="没有丢失的题目")
    for name in ("changed_at_from", "changed_at_to"):
        answer = an.get(reverse("articles:list"), {name: day})

        assert answer.status_code == 200
        assert "This date lies too far away" in answer.content.decode()
    assert "没有丢失的题目" in an.get(reverse("articles:list"), {"changed_at_from": "2000-01-01", "changed_at_to": "2199-12-31"}).content.decode()


@pytest.mark.django_db
def test_the_words_of_a_picture_that_is_lost_are_read(office: Office, an: Client) -> None:
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(drawn, "PNG")
    shown = Picture.objects.create(
        title="塘", description="一方水塘", collection=shelf_for(office.unit), file=ImageFile(BytesIO(drawn.getvalue()), name="a.png")
    )
    body = [("image", {"image": shown, "alt": "岸边的人", "caption": "", "credit": "", "is_decorative": False})]
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,), lead_image=shown, body=body)
    Path(shown.file.path).unlink()
    Rendition.objects.all().delete()

    page = an.get(reverse("articles:inspect", args=[article.pk]))

    assert page.status_code == 200
    assert 'alt="岸边的人"' in page.content.decode()
    assert 'alt="一方水塘"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["x", "a\0b", "articles:list", "https://example.org/"])
def test_what_is_no_address_does_not_lead_on(sent: str, office: Office, an: Client) -> None:
    article = factories.article(by=office.an, unit=office.unit, sections=(office.section,))

    for verb in ("lock", "unlock"):
        assert an.post(reverse(f"articles:{verb}", args=[article.pk]), {"next": sent}).url == reverse("articles:edit", args=[article.pk])
        assert an.post(reverse(f"articles:{verb}", args=[article.pk]), {"next": "/desk/articles/"}).url == "/desk/articles/"

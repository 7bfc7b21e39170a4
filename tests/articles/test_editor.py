"""The editor through HTTP: create, edit, submit, an edit under review, two editors at once, bad input."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fangtang.articles import actions
from fangtang.articles.models import Article
from fangtang.people.roles import Role
from fangtang.reviews import queries as reviews
from fangtang.reviews import states
from tests import factories
from tests.articles.forms import filled, signed_in, table, text
from tests.factories import NOW, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office()


@pytest.fixture
def an(office: Office) -> Client:
    return signed_in(office.an)


@pytest.fixture
def article(office: Office) -> Article:
    return actions.create(unit=office.unit, by=office.an, now=NOW, sections=[office.section], title="开学通知", body=[("text", "<p>正文。</p>")])


def edit(article: Article) -> str:
    return reverse("articles:edit", args=(article.pk,))


def test_from_the_first_word_to_review_and_back_by_an_edit(office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section]) | {"action-submit": "1"})
    article = Article.objects.get()
    assert answer.status_code == 302, answer.context["form"].errors
    assert reviews.open_turn_of(article).status == states.OPEN

    answer = an.post(edit(article), filled(unit=office.unit.pk, sections=[office.section], article=article, title="开学通知（更正）"))

    assert answer.status_code == 302
    assert reviews.open_turn_of(article) is None
    assert [turn.status for turn in reviews.turns_of(article)] == [states.SUPERSEDED]


def test_saving_without_a_change_leaves_the_turn_alone(office: Office, an: Client) -> None:
    an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section]) | {"action-submit": "1"})
    article = Article.objects.get()
    body = [(block.block_type, block.value.source) for block in article.body]
    data = filled(unit=office.unit.pk, sections=[office.section], article=article, body=[text(html) for _kind, html in body])
    data["body-0-id"] = article.body[0].id

    answer = an.post(edit(article), data)

    assert answer.status_code == 302
    assert reviews.open_turn_of(article) is not None


def test_what_keeps_it_from_being_submitted_is_said_at_once_and_the_text_is_saved(office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, body=[text("")]) | {"action-submit": "1"}, follow=True)

    page = answer.content.decode()
    assert Article.objects.count() == 1
    assert "The article has no text yet." in page
    assert "The article is not placed in any section." in page
    assert office.an.full_name in page


def test_the_pages_of_the_editor_answer(office: Office, an: Client, article: Article) -> None:
    revision = article.latest_revision_id
    for name, args in [
        ("list", ()),
        ("list_results", ()),
        ("add", ()),
        ("edit", (article.pk,)),
        ("inspect", (article.pk,)),
        ("history", (article.pk,)),
        ("history_results", (article.pk,)),
        ("delete", (article.pk,)),
        ("take_back", (article.pk,)),
        ("revisions_revert", (article.pk, revision)),
        ("revisions_view", (article.pk, revision)),
        ("revisions_compare", (article.pk, revision, revision)),
    ]:
        assert an.get(reverse(f"articles:{name}", args=args)).status_code == 200, name


def test_two_editors_at_once_and_nothing_is_lost(office: Office, an: Client, article: Article) -> None:
    second = factories.person("second", Role.EDITOR, office.unit)
    seen = article.latest_revision_id
    an.post(edit(article), filled(unit=office.unit.pk, sections=[office.section], article=article, title="甲的标题"))
    late = signed_in(second)

    answer = late.post(edit(article), filled(unit=office.unit.pk, sections=[office.section], article=article, seen=seen, title="乙的标题"))

    page = answer.content.decode()
    newest = Article.objects.get(pk=article.pk)
    assert answer.status_code == 200
    assert newest.title == "甲的标题"
    assert f"{office.an.full_name} saved this article" in page
    assert "乙的标题" in page
    assert reverse("articles:revisions_compare", args=(article.pk, seen, newest.latest_revision_id)) in page
    assert f'name="loaded_revision_id" value="{newest.latest_revision_id}"' in page

    knowing = filled(unit=office.unit.pk, sections=[office.section], article=newest, title="乙的标题")
    assert late.post(edit(article), knowing).status_code == 302
    assert Article.objects.get(pk=article.pk).title == "乙的标题"


def test_a_form_that_does_not_say_where_it_began_is_not_saved(office: Office, an: Client, article: Article) -> None:
    data = filled(unit=office.unit.pk, sections=[office.section], article=article, title="不知从何而来")
    del data["loaded_revision_id"]

    assert an.post(edit(article), data).status_code == 200
    assert Article.objects.get(pk=article.pk).title == "开学通知"


def test_a_title_of_500_characters_is_kept_and_501_come_back_to_be_shortened(office: Office, an: Client) -> None:
    an.post(reverse("articles:add"), filled(unit=office.unit.pk, title="长" * 500))
    assert Article.objects.get().title == "长" * 500

    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, title="长" * 501, summary="还在"))

    page = answer.content.decode()
    assert Article.objects.count() == 1
    assert "长" * 501 in page
    assert "还在" in page
    assert "500" in answer.context["form"].errors["title"][0]
    assert "maxlength" not in str(answer.context["form"]["title"])


def test_a_table_of_ten_thousand_rows_is_refused_with_what_to_do(office: Office, an: Client) -> None:
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, body=[table([["1", "2"]] * 10_000)]))

    assert answer.status_code == 200
    assert "10000 rows" in str(answer.context["form"].errors["body"].as_data()[0].block_errors[0])
    assert not Article.objects.exists()


def test_a_table_of_many_megabytes_comes_back_with_everything_else(office: Office, an: Client) -> None:
    rows = [["海淀区教育委员会办公室"] * 12] * 10_000

    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, title="没有丢失的题目", body=[table(rows)]))

    assert answer.status_code == 200
    assert "没有丢失的题目" in answer.content.decode()


@pytest.mark.parametrize("sent", ["{", "[]", '"x"', "null", '{"data": 3}', '{"data": [3]}'])
def test_a_table_that_is_none_does_no_harm(office: Office, an: Client, sent: str) -> None:
    assert an.post(reverse("articles:add"), filled(unit=office.unit.pk, body=[("table", sent)])).status_code in (200, 302)


def test_what_word_pastes_is_kept_as_words(office: Office, an: Client) -> None:
    html = '<p class="MsoNormal" style="mso-x:y"><span style="font-family:仿宋">正文<script>alert(1)</script></span></p>'

    an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[office.section], body=[text(html)]))

    article = Article.objects.get()
    preview = an.get(reverse("articles:revisions_view", args=(article.pk, article.latest_revision_id))).content.decode()
    assert "正文" in preview
    assert "<script>alert" not in preview


def test_reverting_makes_a_new_revision_and_ends_the_turn(office: Office, an: Client, article: Article) -> None:
    first = article.latest_revision
    article.title = "第二版"
    actions.save(article, seen_revision_id=first.pk, by=office.an, now=NOW)
    actions.submit(article, by=office.an, now=NOW)
    article.refresh_from_db()

    data = filled(unit=office.unit.pk, sections=[office.section], article=article, title="开学通知")
    answer = an.post(reverse("articles:revisions_revert", args=(article.pk, first.pk)), data)

    assert answer.status_code == 302
    newest = Article.objects.get(pk=article.pk)
    assert newest.title == "开学通知"
    assert newest.latest_revision_id not in (first.pk, article.latest_revision_id)
    assert reviews.open_turn_of(article) is None


def test_what_is_locked_is_saved_by_nobody_else(office: Office, an: Client, article: Article) -> None:
    an.post(reverse("articles:lock", args=(article.pk,)))
    other = signed_in(factories.person("second", Role.EDITOR, office.unit))

    answer = other.post(edit(article), filled(unit=office.unit.pk, sections=[office.section], article=article, title="越过锁"))
    assert answer.status_code == 200
    assert Article.objects.get(pk=article.pk).title == "开学通知"

    other.post(reverse("articles:unlock", args=(article.pk,)))
    assert not Article.objects.get(pk=article.pk).locked


def test_the_bin_and_back(office: Office, an: Client, article: Article) -> None:
    an.post(reverse("articles:delete", args=(article.pk,)))
    assert "开学通知" not in an.get(reverse("articles:list_results")).content.decode()
    assert "开学通知" in an.get(reverse("articles:list_results"), {"status": "bin"}).content.decode()

    an.post(reverse("articles:take_back", args=(article.pk,)))

    assert Article.objects.get(pk=article.pk).trashed_at is None


def test_previews_are_for_one_pair_of_eyes(office: Office, an: Client, article: Article) -> None:
    answer = an.get(reverse("articles:revisions_view", args=(article.pk, article.latest_revision_id)))

    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'none'" in answer["Content-Security-Policy"]


def test_unsaved_text_is_previewed_on_each_site(office: Office, an: Client, article: Article) -> None:
    other = factories.site("other", unit=office.unit)
    sections = [office.section, factories.section(other, "news")]
    address = reverse("articles:preview_on_edit", args=(article.pk,))

    sent = an.post(address, filled(unit=office.unit.pk, sections=sections, article=article, title="未保存的标题"))

    assert sent.json() == {"is_valid": True, "is_available": True}
    for site in (office.site, other):
        assert "未保存的标题" in an.get(address, {"mode": site.key}).content.decode()
    assert Article.objects.get(pk=article.pk).title == "开学通知"


def test_an_unsaved_new_article_is_previewed(office: Office, an: Client) -> None:
    address = reverse("articles:preview_on_add")

    assert an.post(address, filled(unit=office.unit.pk, sections=[office.section], title="全新")).json()["is_valid"]
    assert "全新" in an.get(address, {"mode": office.site.key}).content.decode()


def test_a_keyword_list_is_put_in_order(office: Office, an: Client) -> None:
    an.post(reverse("articles:add"), filled(unit=office.unit.pk, keywords="教育， 开学;教育 通知", title="  开学\u3000通知 "))

    article = Article.objects.get()
    assert article.keywords == "教育、开学、通知"
    assert article.title == "开学 通知"


def test_many_at_once_and_what_did_not_work_is_said(office: Office, an: Client, article: Article) -> None:
    other = factories.section(office.site, "other")
    locked = factories.article(by=office.an, unit=office.unit, title="锁着的")
    somebody = factories.person("second", Role.EDITOR, office.unit)
    Article.objects.filter(pk=locked.pk).update(locked=True, locked_by=somebody, locked_at=NOW)

    answer = an.post(reverse("articles:bulk", args=("place",)), {"id": [article.pk, locked.pk], "section": [other.pk]}, follow=True)

    page = answer.content.decode()
    assert set(article.placements.values_list("section", flat=True)) == {office.section.pk, other.pk}
    assert not Article.objects.get(pk=locked.pk).placements.exists()
    assert "1 article was placed." in page
    assert "锁着的: " in page


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"body-count": "x"},
        {"body-count": "1"},
        {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-value": "{"},
        {"placements-TOTAL_FORMS": "x"},
        {"body-count": "0", "placements-TOTAL_FORMS": "1", "placements-INITIAL_FORMS": "0", "placements-0-section": "x"},
    ],
)
def test_a_form_in_pieces_is_answered_and_saves_nothing(office: Office, an: Client, article: Article, broken: dict[str, str]) -> None:
    for address in (reverse("articles:add"), edit(article)):
        assert an.post(address, broken | {"title": "碎片", "unit": office.unit.pk}).status_code in (200, 400)
    assert not Article.objects.filter(title="碎片").exists()

"""Nobody sees, guesses or uses what belongs to another unit: lists, search, filters, choosers, bulk acts, images, files."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from fangtang.articles import actions
from fangtang.articles.models import Article
from fangtang.kernel.errors import NotAllowed
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.people.models import Reach
from fangtang.people.roles import Role
from tests import factories
from tests.articles.forms import filled, signed_in
from tests.factories import NOW, Office
from tests.media import drawings

pytestmark = pytest.mark.django_db

FOREIGN = "别处的秘密"


@pytest.fixture
def office() -> Office:
    return factories.office()


@pytest.fixture
def elsewhere() -> Office:
    return factories.office("health")


@pytest.fixture
def foreign(elsewhere: Office) -> Article:
    return actions.create(unit=elsewhere.unit, by=elsewhere.an, now=NOW, sections=[elsewhere.section], title=FOREIGN, body=[("text", "<p>x</p>")])


@pytest.fixture
def an(office: Office) -> Client:
    return signed_in(office.an)


def image(office: Office) -> Picture:
    made = Picture(title=FOREIGN, description=FOREIGN, collection=shelf_for(office.unit))
    made.file = ContentFile(drawings.png(text=office.unit.key), name=f"{office.unit.key}.png")
    made.save()
    return made


def file(office: Office) -> File:
    made = File(title=FOREIGN, collection=shelf_for(office.unit))
    made.file = ContentFile(b"x", name="x.txt")
    made.save()
    return made


@pytest.mark.parametrize(
    "query", [{}, {"q": "秘密"}, {"status": "draft"}, {"status": "bin"}, {"ordering": "title"}, {"section": "theirs"}, {"unit": "theirs"}, {"person": "theirs"}]
)
def test_lists_and_search_show_nothing_of_others(office: Office, elsewhere: Office, foreign: Article, an: Client, query: dict[str, str]) -> None:
    theirs = {"section": elsewhere.section.pk, "unit": elsewhere.unit.pk, "person": elsewhere.an.pk}
    query = {name: str(theirs[name]) if value == "theirs" else value for name, value in query.items()}

    for name in ("list", "list_results"):
        page = an.get(reverse(f"articles:{name}"), query).content.decode()
        assert FOREIGN not in page
        assert elsewhere.an.full_name not in page


def test_two_characters_are_found_in_a_title(office: Office, an: Client) -> None:
    factories.article(by=office.an, unit=office.unit, title="全市公交线路优化")
    factories.article(by=office.an, unit=office.unit, title="图书馆延长开放")

    page = an.get(reverse("articles:list_results"), {"q": "公交"}).content.decode()

    assert "全市公交线路优化" in page
    assert "图书馆延长开放" not in page


def test_sections_of_others_are_neither_offered_nor_taken(office: Office, elsewhere: Office, an: Client) -> None:
    theirs = elsewhere.section

    assert elsewhere.site.name not in an.get(reverse("section_chooser:choose")).content.decode()
    assert elsewhere.site.name not in an.get(reverse("section_chooser:choose_results"), {"q": "news", "unit": elsewhere.unit.pk}).content.decode()
    assert an.get(reverse("section_chooser:chosen", args=(theirs.pk,))).status_code == 404
    assert elsewhere.site.name not in an.get(reverse("section_chooser:chosen_multiple"), {"id": theirs.pk, "multiple": 1}).content.decode()
    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[theirs]))
    assert answer.status_code == 200
    assert not Article.objects.exists()


def test_a_closed_section_is_not_offered(office: Office, an: Client) -> None:
    closed = factories.section(office.site, "old", name="旧栏目")
    type(closed).objects.filter(pk=closed.pk).update(closed_at=NOW)

    assert "旧栏目" not in an.get(reverse("section_chooser:choose")).content.decode()
    assert an.get(reverse("section_chooser:chosen", args=(closed.pk,))).status_code == 404


def test_a_contributor_is_offered_the_section(office: Office, elsewhere: Office, an: Client) -> None:
    elsewhere.section.contributors.add(office.unit)

    page = an.get(reverse("section_chooser:choose"), {"unit": office.unit.pk}).content.decode()

    assert elsewhere.site.name in page
    an.post(reverse("articles:add"), filled(unit=office.unit.pk, sections=[elsewhere.section]))
    assert Article.objects.get().placements.get().section == elsewhere.section


def test_an_article_is_not_written_for_another_unit(office: Office, elsewhere: Office, an: Client) -> None:
    assert an.post(reverse("articles:add"), filled(unit=elsewhere.unit.pk)).status_code == 200
    assert not Article.objects.exists()


@pytest.mark.parametrize("act", ["trash", "take-back", "place"])
def test_bulk_acts_pass_over_what_belongs_to_others(office: Office, foreign: Article, an: Client, act: str) -> None:
    address = reverse("articles:bulk", args=(act,))

    assert FOREIGN not in an.get(address, {"id": foreign.pk}).content.decode()
    an.post(address, {"id": foreign.pk, "section": office.section.pk})

    foreign.refresh_from_db()
    assert foreign.trashed_at is None
    assert foreign.placements.count() == 1


def test_images_and_files_of_others_are_not_put_into_an_article(office: Office, elsewhere: Office, an: Client) -> None:
    picture, document = image(elsewhere), file(elsewhere)
    linked = rich_text(f'<p><a linktype="document" id="{document.pk}">x</a></p>')

    for data in (
        filled(unit=office.unit.pk, lead_image=picture.pk),
        filled(unit=office.unit.pk, body=[("image", {"image": picture.pk, "alt": "x", "caption": "", "credit": ""})]),
        filled(unit=office.unit.pk, body=[("attachment", {"document": document.pk, "title": ""})]),
        filled(unit=office.unit.pk, body=[("text", linked)]),
    ):
        assert an.post(reverse("articles:add"), data).status_code == 200
    assert not Article.objects.exists()
    with pytest.raises(NotAllowed):
        actions.create(unit=office.unit, by=office.an, now=NOW, title="直接", lead_image=picture)


def test_own_images_are_put_into_an_article_and_stay_when_a_colleague_saves(office: Office, an: Client) -> None:
    picture = image(office)

    answer = an.post(reverse("articles:add"), filled(unit=office.unit.pk, lead_image=picture.pk))

    assert answer.status_code == 302
    assert Article.objects.get().lead_image == picture


def test_an_image_without_words_is_refused_unless_it_is_decorative(office: Office, an: Client) -> None:
    value = {"image": image(office).pk, "alt": "", "caption": "", "credit": ""}

    refused = an.post(reverse("articles:add"), filled(unit=office.unit.pk, body=[("image", value)]))
    assert "Describe the image in one sentence" in refused.content.decode()
    assert an.post(reverse("articles:add"), filled(unit=office.unit.pk, body=[("image", value | {"is_decorative": "on"})])).status_code == 302


def test_a_reader_reads_and_does_not_write(office: Office) -> None:
    article = actions.create(unit=office.unit, by=office.an, now=NOW, sections=[office.section], title="可读", body=[("text", "<p>x</p>")])
    bo = signed_in(office.proofreaders[0])

    assert "可读" in bo.get(reverse("articles:list")).content.decode()
    for name, expected in [("inspect", 200), ("history", 200), ("edit", 404), ("delete", 404)]:
        assert bo.get(reverse(f"articles:{name}", args=(article.pk,))).status_code == expected, name
    assert bo.get(reverse("articles:add")).status_code == 404
    assert reverse("articles:edit", args=(article.pk,)) not in bo.get(reverse("articles:inspect", args=(article.pk,))).content.decode()
    assert reverse("articles:edit", args=(article.pk,)) not in bo.get(reverse("articles:list")).content.decode()


def test_a_superuser_without_a_post_finds_nothing(office: Office, foreign: Article) -> None:
    root = signed_in(factories.user("root", is_superuser=True, is_staff=True))

    for name, args in [("list", ()), ("edit", (foreign.pk,)), ("inspect", (foreign.pk,)), ("add", ())]:
        assert FOREIGN not in root.get(reverse(f"articles:{name}", args=args), follow=True).content.decode()


def test_a_post_that_reaches_below_sees_what_lies_below_and_nothing_beside(office: Office, foreign: Article) -> None:
    town = factories.unit("town", under=office.unit)
    above = factories.person("above", Role.EDITOR, office.unit, reach=Reach.BELOW)
    factories.post(office.an, Role.EDITOR, town)
    below = actions.create(unit=town, by=office.an, now=NOW, title="镇里的稿件")

    page = signed_in(above).get(reverse("articles:list")).content.decode()

    assert below.title in page
    assert FOREIGN not in page


def test_a_revision_of_another_article_is_not_found(office: Office, foreign: Article, an: Client) -> None:
    own = actions.create(unit=office.unit, by=office.an, now=NOW, title="自己的", body=[("text", "<p>x</p>")])

    for name in ("revisions_view", "revisions_revert"):
        assert an.get(reverse(f"articles:{name}", args=(own.pk, foreign.latest_revision_id))).status_code == 404
    compared = reverse("articles:revisions_compare", args=(own.pk, own.latest_revision_id, foreign.latest_revision_id))
    assert an.get(compared).status_code == 404


def test_a_longer_list_asks_no_more_of_the_database(office: Office, an: Client, django_assert_max_num_queries) -> None:
    for number in range(30):
        factories.article(by=office.an, unit=office.unit, sections=(office.section,), title=f"第{number}篇")
    an.get(reverse("articles:list_results"))

    with django_assert_max_num_queries(30):
        an.get(reverse("articles:list_results"))

"""The register's pages through HTTP."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from fangtang.audit.models import Event
from fangtang.outlets.models import Section
from fangtang.people.models import User
from fangtang.people.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
HOMES = "wagtailsnippets_outlets_home:"


@pytest.fixture
def office() -> factories.Office:
    return factories.office()


@pytest.fixture
def manager(office: factories.Office) -> User:
    return factories.person("manager", Role.SITE_MANAGER, office.unit)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def test_the_list_shows_my_sites_only(desk: Client, office: factories.Office) -> None:
    foreign = factories.site("foreign", unit=factories.unit())

    page = desk.get(reverse("sites_register:index")).content.decode()

    assert office.site.name in page
    assert foreign.name not in page


def test_saving_a_profile_is_audited_and_kept(desk: Client, office: factories.Office) -> None:
    url = reverse("sites_register:edit", args=[office.site.pk])
    form = desk.get(url).context["form"]
    typed = {name: "" if value is None else value for name, value in form.initial.items()} | {"name": "方塘市教育局", "colour": "#1f6f6a"}

    answer = desk.post(url, typed)

    assert answer.status_code == 302, answer.context["form"].errors
    office.site.refresh_from_db()
    assert (office.site.name, office.site.colour) == ("方塘市教育局", "#1f6f6a")
    assert Event.objects.filter(verb="outlets.change_site").get().facts == {"fields": ["colour", "name"]}


def test_a_wrong_colour_is_refused_with_what_was_typed_still_there(desk: Client, office: factories.Office) -> None:
    url = reverse("sites_register:edit", args=[office.site.pk])
    typed = {name: "" if value is None else value for name, value in desk.get(url).context["form"].initial.items()}

    page = desk.post(url, typed | {"colour": "red", "name": "改了一半"})

    assert page.status_code == 200
    assert "改了一半" in page.content.decode()


def section_form(**values: object) -> dict[str, object]:
    return {"name": "通知公告", "slug": "notices", "kind": "notices", "description": "", "freshness_days": "", "under": ""} | values


def test_a_section_is_added_below_another(desk: Client, office: factories.Office) -> None:
    answer = desk.post(reverse("sections:add", args=[office.site.pk]), section_form(under=office.section.pk))

    assert answer.status_code == 302, answer.context["form"].errors
    assert Section.objects.get(slug="notices").address == "news/notices"


def test_a_taken_or_reserved_address_is_said_at_the_slug(desk: Client, office: factories.Office) -> None:
    url = reverse("sections:add", args=[office.site.pk])
    for slug in ("news", "assets"):
        page = desk.post(url, section_form(slug=slug))
        assert page.status_code == 200
        assert page.context["form"].errors["slug"]


def test_an_address_too_long_to_be_kept_is_said_at_the_slug(desk: Client, office: factories.Office) -> None:
    deep = office.section
    for number in range(5):
        deep = factories.section(office.site, f"{number}" * 50, under=deep)
    assert len(deep.address) == 259

    for url, typed in (
        (reverse("sections:add", args=[office.site.pk]), section_form(slug="x" * 41, under=deep.pk)),
        (reverse("sections:edit", args=[office.section.pk]), section_form(slug="x" * 46)),
    ):
        page = desk.post(url, typed)
        assert page.status_code == 200
        assert "would have 301 characters; at most 300 are possible" in str(page.context["form"].errors["slug"])

    assert desk.post(reverse("sections:add", args=[office.site.pk]), section_form(slug="x" * 40, under=deep.pk)).status_code == 302


def test_editing_moves_and_renames(desk: Client, office: factories.Office) -> None:
    below = factories.section(office.site, "open")
    url = reverse("sections:edit", args=[office.section.pk])

    answer = desk.post(url, section_form(name="要闻", slug="top", kind="news", under=below.pk))

    assert answer.status_code == 302, answer.context["form"].errors
    moved = Section.objects.get(pk=office.section.pk)
    assert (moved.address, moved.name) == ("open/top", "要闻")


@pytest.mark.parametrize("verb", ["close", "reopen", "up", "down"])
def test_verbs_answer_and_say_so(desk: Client, office: factories.Office, verb: str) -> None:
    answer = desk.post(reverse("sections:verb", args=[office.section.pk, verb]), follow=True)
    assert answer.status_code == 200
    assert [str(message) for message in answer.context["messages"]]


def test_a_section_in_use_is_not_deleted_and_the_reason_is_said(desk: Client, office: factories.Office) -> None:
    factories.article(by=office.an, unit=office.unit, sections=(office.section,))

    answer = desk.post(reverse("sections:verb", args=[office.section.pk, "delete"]), follow=True)

    assert Section.objects.filter(pk=office.section.pk).exists()
    assert "1 article is placed" in answer.content.decode()


def test_an_unused_section_is_deleted(desk: Client, office: factories.Office) -> None:
    desk.post(reverse("sections:verb", args=[office.section.pk, "delete"]))
    assert not Section.objects.filter(pk=office.section.pk).exists()


def test_a_home_page_is_laid_out_saved_and_taken_back(desk: Client, office: factories.Office) -> None:
    home = office.site.home
    url = reverse(HOMES + "edit", args=[home.pk])
    assert desk.get(url).status_code == 200
    layout = {
        "layout-count": "1",
        "layout-0-deleted": "",
        "layout-0-order": "0",
        "layout-0-type": "notice_bar",
        "layout-0-value-text": "周五停水",
        "layout-0-value-url": "",
    }

    answer = desk.post(url, layout)

    assert answer.status_code == 302, answer.context["form"].errors
    home.refresh_from_db()
    assert home.layout[0].value["text"] == "周五停水"
    assert Event.objects.filter(verb="outlets.apply_layout").exists()
    assert home.revisions.count() == 1


def test_the_list_of_home_pages_shows_mine_only(desk: Client, office: factories.Office) -> None:
    foreign = factories.site("foreign", unit=factories.unit())

    page = desk.get(reverse(HOMES + "list"))

    assert page.status_code == 200
    assert reverse(HOMES + "edit", args=[office.site.home.pk]) in page.content.decode()
    assert foreign.name not in page.content.decode()


def laid_out(*sections: Section) -> dict[str, object]:
    """The form of a home page with one block that shows these sections."""
    block = {"layout-count": "1", "layout-0-deleted": "", "layout-0-order": "0", "layout-0-type": "section_list"}
    values = {"title": "今日要闻", "most": "6", "width": "half", "sections-count": str(len(sections))}
    rows = [{f"sections-{row}-deleted": "", f"sections-{row}-order": str(row), f"sections-{row}-value": section.pk} for row, section in enumerate(sections)]
    return block | {f"layout-0-value-{name}": value for some in (values, *rows) for name, value in some.items()}


def test_a_section_of_another_site_is_refused_at_its_block(desk: Client, office: factories.Office) -> None:
    foreign = factories.section(factories.site("foreign", unit=office.unit), name="别处")
    url = reverse(HOMES + "edit", args=[office.site.home.pk])

    answer = desk.post(url, laid_out(office.section, foreign))

    error = answer.context["form"].errors.as_data()["layout"][0]
    at_the_section = error.block_errors[0].block_errors["sections"].block_errors[1]
    assert at_the_section.messages == ["“别处” belongs to the site “foreign site”. Choose a section of this site."]
    assert "Choose a section of this site." in answer.content.decode()
    assert not Event.objects.filter(verb="outlets.apply_layout").exists()
    assert desk.post(url, laid_out(office.section)).status_code == 302


def test_a_preview_without_the_count_of_blocks_is_refused(desk: Client, office: factories.Office) -> None:
    assert desk.post(reverse(HOMES + "preview_on_edit", args=[office.site.home.pk]), {"layout-0-type": "headline"}).status_code == 400


def test_a_home_page_is_previewed_before_it_is_saved(desk: Client, office: factories.Office) -> None:
    url = reverse(HOMES + "preview_on_edit", args=[office.site.home.pk])

    assert desk.post(url, laid_out(office.section)).json() == {"is_valid": True, "is_available": True}
    preview = desk.get(url)

    assert preview.status_code == 200
    assert "今日要闻" in preview.content.decode()
    assert "script-src 'none'" in preview.headers["Content-Security-Policy"]
    office.site.home.refresh_from_db()
    assert not office.site.home.layout


def test_a_broken_form_of_a_home_page_is_a_bad_request(desk: Client, office: factories.Office) -> None:
    assert desk.post(reverse(HOMES + "edit", args=[office.site.home.pk]), {}).status_code == 400


def test_foreign_objects_look_missing(desk: Client) -> None:
    foreign = factories.office("foreign")
    urls = [
        reverse("sites_register:edit", args=[foreign.site.pk]),
        reverse("sections:of_site", args=[foreign.site.pk]),
        reverse("sections:edit", args=[foreign.section.pk]),
        reverse(HOMES + "edit", args=[foreign.site.home.pk]),
    ]
    missing = desk.get(reverse("sites_register:edit", args=[987654]))
    assert [desk.get(url).status_code for url in urls] == [404] * 4
    assert desk.get(urls[0]).content == missing.content


def test_a_foreign_section_cannot_be_moved_by_its_number(desk: Client) -> None:
    foreign = factories.office("foreign")
    assert desk.post(reverse("sections:verb", args=[foreign.section.pk, "close"])).status_code == 404
    assert Section.objects.get(pk=foreign.section.pk).closed_at is None


def test_sections_are_chosen_under_the_name_of_their_site(client: Client, office: factories.Office) -> None:
    other = factories.site("library", unit=factories.unit())
    section = factories.section(other, "news", name=office.section.name)
    section.contributors.add(office.unit)
    client.force_login(office.an)

    page = client.get(reverse("section_chooser:choose")).json()["html"]
    told = re.findall(r'scope="rowgroup">([^<]+)</th>|data-chooser-modal-choice[^>]*>\s*([^<]+?)\s*</a>', page)

    assert ["".join(one) for one in told] == [office.site.name, office.section.name, other.name, section.name]

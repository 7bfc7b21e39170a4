"""What the register's pages answer to whatever somebody sends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from fangtang.outlets.models import Section
from fangtang.people.roles import Role
from tests import factories
from tests.factories import Office

pytestmark = pytest.mark.django_db
HOMES = "wagtailsnippets_outlets_home:"


@pytest.fixture
def office() -> Office:
    return factories.office()


@pytest.fixture
def desk(client: Client, office: Office) -> Client:
    client.force_login(factories.person("manager", Role.SITE_MANAGER, office.unit))
    return client


@pytest.mark.parametrize("verb", ["foo", "Close", "close2"])
def test_a_verb_that_is_none_is_not_found(verb: str, desk: Client, office: Office) -> None:
    assert desk.post(reverse("sections:verb", args=[office.section.pk, verb])).status_code == 404


@pytest.mark.parametrize("name", ["under", "contributors", "freshness_days"])
@pytest.mark.parametrize("sent", ["9" * 25, "9" * 5000, "x", "²"])
def test_a_number_of_any_length_is_said_at_its_field(name: str, sent: str, desk: Client, office: Office) -> None:
    data = {"name": "新栏目", "slug": "fresh", "kind": "news", name: sent}
    for address in (reverse("sections:add", args=[office.site.pk]), reverse("sections:edit", args=[office.section.pk])):
        answer = desk.post(address, data)

        assert answer.status_code == 200
        assert name in answer.context["form"].errors
    assert not Section.objects.filter(slug="fresh").exists()


@pytest.mark.parametrize("sent", ["9" * 25, "9" * 5000, "x", "²", "\0"])
def test_the_chooser_looks_for_ids_only(sent: str, office: Office) -> None:
    an = Client(SERVER_NAME="localhost")
    an.force_login(office.an)

    assert an.get(reverse("section_chooser:chosen_multiple"), {"id": sent, "multiple": "1"}).status_code == (404 if sent == "\0" else 200)
    assert an.get(reverse("section_chooser:choose"), {"unit": sent}).status_code == (404 if sent == "\0" else 200)


def layout(blocks: list[tuple[str, Any]]) -> dict[str, Any]:
    return nested_form_data({"layout": streamfield(blocks)})


@pytest.mark.parametrize("broken", [{"layout-1-order": "0"}, {"layout-0-id": "\0"}, {"layout-0-order": "x"}, {"layout-count": "9" * 5000}])
def test_a_layout_that_no_browser_sends_is_a_bad_request(broken: dict[str, str], desk: Client, office: Office) -> None:
    data = layout([("notice_bar", {"text": "一", "url": ""}), ("notice_bar", {"text": "二", "url": ""})])

    for name in ("preview_on_edit", "edit"):
        assert desk.post(reverse(HOMES + name, args=[office.site.home.pk]), data).status_code in (200, 302)
        assert desk.post(reverse(HOMES + name, args=[office.site.home.pk]), data | broken).status_code == 400

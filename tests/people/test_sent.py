"""What the guard and the pages about people answer to whatever somebody sends."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fangtang.people.models import User
from fangtang.people.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
LAID = "fangtang.people.sign_in.PostBackend"
ACCOUNT = {
    "name_email-email": "",
    "locale-preferred_language": "en",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
    "theme-keyboard_shortcuts": "on",
}
UNSEEN = ["\u200b", "\u200d\u200e", "\u00ad \u3000", "\u3164", "\u2800", "\u202e\u2066", "\U000e0041", " . ", "\ufe0f"]


@pytest.fixture
def wei(settings) -> User:
    settings.ALLOWED_HOSTS = ["testserver"]
    unit = factories.unit("education", name="市教育局")
    person = factories.person("wei", Role.OPERATOR, unit)
    factories.post(person, Role.AUDITOR, unit)
    person.unit = unit
    person.save()
    return person


@pytest.fixture
def desk(wei: User) -> Client:
    client = Client()
    client.force_login(wei, backend=LAID)
    return client


@pytest.mark.parametrize(
    "path", ["/desk/people/{}/", "/desk/people/{}/change/", "/desk/people/posts/{}/end/", "/desk/people/units/{}/", "/desk/articles/edit/{}/"]
)
@pytest.mark.parametrize("number", ["9" * 19, "9" * 25, "9" * 5000])
def test_a_number_that_no_database_holds_is_not_found(path: str, number: str, desk: Client) -> None:
    assert desk.get(path.format(number)).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/desk/uploads/a%00b", "/desk/people/%00/", "/desk/people/?q=%00", "/desk/people/?%00=1", "/desk/people/events/?by=a%00", "/desk/account/?x=%00"],
)
def test_an_address_with_a_null_character_is_not_found(address: str, desk: Client) -> None:
    assert desk.get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("asked", ["until=9999-12-31", "since=0001-01-01", "since=1899-12-31", "until=2200-01-01"])
def test_the_log_says_that_a_day_lies_too_far_away(asked: str, desk: Client) -> None:
    page = desk.get(f"{reverse('people:events')}?{asked}")

    assert page.status_code == 200
    assert "This date lies too far away" in page.content.decode()
    assert desk.get(f"{reverse('people:events_csv')}?{asked}").status_code == 200


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00%2B14:00", "x"])
def test_a_place_at_the_edge_of_time_is_the_first_page(at: str, desk: Client) -> None:
    assert desk.get(f"{reverse('people:events')}?at={at}&seq=1").status_code == 200


@pytest.mark.parametrize("name", UNSEEN, ids=ascii)
def test_a_name_has_something_to_read(name: str, desk: Client, wei: User) -> None:
    page = desk.post(reverse("people:add"), {"username": "an", "full_name": name, "language": "en", "unit": wei.unit_id})
    assert page.status_code == 200
    assert "full_name" in page.context["form"].errors

    desk.post(reverse("wagtailadmin_account"), ACCOUNT | {"name_email-full_name": name})
    assert User.objects.get(pk=wei.pk).full_name == wei.full_name


def test_a_name_is_one_line_without_what_is_not_seen(desk: Client, wei: User) -> None:
    answer = desk.post(reverse("people:add"), {"username": "an", "full_name": " 小\u200b \t安 ", "language": "en", "unit": wei.unit_id})

    assert answer.status_code == 302
    assert User.objects.get(username="an").full_name == "小 安"
    desk.post(reverse("wagtailadmin_account"), ACCOUNT | {"name_email-full_name": "\ufeff魏强"})
    assert User.objects.get(pk=wei.pk).full_name == "魏强"


@pytest.mark.parametrize(
    "sent", [b"[1]", b"5", b'"x"', b"null", b'{"a\\u0000": 1}', b'{"a": NaN}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"x", b"\xff"]
)
def test_what_is_not_to_be_told_again_is_an_object(sent: bytes, desk: Client) -> None:
    address = reverse("wagtailadmin_dismissibles")

    assert desk.patch(address, sent, content_type="application/json").status_code == 400
    assert desk.patch(address, b'{"whats-new": true}', content_type="application/json").json() == {"whats-new": True}
    assert desk.get(address).json() == {"whats-new": True}

"""Signing in, its events, one's own account, invitations, and what somebody sees who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fangtang.audit.models import Event
from fangtang.people import actions
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role
from tests import factories
from tests.factories import NOW, PASSWORD
from tests.media import drawings

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return factories.unit("education")


def sign_in(client: Client, username: str, password: str = PASSWORD, **headers: str) -> Any:
    return client.post(reverse("wagtailadmin_login"), {"username": username, "password": password}, headers=headers)


def test_success_and_failure_are_in_the_log_without_what_was_typed(client: Client, unit: Unit) -> None:
    an = factories.person("an", Role.EDITOR, unit)

    assert sign_in(client, "an", "wrong").status_code == 200
    assert sign_in(client, "s3cret typed as a name").status_code == 200
    assert sign_in(client, "an").status_code == 302

    events = Event.objects.filter(verb__startswith="people.sign").order_by("seq")
    assert [(event.verb, event.by, event.subject) for event in events] == [
        ("people.sign_in_failed", None, f"people.user:{an.pk}"),
        ("people.sign_in_failed", None, ""),
        ("people.signed_in", an, f"people.user:{an.pk}"),
    ]
    assert not any(event.facts for event in events)


def test_somebody_without_a_post_is_told_so(client: Client) -> None:
    factories.user("mo")

    assert "You hold no post today" in sign_in(client, "mo").content.decode()


@pytest.mark.parametrize(("language", "told"), [("zh-CN,zh;q=0.9", 'lang="zh-hans"'), ("zh-TW", 'lang="zh-hant"'), ("en", 'lang="en"')])
def test_the_sign_in_page_speaks_the_browsers_language(client: Client, language: str, told: str) -> None:
    page = client.get(reverse("wagtailadmin_login"), headers={"Accept-Language": language}).content.decode()

    assert told in page
    assert "方塘" in page


def test_any_address_of_the_desk_leads_to_the_sign_in_page(client: Client) -> None:
    for address in ("/desk/", "/desk/images/1/", "/desk/no/such/address/", "/desk/articles/99/?x=1", "/desk/uploads/x.jpg"):
        for method in ("get", "post", "put"):
            assert getattr(client, method)(address).headers["Location"].startswith("/desk/login/?next=/desk/")


def test_a_form_without_its_token_is_said_to_be_one(unit: Unit) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.person("an", Role.EDITOR, unit))

    assert client.post(reverse("wagtailimages:add"), {}).status_code == 403
    assert client.post(reverse("people:add"), {}).status_code == 404


def test_groups_permissions_and_the_superuser_flag_open_nothing(unit: Unit) -> None:
    root = factories.user("root", is_superuser=True, is_staff=True)
    root.user_permissions.set(Permission.objects.all())
    group = Group.objects.create(name="all")
    group.permissions.set(Permission.objects.all())
    root.groups.add(group)

    assert not root.has_perm("wagtailadmin.access_admin")
    assert not root.has_module_perms("media")
    assert root.get_all_permissions() == set()


def test_the_own_account_changes_name_and_password_with_its_events(unit: Unit) -> None:
    an = factories.person("an", Role.EDITOR, unit)
    client = Client()
    client.force_login(an)
    values = {
        "name_email-full_name": "安小禾",
        "name_email-email": "an@fangtang.example",
        "locale-preferred_language": "en",
        "locale-current_time_zone": "Asia/Shanghai",
    }
    values |= {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
    passwords = {"password-old_password": PASSWORD, "password-new_password1": "clear as the pond", "password-new_password2": "clear as the pond"}

    assert client.post(reverse("wagtailadmin_account"), values).status_code == 302
    assert client.post(reverse("wagtailadmin_account"), values | passwords).status_code == 302

    an.refresh_from_db()
    assert an.full_name == "安小禾"
    assert an.check_password("clear as the pond")
    assert list(
        Event.objects.filter(subject=f"people.user:{an.pk}", verb__in=["people.change_account", "people.set_password"]).values_list("verb", flat=True)
    ) == [
        "people.change_account",
        "people.set_password",
    ]


def test_the_own_account_takes_no_picture(unit: Unit) -> None:
    an = factories.person("an", Role.EDITOR, unit)
    client = Client()
    client.force_login(an)
    page = client.get(reverse("wagtailadmin_account")).content.decode()
    client.post(reverse("wagtailadmin_account"), {"avatar-avatar": SimpleUploadedFile("a.png", drawings.png())})

    assert 'type="file"' not in page
    assert not User.objects.get(pk=an.pk).wagtail_userprofile.avatar


def test_an_invitation_works_once(client: Client, unit: Unit) -> None:
    new = factories.user("new", unit=unit)
    wei = Client()
    wei.force_login(factories.person("wei", Role.OPERATOR, unit))
    page = wei.post(reverse("people:invite", args=[new.pk])).content.decode()
    address = page.split('ft-address">')[1].split("<")[0]
    chosen = {"new_password1": "clear as the pond", "new_password2": "clear as the pond"}

    assert "new" in client.get(address).content.decode()
    assert client.post(address, {"new_password1": "short", "new_password2": "short"}).status_code == 200
    assert client.post(address, chosen).status_code == 302
    assert client.post(address, chosen).status_code == client.get("/desk/welcome/%00/x/").status_code == 410
    assert User.objects.get(pk=new.pk).check_password("clear as the pond")


def test_what_an_action_refuses_is_said_and_nothing_typed_is_lost(unit: Unit) -> None:
    wei = factories.person("wei", Role.OPERATOR, unit)
    client = Client()
    client.force_login(wei)
    sent = {"user": "wei", "role": "editor", "unit": unit.pk, "reach": "unit", "starts_on": "2026-12-24", "ends_on": ""}
    page = client.post(reverse("people:appoint"), sent).content.decode()

    assert "Nobody gives a post to themselves" in page
    assert "2026-12-24" in page
    assert "There is no active login" in client.post(reverse("people:appoint"), sent | {"user": "nobody"}).content.decode()


def test_the_not_found_page_speaks_the_persons_language(unit: Unit) -> None:
    an = factories.user("an", unit=unit)
    factories.post(an, Role.EDITOR, unit)
    actions.change_person(an, full_name="An", email="", language="zh-hant", is_active=True, by=None, now=NOW)
    client = Client()
    client.force_login(an)

    assert '<html lang="zh-hant">' in client.get("/desk/no-such/").content.decode()

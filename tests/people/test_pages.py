"""The pages about people as somebody reads, or hears, them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from fangtang.people.models import User
from fangtang.people.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def wei(settings) -> User:
    settings.ALLOWED_HOSTS = ["testserver"]
    person = factories.person("wei", Role.OPERATOR, factories.unit("education", name="市教育局"))
    User.objects.filter(pk=person.pk).update(full_name="魏强")
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="fangtang.people.sign_in.PostBackend")
    return client


def test_the_side_bar_names_the_person_not_the_login(wei: User) -> None:
    page = signed_in(wei).get(reverse("wagtailadmin_home")).content.decode()
    [found] = re.findall(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)

    assert [one["name"] for one in walked(json.loads(found)) if isinstance(one, dict) and "avatarUrl" in one] == ["魏强"]


def test_the_list_says_who_keeps_a_person_and_whether_they_may_sign_in(wei: User) -> None:
    User.objects.filter(pk=wei.pk).update(unit=wei.posts.get().unit)
    page = signed_in(wei).get(reverse("people:index")).content.decode()
    [listing] = re.findall(r'<table class="listing.*?</table>', page, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", listing).split()

    assert {"市教育局", "yes"} <= set(words)
    assert "True" not in words


@pytest.mark.parametrize("chosen", ["zh-hans", "en", ""])
def test_the_words_of_scripts_are_in_the_language_that_the_person_chose(wei: User, chosen: str) -> None:
    profile = UserProfile.get_for_user(wei)
    profile.preferred_language = chosen
    profile.save()
    other = "en" if chosen == "zh-hans" else "zh-CN"

    catalogue = signed_in(wei).get(reverse("wagtailadmin_javascript_catalog"), headers={"Accept-Language": other}).content.decode()

    assert ("\\u" in catalogue) is (chosen == "zh-hans")


def walked(value: Any) -> Iterator[Any]:
    """Every value within a value."""
    yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walked(one)

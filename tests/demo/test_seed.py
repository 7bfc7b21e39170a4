"""The reference city in the database: whole, signed in the open, and the same when asked again."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fangtang.articles.models import Article
from fangtang.demo.management.commands.import_units import key_of
from fangtang.outlets.models import Section, Site
from fangtang.outlets.queries import wrong_addresses
from fangtang.people.models import Body, Post, Unit, User
from fangtang.people.roles import Role
from fangtang.releases.models import Release
from fangtang.reviews.models import Step
from fangtang.reviews.states import APPROVED
from fangtang.snapshots import effects

pytestmark = pytest.mark.django_db
SIZE = 16


@pytest.fixture
def seeded(settings, home: Path, django_capture_on_commit_callbacks) -> dict[str, object]:
    settings.HOME = home
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("seed", "--size", str(SIZE), stdout=StringIO())
    call_command("seed", "--size", str(SIZE), "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_city_is_whole(seeded: dict[str, object]) -> None:
    assert len(seeded["hosts"]) == Site.objects.count() == 50
    assert Article.objects.count() == SIZE
    assert not Site.objects.filter(emblem=None).exists()
    assert not User.objects.filter(unit=None, posts__isnull=False).exists()
    assert {login["role"] for login in seeded["logins"]} == set(Role.values)
    assert set(Post.objects.values_list("role", flat=True)) == set(Role.values)
    assert wrong_addresses(Section.objects.filter(site__key="www")) == []

    released = Release.objects.filter(kind="sign")
    assert released.exists()
    assert Step.objects.filter(turn__in=released.values("turn")).exclude(status=APPROVED).count() == 0
    store = effects.store()
    assert all(b"/assets/emblem." in store.read(site["key"], "index.html") for site in seeded["hosts"])

    before = (Unit.objects.count(), Article.objects.count(), Release.objects.count())
    call_command("seed", "--size", str(SIZE), "--json", stdout=StringIO())
    assert (Unit.objects.count(), Article.objects.count(), Release.objects.count()) == before


def test_another_body_is_left_alone() -> None:
    Body.objects.create(name="某市人民政府")
    with pytest.raises(CommandError, match="another body"):
        call_command("seed")


def test_units_from_a_list_need_a_body_and_a_column(tmp_path: Path) -> None:
    names = tmp_path / "units.csv"
    names.write_text("dept,title\n区教委,甲\n区教委,乙\n清河街道,丙\n", encoding="utf-8")
    with pytest.raises(CommandError, match="seed"):
        call_command("import_units", str(names), "--column", "dept")


@pytest.mark.parametrize(("name", "key"), [("区教委", "qujiaowei"), ("清河街道", "qinghejiedao"), ("（　）", "unit")])
def test_keys_are_host_labels(name: str, key: str) -> None:
    assert key_of(name) == key

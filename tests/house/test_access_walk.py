"""Every pattern × every role × own, other and missing object × GET and POST, compared with what is declared.

Somebody who may not have an object gets exactly the bytes of an address that does not exist; no answer to anybody contains the marker of
another unit; and a pattern that nobody ever reached is a fault too, since a guard that refuses everybody proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import Collection

from fangtang.media.permissions import ShelfPolicy
from fangtang.people import access, checks
from fangtang.people.access import PUBLIC, SIGNED_IN, Access, Who, roles
from fangtang.people.roles import Role
from tests.house import samples, walking
from tests.house.walking import World

pytestmark = pytest.mark.django_db

samples.discover()
DOORS = tuple(dict.fromkeys(pattern.door for pattern in checks.patterns()))
MEANT_TO_BE_PUBLIC = {"people_welcome", "wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two units with one of everything and a person for every role; made once, every request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        uploads = tmp_path_factory.mktemp("walk")
        with override_settings(MEDIA_ROOT=uploads):
            yield walking.build(uploads)
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, settings) -> World:
    settings.MEDIA_ROOT = built.uploads
    settings.SNAPSHOT_ROOT = built.uploads / "snapshots"
    walking.look_nowhere(built)
    return built


def test_every_address_is_declared_once() -> None:
    assert [str(found.msg) for found in checks.every_address_is_declared(None)] == []


def test_only_what_signing_in_needs_is_public() -> None:
    assert {door for door, rule in access.declarations().items() if rule.who is Who.PUBLIC} == MEANT_TO_BE_PUBLIC


@pytest.mark.parametrize("door", DOORS)
def test_door(world: World, door: str) -> None:
    found = walking.faults(world, door)
    assert not found, "\n".join([f"{len(found)} faults:", *found[:12]])


def few(world: World) -> World:
    """Enough people to notice a break: somebody outside, somebody with a flag, two with a post."""
    return replace(world, walkers=[walker for walker in world.walkers if walker.name in ("anonymous", "superuser", "editor", "auditor")])


def planted(monkeypatch: pytest.MonkeyPatch, door: str, rule: Access) -> None:
    monkeypatch.setitem(access._declared, door, rule)


GUARDED_TWICE = {"people:change", "people:invite"}
"""Where the action asks again and the answer is the same: without the declaration's rule nothing leaks either."""
ISOLATED = tuple(sorted(door for door, rule in access.declarations().items() if rule.units_of and samples.samples_of(door)))


@pytest.mark.parametrize("door", ISOLATED)
def test_a_removed_unit_rule_is_caught(world: World, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    rule = access.declarations()[door]
    planted(monkeypatch, door, replace(rule, units_of=None))
    samples.take_away_second_rule(door, monkeypatch)
    one = replace(world, walkers=[walker for walker in world.walkers if walker.role in rule.roles][:1])

    caught = any("does not look like" in fault or "another unit" in fault for fault in walking.faults(one, door))
    assert caught != (door in GUARDED_TWICE)


@pytest.mark.parametrize("door", ["wagtailimages:index", "wagtaildocs_serve", "fangtang_uploads", "wagtailadmin_home"])
def test_an_address_made_public_is_caught(world: World, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    planted(monkeypatch, door, PUBLIC)

    assert walking.faults(few(world), door)


@pytest.mark.parametrize("door", ["wagtailimages:index", "wagtaildocs:edit"])
def test_an_address_opened_to_everybody_signed_in_is_caught(world: World, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    planted(monkeypatch, door, SIGNED_IN)

    assert walking.faults(few(world), door)


def test_a_door_that_refuses_everybody_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "wagtailimages:edit", roles(Role.EDITOR).of(lambda request, captured: ()))

    assert "wagtailimages:edit was never reached by anybody" in walking.faults(few(world), "wagtailimages:edit")


def test_a_forgotten_declaration_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(access._declared, "wagtailimages:edit")

    assert "no declaration" in walking.faults(few(world), "wagtailimages:edit")[0]


@pytest.mark.parametrize("door", ["wagtailimages:edit", "wagtailusers_users:index", "wagtaildocs_serve", "wagtailadmin_pages:history"])
def test_a_dropped_guard_is_caught(world: World, settings, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "access_guard" not in name]
    for walker in world.walkers:
        monkeypatch.setattr(walker.client.handler, "_middleware_chain", None)

    assert walking.faults(few(world), door)


@pytest.mark.parametrize(
    "door",
    [
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailimages_chooser:choose",
        "wagtaildocs_chooser:chosen_multiple",
        "wagtailimages_chooser:chosen_multiple",
    ],
)
def test_a_removed_filter_of_shelves_is_caught(world: World, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    monkeypatch.setattr(ShelfPolicy, "_collections", lambda self, user, actions: Collection.objects.all())

    assert any("another unit" in fault for fault in walking.faults(few(world), door))


def test_a_list_that_is_always_empty_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShelfPolicy, "instances_user_has_any_permission_for", lambda self, user, actions: self.model.objects.none())

    assert "wagtailimages:index: nobody ever saw their own ['picture'] there" in walking.faults(few(world), "wagtailimages:index")


def test_every_check_says_a_forgotten_declaration(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(access._declared, "wagtailimages:edit")
    call_command("check")

    assert "(people.W001) The address wagtailimages:edit has no declaration." in capsys.readouterr().err


def test_a_new_pattern_without_sample_says_what_to_add(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(samples._samples, "wagtailimages:edit")

    assert 'samples.register("wagtailimages:edit"' in walking.faults(few(world), "wagtailimages:edit")[0]

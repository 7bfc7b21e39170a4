"""What operators may decide about units, people and posts, and what nobody may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fangtang.audit.models import Event
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible
from fangtang.media.models import Shelf
from fangtang.people import actions, queries
from fangtang.people.models import Post, Reach, Unit, UnitKind, User
from fangtang.people.roles import Role
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
NEXT_MONTH = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def county() -> Unit:
    return factories.unit("county", kind=UnitKind.COUNTY)


@pytest.fixture
def wei(county: Unit) -> User:
    return factories.person("wei", Role.OPERATOR, county, reach=Reach.BELOW)


@pytest.fixture
def an(county: Unit) -> User:
    return factories.user("an", unit=county)


def appoint(user: User, unit: Unit, *, by: User | None, role: str = Role.EDITOR, reach: str = Reach.UNIT, **days: Any) -> Post:
    return actions.appoint(user, role=role, unit=unit, reach=reach, **({"starts_on": TODAY, "ends_on": None} | days), by=by, now=NOW)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {obstacle.code for obstacle in error.value.obstacles}


def test_an_operator_appoints_and_the_log_says_so(an: User, wei: User, county: Unit) -> None:
    post = appoint(an, county, by=wei)

    assert [duty.role for duty in queries.duties(an, day=TODAY)] == [Role.EDITOR]
    event = Event.objects.get(verb="people.appoint")
    assert (event.by, event.subject, event.unit_id, event.facts["role"]) == (wei, f"people.post:{post.pk}", county.pk, "editor")


def test_nobody_appoints_themselves_nor_stands_in_by_their_own_hand(an: User, wei: User, county: Unit) -> None:
    with pytest.raises(NotPossible) as refused:
        appoint(wei, county, by=wei)
    assert codes(refused) == {"people.not_yourself"}

    post = appoint(an, county, by=wei)
    with pytest.raises(NotPossible) as refused:
        actions.stand_in(post, user=wei, starts_on=TODAY, ends_on=TODAY, by=wei, now=NOW)
    assert codes(refused) == {"people.not_yourself"}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR])
def test_no_other_role_appoints(an: User, county: Unit, role: Role) -> None:
    with pytest.raises(NotAllowed):
        appoint(an, county, by=factories.person("other", role, county, reach=Reach.BELOW))


def test_an_operator_appoints_within_reach_only_and_gives_no_more_reach(an: User, county: Unit) -> None:
    narrow = factories.person("narrow", Role.OPERATOR, county)
    town, elsewhere = factories.unit("town", under=county), factories.unit("elsewhere")

    for unit, reach in ((town, Reach.UNIT), (elsewhere, Reach.UNIT), (county, Reach.BELOW)):
        with pytest.raises(NotAllowed):
            appoint(an, unit, by=narrow, reach=reach)


def test_a_superuser_without_a_post_appoints_nobody(an: User, county: Unit) -> None:
    with pytest.raises(NotAllowed):
        appoint(an, county, by=factories.user("root", is_superuser=True))


def test_every_reason_is_told_at_once(an: User, wei: User, county: Unit) -> None:
    appoint(an, county, by=wei, role=Role.AUDITOR)
    with pytest.raises(NotPossible) as refused:
        appoint(an, county, by=an_operator(county, an), role=Role.AUDITOR)
    assert codes(refused) == {"people.held_already"}
    with pytest.raises(NotPossible) as refused:
        appoint(an, county, by=wei, role=Role.SECURITY_OFFICER, starts_on=TODAY, ends_on=date(2020, 1, 1))
    assert "people.ends_before_start" in codes(refused)


def an_operator(unit: Unit, besides: User) -> User:
    return factories.person(f"operator-besides-{besides.username}", Role.OPERATOR, unit)


@pytest.mark.parametrize(("held", "wanted"), [(Role.OPERATOR, Role.AUDITOR), (Role.AUDITOR, Role.SECURITY_OFFICER), (Role.SECURITY_OFFICER, Role.OPERATOR)])
def test_the_three_offices_are_three_people(an: User, wei: User, county: Unit, held: Role, wanted: Role) -> None:
    post = appoint(an, county, by=wei, role=held)
    with pytest.raises(NotPossible) as refused:
        appoint(an, factories.unit("town", under=county), by=wei, role=wanted)
    assert codes(refused) == {"people.second_office"}

    actions.dismiss(post, ends_on=TODAY, by=wei, now=NOW)
    appoint(an, county, by=wei, role=wanted, starts_on=date(2026, 11, 22))


def test_a_stand_in_counts_as_holding(an: User, wei: User, county: Unit) -> None:
    yu = factories.person("yu", Role.AUDITOR, county)
    actions.stand_in(yu.posts.get(), user=an, starts_on=NEXT_MONTH[0], ends_on=NEXT_MONTH[1], by=wei, now=NOW)

    with pytest.raises(NotPossible) as refused:
        appoint(an, county, by=wei, role=Role.OPERATOR)
    assert codes(refused) == {"people.second_office"}


def test_a_stand_in_stays_within_the_post_and_is_somebody_else(an: User, wei: User, county: Unit) -> None:
    post = appoint(an, county, by=wei, ends_on=NEXT_MONTH[0])
    with pytest.raises(NotPossible) as refused:
        actions.stand_in(post, user=an, starts_on=TODAY, ends_on=NEXT_MONTH[1], by=wei, now=NOW)
    assert codes(refused) >= {"people.stands_in_for_oneself", "people.stand_in_outside_post"}


def test_dismissing_ends_the_post_and_its_stand_ins(an: User, wei: User, county: Unit) -> None:
    bo = factories.user("bo")
    post = appoint(an, county, by=wei)
    actions.stand_in(post, user=bo, starts_on=TODAY, ends_on=NEXT_MONTH[1], by=wei, now=NOW)
    actions.dismiss(post, ends_on=TODAY, by=wei, now=NOW)

    assert queries.duties(an, day=date(2026, 11, 22)) == queries.duties(bo, day=date(2026, 11, 22)) == ()
    assert queries.duties(bo, day=TODAY)
    with pytest.raises(NotPossible):
        actions.dismiss(post, ends_on=NEXT_MONTH[0], by=wei, now=NOW)


def test_a_post_that_never_began_goes_altogether(an: User, wei: User, county: Unit) -> None:
    post = appoint(an, county, by=wei, starts_on=NEXT_MONTH[0])
    actions.dismiss(post, ends_on=TODAY, by=wei, now=NOW)

    assert not Post.objects.filter(user=an).exists()
    assert Event.objects.filter(verb="people.dismiss").exists()


def test_a_new_unit_gets_its_shelf(wei: User, county: Unit) -> None:
    town = actions.open_unit("town", name="河西镇", kind=UnitKind.TOWN, under=county, by=wei, now=NOW)

    assert town.is_child_of(Unit.objects.get(pk=county.pk))
    assert Shelf.objects.get(unit=town).collection.name == "河西镇"
    with pytest.raises(Invalid, match="key_taken"):
        actions.open_unit("town", name="x", kind=UnitKind.TOWN, under=county, by=wei, now=NOW)


def test_units_are_opened_and_changed_within_reach_only(wei: User, county: Unit) -> None:
    elsewhere = factories.unit("elsewhere")
    with pytest.raises(NotAllowed):
        actions.open_unit("x", name="x", kind=UnitKind.TOWN, under=elsewhere, by=wei, now=NOW)
    with pytest.raises(NotAllowed):
        actions.open_unit("x", name="x", kind=UnitKind.TOWN, under=None, by=wei, now=NOW)
    with pytest.raises(NotAllowed):
        actions.change_unit(elsewhere, name="x", short_name="", kind=UnitKind.TOWN, by=wei, now=NOW)


def test_a_person_is_added_invited_and_chooses_a_password(wei: User, county: Unit) -> None:
    new = actions.add_person("new", full_name="新人", email="", language="zh-hant", unit=county, by=wei, now=NOW)
    assert not new.has_usable_password()

    token = actions.invite(new, by=wei, now=NOW)
    actions.accept_invitation(new, token=token, password="a mirror opens", now=NOW)
    new.refresh_from_db()

    assert new.check_password("a mirror opens")
    assert new.wagtail_userprofile.preferred_language == "zh-hant"
    with pytest.raises(NotAllowed):
        actions.accept_invitation(new, token=token, password="a second time", now=NOW)
    assert {event.verb for event in Event.objects.all()} >= {"people.add_person", "people.invite", "people.set_password"}


def test_nobody_sets_the_password_of_somebody_else(an: User, wei: User) -> None:
    with pytest.raises(NotAllowed):
        actions.set_password(an, password="x", by=wei, now=NOW)


def test_only_who_reaches_every_post_of_a_person_keeps_the_login(an: User, wei: User, county: Unit) -> None:
    elsewhere = factories.unit("elsewhere")
    factories.post(an, Role.EDITOR, elsewhere)

    for decide in (lambda: actions.invite(an, by=wei, now=NOW), lambda: change(an, by=wei)):
        with pytest.raises(NotAllowed):
            decide()


def test_an_operator_does_not_keep_their_own_login(wei: User) -> None:
    with pytest.raises(NotAllowed):
        actions.invite(wei, by=wei, now=NOW)


def test_an_inactive_person_may_nothing(an: User, wei: User, county: Unit) -> None:
    appoint(an, county, by=wei)
    change(an, by=wei, is_active=False)

    assert queries.duties(User.objects.get(pk=an.pk), day=TODAY) == ()
    assert "is_active" in Event.objects.get(verb="people.change_person").facts["fields"]


def change(user: User, *, by: User, **values: Any) -> None:
    wanted = {"full_name": user.full_name, "email": user.email, "language": "en", "is_active": True} | values
    actions.change_person(user, **wanted, by=by, now=NOW)

"""Who may act for whom on which day."""

from __future__ import annotations

from datetime import date

import pytest

from fangtang.people import queries
from fangtang.people.models import Reach, StandIn
from fangtang.people.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_post_counts_from_its_first_to_its_last_day() -> None:
    unit, chen = factories.unit(), factories.user("chen")
    factories.post(chen, Role.REVIEWER_1, unit, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))

    counted = [bool(queries.duties(chen, day=day)) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))]

    assert counted == [False, True, True, False]


def test_reach_below_covers_the_units_below_and_no_neighbour() -> None:
    county = factories.unit("county")
    town, neighbour = factories.unit("town", under=county), factories.unit("neighbour")
    head = factories.person("head", Role.REVIEWER_2, county, reach=Reach.BELOW)

    assert set(queries.units_of(head, roles={Role.REVIEWER_2}, day=factories.TODAY)) == {county, town}
    assert head in queries.holders(Role.REVIEWER_2, unit=town, day=factories.TODAY)
    assert head not in queries.holders(Role.REVIEWER_2, unit=neighbour, day=factories.TODAY)


def test_a_stand_in_acts_for_the_days_named() -> None:
    unit, chen, ding = factories.unit(), factories.user("chen"), factories.user("ding")
    post = factories.post(chen, Role.REVIEWER_1, unit)
    StandIn.objects.create(post=post, user=ding, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))

    assert queries.duties(ding, day=factories.TODAY)[0].post_id == post.pk
    assert queries.duties(ding, day=date(2026, 12, 1)) == ()


def test_an_inactive_person_has_no_duties() -> None:
    gone = factories.person("gone", Role.EDITOR, factories.unit())
    gone.is_active = False

    assert queries.duties(gone, day=factories.TODAY) == ()

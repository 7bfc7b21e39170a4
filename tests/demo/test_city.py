"""The reference city is complete, consistent and plainly invented."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from fangtang.demo import city, people, places, sections
from fangtang.people.roles import Role

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def test_one_portal_twenty_nine_departments_twenty_counties() -> None:
    assert Counter(unit.kind for unit in city.site_units()) == {"city": 1, "department": 29, "county": 20}


def test_keys_hosts_and_names_are_unique() -> None:
    rows = list(city.unit_rows())
    for values in ([row.key for row in rows], [row.name for row in rows], [unit.host for unit in city.site_units()]):
        assert max(Counter(values).values()) == 1


def test_parents_come_first() -> None:
    seen: set[str | None] = {None}
    for row in city.unit_rows():
        assert row.parent_key in seen
        seen.add(row.key)


def test_every_county_has_three_to_six_towns_with_communities() -> None:
    for unit in city.counties():
        assert 3 <= len(unit.towns) <= 6
        assert all(2 <= len(town.communities) <= 3 for town in unit.towns)


def test_hosts_can_be_labels_of_addresses() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,40}", unit.host) for unit in city.site_units())


def test_no_number_can_be_real() -> None:
    for unit in city.site_units():
        imprint = unit.imprint
        assert imprint.identification_code.startswith("0000")
        assert len(imprint.identification_code) == 10
        assert imprint.icp_number.startswith("方ICP备00000000号")
        assert imprint.phone.startswith("0000-")
        assert imprint.postcode.startswith("0000")
        assert imprint.email.endswith(".example")


def test_credit_codes_have_a_right_check_digit_in_no_division() -> None:
    for unit in city.site_units():
        code = unit.imprint.social_credit_code
        assert code[2:8] == "000000"
        total = sum(city.USCC_ALPHABET.index(sign) * weight for sign, weight in zip(code, WEIGHTS, strict=False))
        assert city.USCC_ALPHABET.index(code[17]) == -total % 31


def test_colours_are_colours_and_no_two_neighbours_share_one() -> None:
    for unit in city.site_units():
        assert re.fullmatch(r"#[0-9a-f]{6}", unit.colour)
        assert re.fullmatch(r"#[0-9a-f]{6}", unit.accent)
    assert len({unit.colour for unit in city.site_units()}) == 50


def test_roles_are_the_roles_that_posts_can_have() -> None:
    assert {person.role for person in people.people(1)} - {""} == set(Role.values)


def test_there_is_a_login_for_every_role_at_the_city_office() -> None:
    assert {person.role for person in people.demo_logins()} >= set(Role.values)
    assert [person.user_name for person in people.demo_logins() if not person.role] == ["lin", "mo"]


def test_user_names_are_unique_and_ascii() -> None:
    names = [person.user_name for person in people.people(1)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9.-]{2,60}", name) for name in names)


@pytest.mark.parametrize("unit", [unit for unit in city.site_units() if unit.kind != "city"], ids=lambda unit: unit.key)
def test_every_site_has_its_team_with_different_names(unit: city.SiteUnit) -> None:
    team = [person for person in people.people(1) if person.unit_key == unit.key]
    assert Counter(person.role for person in team) == {
        "editor": 1,
        "proofreader": 3,
        "reviewer_1": 1,
        "reviewer_2": 1,
        "reviewer_3": 1,
        "chief_editor": 1,
        "site_manager": 1,
    }
    assert len({person.full_name for person in team}) == len(team)


def test_every_town_has_an_editor_and_a_reviewer() -> None:
    towns = {town.key for unit in city.counties() for town in unit.towns}
    held = {(person.unit_key, person.role) for person in people.people(1)}
    assert all((town, role) in held for town in towns for role in ("editor", "reviewer_1"))


@pytest.mark.parametrize("kind", sections.TREES)
def test_slugs_are_unique_and_layouts_name_sections_that_exist(kind: city.SiteKind) -> None:
    slugs = [section.slug for section in sections.flat(kind)]
    assert len(slugs) == len(set(slugs))
    assert {slug for block in sections.LAYOUTS[kind] for slug in block.section.split()} <= set(slugs)


@pytest.mark.parametrize("kind", sections.TREES)
@pytest.mark.parametrize("role", ["news", "notices", "policy", "interpretation", "qa", "people", "consultation"])
def test_every_kind_of_site_has_a_section_for_every_role(kind: city.SiteKind, role: str) -> None:
    assert sections.slug_for(kind, role=role) in {section.slug for section in sections.flat(kind)}


def test_a_departments_news_stands_under_department_news_on_the_portal() -> None:
    role = sections.placed_role("news", origin="department", target="city")
    assert sections.slug_for("city", role=role) == "department-news"
    assert sections.slug_for("city", role=sections.placed_role("town-news", origin="county", target="city")) == "county-news"
    assert sections.slug_for("county", role=sections.placed_role("news", origin="department", target="county")) == "news"


def test_village_names_are_many_and_all_different() -> None:
    names = [community.name for row in places.counties() for town in row.towns for community in town.communities]
    assert len(names) == len(set(names)) > 180

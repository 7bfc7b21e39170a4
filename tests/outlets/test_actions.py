"""Decisions about the register."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.outlets import actions, policies, queries
from fangtang.outlets.actions import Host
from fangtang.outlets.models import Section
from fangtang.outlets.registry import site_changed
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_host_is_given_once() -> None:
    unit = factories.unit()
    actions.open_site(host=Host("a.localhost", 80), key="a", name="A", unit=unit, by=None, now=NOW)
    with pytest.raises(Invalid, match=r"outlets\.host_taken"):
        actions.open_site(host=Host("a.localhost", 80), key="b", name="B", unit=unit, by=None, now=NOW)


def test_renaming_a_section_renames_the_addresses_below() -> None:
    office = factories.office()
    below = factories.section(office.site, "city", under=office.section)

    actions.change_section(office.section, slug="topical", by=None, now=NOW)

    below.refresh_from_db()
    assert below.address == "topical/city"


def test_a_section_cannot_move_below_itself() -> None:
    office = factories.office()
    below = factories.section(office.site, "city", under=office.section)
    with pytest.raises(NotPossible):
        actions.move_section(Section.objects.get(pk=office.section.pk), target=below, position="last-child", by=None, now=NOW)


def test_a_section_cannot_move_to_another_site() -> None:
    here, there = factories.office("here"), factories.office("there")
    with pytest.raises(Invalid, match=r"outlets\.other_site"):
        actions.move_section(here.section, target=there.section, position="right", by=None, now=NOW)


def test_closing_closes_what_is_below() -> None:
    office = factories.office()
    factories.section(office.site, "city", under=office.section)
    assert actions.close_section(Section.objects.get(pk=office.section.pk), by=None, now=NOW) == 2
    assert not queries.open_sections().exists()


def test_sections_take_their_own_unit_and_contributors() -> None:
    office = factories.office()
    stranger = factories.unit("stranger")
    assert queries.accepts(office.section, office.unit)
    assert not queries.accepts(office.section, stranger)
    office.section.contributors.add(stranger)
    assert queries.accepts(office.section, stranger)


def test_listeners_hear_after_commit(django_capture_on_commit_callbacks) -> None:
    heard: list[tuple[int, str]] = []
    office = factories.office()
    site_changed.register("tests.listener")(lambda site_id, verb: heard.append((site_id, verb)))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.change_site(office.site, name="新名", by=None, now=NOW)
            actions.change_site(office.site, name="新名", by=None, now=NOW)
    finally:
        site_changed._things.pop("tests.listener")
    assert heard == [(office.site.pk, "outlets.change_site")]


def test_every_site_follows_the_port() -> None:
    office = factories.office()
    assert actions.change_port(8001, by=None, now=NOW) == 1
    assert actions.change_port(8001, by=None, now=NOW) == 0
    office.site.wagtail_site.refresh_from_db()
    assert office.site.wagtail_site.port == 8001


slugs = st.sampled_from(["a", "b", "c", "d"])
steps = st.lists(st.tuples(st.sampled_from(["add", "rename", "move"]), st.integers(0, 5), st.integers(0, 5), slugs), max_size=12)


class AddressesFollowTheTree(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(steps)
    def test_whatever_is_added_renamed_and_moved(self, steps: list[tuple[str, int, int, str]]) -> None:
        site = factories.site(unit=factories.unit())
        for verb, one, other, slug in steps:
            self.act(site, verb=verb, one=one, other=other, slug=slug)
            assert queries.wrong_addresses(Section.objects.filter(site=site)) == []

    def act(self, site: object, *, verb: str, one: int, other: int, slug: str) -> None:
        sections = list(Section.objects.filter(site=site).order_by("pk"))
        first = sections[one % len(sections)] if sections else None
        second = sections[other % len(sections)] if sections else None
        try:
            if verb == "add" or first is None or second is None:
                actions.add_section(site, under=first if other % 2 else None, name=slug, slug=slug, by=None, now=NOW)
            elif verb == "rename":
                actions.change_section(first, slug=slug, by=None, now=NOW)
            elif first != second:
                actions.move_section(first, target=second, position="last-child", by=None, now=NOW)
        except NotPossible:
            return


@given(st.lists(st.sampled_from(["a", "b", "assets", "page"]), min_size=1, max_size=4))
def test_reserved_words_are_refused_at_the_root_only(slugs: list[str]) -> None:
    address = "/".join(slugs)
    found = [obstacle.code for obstacle in policies.obstacles_to_address(address, taken=())]
    assert (found == ["outlets.slug_reserved"]) == (slugs[0] in policies.RESERVED_SLUGS)

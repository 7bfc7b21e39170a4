"""Terms and obstacles, by properties."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fangtang.people import policies
from fangtang.people.policies import OFFICES, Term
from fangtang.people.roles import Role

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
TERMS = st.builds(
    lambda role, unit, start, length: Term(role, unit, start, None if length is None else start + timedelta(length)),
    st.sampled_from(Role.values),
    st.integers(1, 2),
    DAYS,
    st.none() | st.integers(0, 20),
)


def days(term: Term) -> set[date]:
    last = term.ends_on or date(2026, 4, 1)
    return {term.starts_on + timedelta(number) for number in range((last - term.starts_on).days + 1)}


@given(TERMS, TERMS)
def test_overlap_is_a_shared_day(one: Term, other: Term) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(days(one) & days(other))


@given(TERMS, st.lists(TERMS, max_size=4))
def test_whoever_gets_a_post_never_holds_two_offices_on_a_day(wanted: Term, held: list[Term]) -> None:
    if policies.obstacles_to_holding(wanted, held=held):
        return
    for term in held:
        if term.overlaps(wanted) and wanted.role in OFFICES:
            assert term.role not in OFFICES - {wanted.role}
        assert not (term.overlaps(wanted) and (term.role, term.unit_id) == (wanted.role, wanted.unit_id))


@given(st.integers(1, 3), st.none() | st.integers(1, 3))
def test_nobody_decides_about_themselves(user_id: int, by_id: int | None) -> None:
    assert bool(policies.obstacles_to_deciding(by_id=by_id, user_id=user_id)) == (user_id == by_id)

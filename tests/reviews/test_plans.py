"""Plans as values and as rows: what is sound, how several merge, which one counts where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.kernel.errors import Invalid
from fangtang.reviews import plan_actions, plans, queries
from tests import factories
from tests.factories import NOW
from tests.reviews import rounds


@st.composite
def sound(draw: st.DrawFn) -> plans.Plan:
    """A sound plan: levels of each kind, shuffled together with each kind's order kept."""
    proofreads = draw(st.sets(st.integers(1, 3)))
    reviews = draw(st.sets(st.integers(1, 4), min_size=1))
    kinds = draw(st.permutations([plans.PROOFREAD] * len(proofreads) + [plans.REVIEW] * len(reviews)))
    levels = {plans.PROOFREAD: iter(sorted(proofreads)), plans.REVIEW: iter(sorted(reviews))}
    return tuple(f"{kind}:{next(levels[kind])}" for kind in kinds)


@given(st.lists(sound(), max_size=4))
def test_the_strictest_plan_is_sound_and_leaves_out_nothing(some: list[plans.Plan]) -> None:
    merged = plans.strictest(some)

    assert all(not plans.missing(plan, merged) for plan in some)
    assert set(merged) == {name for plan in some for name in plan}
    assert not some or plans.faults(merged) == ()


@given(st.lists(sound(), min_size=1, max_size=4), st.randoms())
def test_merging_asks_for_no_order_of_arguments(some: list[plans.Plan], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert plans.strictest(shuffled) == plans.strictest(some)
    assert plans.strictest([some[0]]) == some[0]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((), "reviews.plan_without_review"),
        (("proofread:1",), "reviews.plan_without_review"),
        (("review:1", "review:1"), "reviews.plan_step_twice"),
        (("review:2", "review:1"), "reviews.plan_levels_fall"),
        (("review:5",), "reviews.plan_unknown_step"),
        (("review:0",), "reviews.plan_unknown_step"),
        (("proofread:4", "review:1"), "reviews.plan_unknown_step"),
        (("signature",), "reviews.plan_unknown_step"),
    ],
)
def test_unsound_plans_are_named(steps: tuple[str, ...], fault: str) -> None:
    assert fault in plans.faults(steps)


def test_the_defaults_are_sound() -> None:
    assert all(plans.faults(steps) == () for steps in plans.DEFAULT.values())


@pytest.mark.django_db
def test_the_most_particular_plan_counts() -> None:
    office = factories.office()
    below = factories.section(office.site, "schools", under=office.section)
    other = factories.section(office.site, "other")
    asked = lambda section, sensitivity="ordinary": queries.plan_for([section], sensitivity=sensitivity)  # noqa: E731

    assert asked(below) == plans.DEFAULT["ordinary"]
    rounds.plan("review:4")
    assert asked(below) == ("review:4",)
    rounds.plan("review:3", site=office.site)
    assert asked(below) == ("review:3",)
    rounds.plan("review:2", section=office.section)
    assert asked(below) == ("review:2",)
    rounds.plan("review:1", section=below)
    rounds.plan("proofread:1", "review:1", section=below, sensitivity="major")
    assert (asked(below), asked(below, "major"), asked(other)) == (("review:1",), ("proofread:1", "review:1"), ("review:3",))
    assert queries.plan_for([below, other], sensitivity="ordinary") == ("review:1", "review:3")
    assert queries.plan_for([], sensitivity="ordinary") == ("review:4",)


@pytest.mark.django_db
def test_plans_are_laid_down_once_for_a_place() -> None:
    office = factories.office()
    plan_actions.lay_down(name="one", steps=["review:1"], site=office.site, by=None, now=NOW)

    with pytest.raises(Invalid, match="plan_taken"):
        plan_actions.lay_down(name="two", steps=["review:1"], site=office.site, by=None, now=NOW)
    with pytest.raises(Invalid, match="plan_without_review"):
        plan_actions.lay_down(name="two", steps=[], section=office.section, by=None, now=NOW)

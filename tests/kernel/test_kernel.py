"""Errors, life cycles, registries, hashing and text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.kernel import hashing, text
from fangtang.kernel.errors import Invalid, NotPossible, Obstacle
from fangtang.kernel.lifecycle import LifeCycle, Move
from fangtang.kernel.registry import Registry

DOOR = LifeCycle("door", start="shut", moves=(Move("shut", "open", "ajar", "anybody"), Move("ajar", "close", "shut", "anybody")))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def test_not_possible_carries_all_obstacles() -> None:
    both = (Obstacle("a.one"), Obstacle("a.two", {"n": 1}, (7,)))
    assert NotPossible("a.refused", obstacles=both).obstacles == both


def test_not_possible_alone_is_its_own_obstacle() -> None:
    assert NotPossible("a.refused", n=3).obstacles[0].data == {"n": 3}


def test_errors_say_code_and_data() -> None:
    assert str(Invalid("a.wrong", field="title")) == "a.wrong {'field': 'title'}"


def test_a_life_cycle_follows_its_table() -> None:
    assert DOOR.after("shut", "open") == "ajar"
    assert DOOR.verbs("ajar") == ("close",)
    assert DOOR.sources("open") == ("shut",)
    assert DOOR.statuses == ("shut", "ajar")


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(NotPossible, match=r"door\.no_such_move"):
        DOOR.after("shut", "close")


def test_a_table_with_two_ways_is_refused() -> None:
    with pytest.raises(ValueError, match="two places"):
        LifeCycle("door", start="shut", moves=(Move("shut", "open", "ajar", "a"), Move("shut", "open", "wide", "b")))


def test_the_diagram_shows_every_move() -> None:
    assert DOOR.diagram().count("-->") == 1 + len(DOOR.moves)


def test_registries_refuse_a_second_thing_of_the_same_name() -> None:
    registry: Registry[object] = Registry("things")
    first = registry.register("a")(object())
    assert registry.register("a")(first) is first
    with pytest.raises(ValueError, match="registered twice"):
        registry.register("a")(object())


def test_registries_are_in_the_order_of_names() -> None:
    registry: Registry[int] = Registry("things")
    registry.register("b")(2)
    registry.register("a")(1)
    assert list(registry) == [1, 2]


@given(json_values)
def test_canonical_is_json_and_ignores_the_order_of_keys(value: object) -> None:
    assert json.loads(hashing.canonical(value)) == value
    if isinstance(value, dict):
        assert hashing.digest(dict(reversed(list(value.items())))) == hashing.digest(value)


def test_canonical_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        hashing.canonical(float("nan"))


@given(st.text())
def test_one_line_is_stable_and_single(value: str) -> None:
    line = text.one_line(value)
    assert text.one_line(line) == line
    assert "\n" not in line
    assert "\x00" not in line


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_shortened_keeps_its_limit(value: str, most: int) -> None:
    assert len(text.shortened(value, most=most)) <= most


def test_full_width_punctuation_stays() -> None:
    assert text.one_line("方塘市　“开门”，２０２６年") == "方塘市 “开门”，２０２６年"


@pytest.mark.parametrize("sign", ["\x00", "\u200b", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufffe", "\uffff"])
def test_characters_that_nobody_sees_go_away(sign: str) -> None:
    assert text.clean(f"方{sign}塘") == "方塘"

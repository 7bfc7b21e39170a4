"""Reading what somebody sent: ids and JSON of any size and shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.kernel.sent import DEEPEST, decimal_id, from_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8")), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(("sent", "number"), [("0", 0), ("12", 12), (12, 12), ("9" * 18, 10**18 - 1)])
def test_a_decimal_id_is_a_number(sent: object, number: int) -> None:
    assert decimal_id(sent) == number


@pytest.mark.parametrize("sent", ["", "x", "-1", "+1", "1.0", " 1", "1_0", "²", "٣", "1\0", "9" * 19, "9" * 5000, None, True, [1]])
def test_anything_else_is_no_id(sent: object) -> None:
    assert decimal_id(sent) is None


@given(json_values)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert from_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{",
        "[" * 100_000,
        "[" * 900 + "]" * 900,
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "9" * 5000,
        "NaN",
        "[-Infinity]",
        "1e999",
        r'{"a\u0000": 1}',
        r'["\u0000"]',
    ],
)
def test_json_that_no_database_holds_is_refused(sent: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(sent)


def test_json_may_be_as_deep_as_ours_ever_is() -> None:
    assert from_json("[" * DEEPEST + "]" * DEEPEST)

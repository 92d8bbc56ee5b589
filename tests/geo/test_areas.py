"""Which codes lie in an area: those that begin with its code."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import are_in_area, is_in_area

CODES = pd.Series(["3521072013", "3521072014", "3521080001", None], dtype="str")
KINDS = ["str", "object", "category"]

codes = st.text("12", max_size=4)
areas = codes | st.lists(codes, max_size=3).map(tuple)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("area", "inside"),
    [
        ("3521072013", [True, False, False, False]),
        ("352107", [True, True, False, False]),
        ("3521", [True, True, True, False]),
        ("36", [False, False, False, False]),
        ("", [True, True, True, True]),
        (("3521072014", "352108"), [False, True, True, False]),
        (("36", ""), [True, True, True, True]),
        ((), [False, False, False, False]),
    ],
)
def test_codes_that_begin_with_the_areas_code_lie_in_it(
    area: str | tuple[str, ...], inside: list[bool], kind: str
) -> None:
    assert are_in_area(CODES.astype(kind), area).tolist() == inside


def test_wider_area_does_not_lie_in_a_narrower_one() -> None:
    assert not is_in_area("352107", "3521072013")
    assert is_in_area("352107", "352107")


def test_no_codes_give_no_answers() -> None:
    assert are_in_area(pd.Index([], dtype="str"), "35").shape == (0,)


@settings(max_examples=50, deadline=None)
@given(st.lists(codes | st.none()), areas, st.sampled_from(KINDS))
def test_many_codes_are_answered_as_one_by_one(
    many: list[str | None], area: str | tuple[str, ...], kind: str
) -> None:
    everywhere = is_in_area("", area)
    each = [everywhere if code is None else is_in_area(code, area) for code in many]
    assert are_in_area(pd.Series(many, dtype="str").astype(kind), area).tolist() == each


@settings(max_examples=50, deadline=None)
@given(st.lists(codes), codes, codes)
def test_narrower_area_holds_no_code_that_the_wider_does_not(many: list[str], wide: str, more: str) -> None:
    index = pd.Index(many, dtype="str")
    assert (are_in_area(index, wide) >= are_in_area(index, wide + more)).all()

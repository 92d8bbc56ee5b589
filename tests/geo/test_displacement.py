from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.displacement import Sizes, ZoneCounts, measure_displacement
from geo.errors import GeoError, TooFewError

counts = st.builds(ZoneCounts, st.integers(5, 500), st.integers(5, 500))


def test_the_worked_example_of_wheeler_and_ratcliffe() -> None:
    found = measure_displacement(
        ZoneCounts(207, 110),
        ZoneCounts(308, 318),
        near_treated=ZoneCounts(178, 157),
        near_control=ZoneCounts(150, 140),
    )
    assert found.difference == -118
    assert found.error == pytest.approx(np.sqrt(1568))
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert (round(found.low), round(found.high)) == (-196, -40)
    assert found.p == pytest.approx(0.0029, abs=0.0001)


def test_unequal_periods_are_divided_by_their_lengths_as_in_ptools() -> None:
    # ptools' own test of time weights, and by hand: 20 - 80/2 - (50 - 100/2), 20 + 80/4 + 50 + 100/4.
    found = measure_displacement(ZoneCounts(80, 20), ZoneCounts(100, 50), sizes=Sizes(before=2, after=1))
    assert found.difference == -20
    assert found.error == pytest.approx(np.sqrt(115))


def test_unequal_zones_are_divided_by_their_sizes_as_in_ptools() -> None:
    found = measure_displacement(
        ZoneCounts(207, 110),
        ZoneCounts(308, 318),
        near_treated=ZoneCounts(178, 157),
        near_control=ZoneCounts(150, 140),
        sizes=Sizes(control=0.9, treated=1.2, near_control=1.6, near_treated=1.5),
    )
    # ptools 2.0.0, its own test of area weights
    assert found[:3] == pytest.approx((-99.69444444, 35.4280755, -2.813995483))
    assert (found.low, found.high) == pytest.approx((-169.1321965, -30.25669241))


def test_a_larger_control_with_the_same_fall_shows_no_effect() -> None:
    counts = ZoneCounts(100, 90), ZoneCounts(300, 270)
    assert measure_displacement(*counts).difference == 20  # the control fell by 20 more
    assert measure_displacement(*counts, sizes=Sizes(control=3)).difference == 0


@pytest.mark.parametrize("size", [0, -1, np.nan, np.inf])
def test_sizes_that_are_none_are_refused(size: float) -> None:
    with pytest.raises(GeoError, match="above 0"):
        measure_displacement(ZoneCounts(60, 40), ZoneCounts(50, 50), sizes=Sizes(after=size))


def test_without_zones_around_only_the_two_count() -> None:
    found = measure_displacement(ZoneCounts(60, 40), ZoneCounts(50, 50))
    assert (found.difference, found.error) == (-20, pytest.approx(np.sqrt(200)))


def test_a_wider_confidence_widens_the_interval() -> None:
    narrow, wide = (
        measure_displacement(ZoneCounts(60, 40), ZoneCounts(50, 50), confidence=c) for c in (0.9, 0.99)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


@settings(max_examples=60, deadline=None)
@given(treated=counts, control=counts, near=counts, near_control=counts)
def test_swapping_before_and_after_or_treated_and_control_changes_the_sign(
    treated: ZoneCounts, control: ZoneCounts, near: ZoneCounts, near_control: ZoneCounts
) -> None:
    found = measure_displacement(treated, control, near_treated=near, near_control=near_control)
    turned = measure_displacement(
        ZoneCounts(*treated[::-1]),
        ZoneCounts(*control[::-1]),
        near_treated=ZoneCounts(*near[::-1]),
        near_control=ZoneCounts(*near_control[::-1]),
    )
    swapped = measure_displacement(control, treated, near_treated=near_control, near_control=near)
    assert turned.difference == swapped.difference == -found.difference
    assert turned.error == swapped.error == found.error
    assert found.low <= found.difference <= found.high


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_crimes_are_refused(n: int) -> None:
    with pytest.raises(TooFewError, match="before and after in all zones"):
        measure_displacement(ZoneCounts(n, n), ZoneCounts(n, n))


def test_negative_counts_and_odd_confidence_are_refused() -> None:
    with pytest.raises(GeoError, match="0 or more"):
        measure_displacement(ZoneCounts(-1, 60), ZoneCounts(50, 50))
    with pytest.raises(GeoError, match="between 0 and 1"):
        measure_displacement(ZoneCounts(60, 40), ZoneCounts(50, 50), confidence=95)

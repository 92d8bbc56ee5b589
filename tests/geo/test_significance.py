from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, TooFewError
from geo.significance import (
    adjust_p_values,
    classify_confidence,
    combine_p_values,
    compute_two_sided_p,
    find_discoveries,
    find_p_thresholds,
    require_enough,
)

p_values = st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=40)


def test_benjamini_and_hochbergs_own_example() -> None:
    # Benjamini & Hochberg (1995), table 1: of 15 tests at 5 % the first four are discoveries.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    adjusted = adjust_p_values([*p, 0.6528, 0.7590, 1.0])
    assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    found = find_discoveries(np.array([*p, 0.6528, 0.7590, 1.0])[:, np.newaxis], level=0.05)
    assert found[:, 0].tolist() == [True] * 4 + [False] * 11


def test_what_two_tests_find_is_the_larger_p_on_the_same_side() -> None:
    z, exact = [2.5758293, 1.0, 2.5758293, np.nan], np.array([0.05, 0.01, 0.01, 0.5])
    both = combine_p_values(z, exact, np.array([2.0, 2.0, -2.0, 1.0]))
    assert both[:3].tolist() == pytest.approx([0.05, 0.3173105, 1.0])  # 2·(1 - Φ(1)) of a table
    assert np.isnan(both[3])


@settings(max_examples=80, deadline=None)
@given(p=p_values, seed=st.integers(0, 99))
def test_adjusting_never_lowers_keeps_order_and_leaves_the_untested_out(p: list[float], seed: int) -> None:
    values = np.array(p)
    adjusted, tested = adjust_p_values(values), ~np.isnan(values)
    assert (np.isnan(adjusted) == ~tested).all()
    assert ((adjusted >= values - 1e-12) & (adjusted <= 1))[tested].all()
    order = np.random.default_rng(seed).permutation(len(values))
    np.testing.assert_allclose(adjust_p_values(values[order]), adjusted[order], rtol=1e-12)
    np.testing.assert_allclose(adjust_p_values(values[tested]), adjusted[tested], rtol=1e-12)


@settings(max_examples=80, deadline=None)
@given(p=st.lists(st.tuples(*[st.floats(0, 0.2) | st.floats(0, 1) | st.just(float("nan"))] * 3), min_size=1))
def test_discoveries_are_where_the_adjusted_p_is_at_most_the_level(p: list[tuple[float, ...]]) -> None:
    layers = np.array(p)
    adjusted = np.column_stack([adjust_p_values(layer) for layer in layers.T])
    sure = np.isnan(adjusted) | (np.abs(adjusted - 0.05) > 1e-9)  # at the very level, rounding decides
    assert (find_discoveries(layers, level=0.05) == (adjusted <= 0.05))[sure].all()


def test_classes_are_of_the_sign_and_end_at_the_very_level() -> None:
    z = [3.0, -3.0, 2.0, -2.0, 1.7, 1.0, np.nan, 5.0]
    p = [0.01, 0.009, 0.05, 0.02, 0.1, 0.3, np.nan, 0.11]
    assert classify_confidence(z, p).tolist() == [3, -3, 2, -2, 1, 0, 0, 0]


def test_two_sided_p_of_table_values() -> None:
    assert compute_two_sided_p([1.6448536, -1.959964, 2.5758293]).tolist() == pytest.approx([0.1, 0.05, 0.01])


def test_p_values_that_are_none_are_refused() -> None:
    with pytest.raises(GeoError, match="between 0 and 1"):
        adjust_p_values([0.5, 1.2])


def test_too_few_is_one_sentence_with_both_numbers() -> None:
    require_enough(30, 30, "crimes")
    with pytest.raises(TooFewError, match=r"^Too few crimes for a result \(29\): at least 30 are needed.$"):
        require_enough(29, 30, "crimes")
    with pytest.raises(TooFewError):
        require_enough(float("nan"), 1, "crimes")


@settings(max_examples=200, deadline=None)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_a_p_value_at_its_threshold_is_a_discovery_and_one_above_it_is_not(p: list[float]) -> None:
    level, thresholds = 0.05, find_p_thresholds(p, level=0.05)
    for i, threshold in enumerate(thresholds):
        for value, discovered in ((threshold * (1 - 1e-9), True), (threshold * (1 + 1e-6), False)):
            changed = [*p[:i], value, *p[i + 1 :]]
            assert (adjust_p_values(changed)[i] <= level) == discovered


def test_thresholds_by_hand() -> None:
    # One discovery among two tests is one at half the level; with it, the other needs the whole level.
    assert find_p_thresholds([0.001, 0.9], level=0.05).tolist() == [0.025, 0.05]
    assert find_p_thresholds([0.9, float("nan")], level=0.05).tolist() == [0.05, 0.025]

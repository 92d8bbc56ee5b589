from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo.classify as classification
from geo.classify import (
    BIVARIATE_COLOURS,
    CHANGE_COLOURS,
    COVERAGE_COLOURS,
    CRIME_COLOURS,
    GAP_COLOURS,
    STATUS_COLOURS,
    Classes,
    classify_values,
)
from geo.errors import ClassError

SCHEMES = ["quantile", "natural"]
numbers = st.floats(-1e9, 1e9).map(lambda value: round(value, 4))


def deviation(groups: list[np.ndarray]) -> float:
    return sum(((group - group.mean()) ** 2).sum() for group in groups)


def test_quantiles_put_as_many_values_in_each_class() -> None:
    classes = classify_values(np.arange(100.0), k=5, palette=COVERAGE_COLOURS)
    assert classes.breaks == (0, 20, 40, 59, 79, 99)  # 19.8, 39.6, 59.4, 79.2 with two digits
    assert np.bincount(classes.assign(np.arange(100.0))).tolist() == [20, 20, 19, 20, 21]
    assert classes.colours == COVERAGE_COLOURS


def test_natural_breaks_lie_in_the_gaps() -> None:
    classes = classify_values([1, 2, 3, 50, 51, 52, 200, 210], scheme="natural", k=3, palette=CRIME_COLOURS)
    assert classes.assign([3, 50, 52, 200]).tolist() == [0, 1, 1, 2]
    assert classes.breaks == (1, 26, 130, 210)  # midway 26.5 and 126


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=4, max_size=12), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all(values: list[int], k: int) -> None:
    ordered = np.sort(np.array(values, dtype=float))
    distinct = np.unique(ordered)
    if len(distinct) <= k:
        return
    best = min(
        deviation(np.split(ordered, np.searchsorted(ordered, distinct[list(starts)])))
        for starts in combinations(range(1, len(distinct)), k - 1)
    )
    breaks = classification._natural(ordered, k)
    assert deviation(np.split(ordered, np.searchsorted(ordered, breaks))) == pytest.approx(best)


def test_natural_breaks_of_many_values_find_the_clusters() -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(centre, 1, 20_000) for centre in (0, 100, 300)])
    low, high = classify_values(values, scheme="natural", k=3, palette=GAP_COLOURS).breaks[1:-1]
    assert 5 < low < 95
    assert 105 < high < 295


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(numbers, st.just(float("nan"))), min_size=0, max_size=40),
    st.sampled_from(SCHEMES),
    st.integers(1, 5),
)
def test_breaks_ascend_cover_all_values_and_leave_no_class_empty(
    values: list[float], scheme: str, k: int
) -> None:
    classes = classify_values(values, scheme=scheme, k=k, palette=CRIME_COLOURS)
    assert all(low < high for low, high in pairwise(classes.breaks))
    assert len(classes.colours) == len(classes.breaks) - 1 <= k
    known = np.array(values)[~np.isnan(values)]
    if known.size:
        assert classes.breaks[0] <= known.min()
        assert classes.breaks[-1] >= known.max()
        assert set(classes.assign(known)) == set(range(len(classes.colours)))


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=30), st.sampled_from(SCHEMES), st.integers(0, 1000))
def test_order_does_not_matter(values: list[float], scheme: str, seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(values)
    assert classify_values(shuffled, scheme=scheme, palette=CRIME_COLOURS) == classify_values(
        values, scheme=scheme, palette=CRIME_COLOURS
    )


def test_breaks_are_readable() -> None:
    values = [0.1234, 0.2345, 0.3456, 0.4567, 0.5678, 0.6789, 0.7891, 0.8912, 0.9123, 0.9876]
    assert classify_values(values, palette=COVERAGE_COLOURS).breaks == (0.12, 0.32, 0.52, 0.72, 0.9, 0.99)


def test_close_values_get_as_many_digits_as_tell_them_apart() -> None:
    classes = classify_values(
        [1000.1, 1000.2, 1000.3, 1000.4], scheme="natural", k=4, palette=COVERAGE_COLOURS
    )
    assert classes.assign([1000.1, 1000.2, 1000.3, 1000.4]).tolist() == [0, 1, 2, 3]


def test_few_distinct_values_make_few_classes_with_the_ends_of_the_palette() -> None:
    classes = classify_values([1, 1, 2, 2, 2], palette=CRIME_COLOURS)
    assert classes.breaks == (1, 1.5, 2)
    assert classes.colours == (CRIME_COLOURS[0], CRIME_COLOURS[-1])


@pytest.mark.parametrize(
    ("value", "breaks"), [(0, (0, 1)), (7, (7, 7.1)), (0.5, (0.5, 0.51)), (-3, (-3, -2.9))]
)
def test_one_value_makes_one_class(value: float, breaks: tuple[float, ...]) -> None:
    classes = classify_values([value] * 3, palette=CRIME_COLOURS)
    assert classes.breaks == breaks
    assert classes.assign([value]).tolist() == [0]
    assert classes.colours == (CRIME_COLOURS[2],)


@pytest.mark.parametrize("values", [[], [float("nan")] * 3, [float("inf")]])
def test_no_value_makes_one_class_from_zero_to_one(values: list[float]) -> None:
    classes = classify_values(values, palette=CRIME_COLOURS)
    assert classes.breaks == (0, 1)


def test_quantiles_between_the_same_two_values_make_one_break() -> None:
    # Thirds of the ranks 0 … 4 lie at 1.33 and 2.67: both quantiles are in the gap between -1 and 0.
    assert classify_values([0, 0, 1, -1, -2], k=3, palette=CRIME_COLOURS).breaks == (-2, -0.67, 1)


def test_many_zeros_make_fewer_classes_with_readable_breaks() -> None:
    # Of the quintiles three are 0, which parts nothing, and one lies at rank 79.2: 0.2·1.2345.
    values = [0.0] * 80 + [1.2345 * number for number in range(1, 21)]
    assert classify_values(values, palette=CRIME_COLOURS).breaks == (0, 0.25, 25)


def test_fixed_breaks_stay_and_values_beyond_them_go_to_the_end_classes() -> None:
    classes = classify_values([5, 500], scheme="fixed", palette=COVERAGE_COLOURS, breaks=[0, 0.25, 0.5, 1])
    assert classes.breaks == (0, 0.25, 0.5, 1)
    assert classes.colours == (COVERAGE_COLOURS[0], COVERAGE_COLOURS[2], COVERAGE_COLOURS[4])
    assert classes.assign([-1, 0.25, 0.4, 1, 7, float("nan")]).tolist() == [0, 1, 1, 2, 2, -1]


@pytest.mark.parametrize("breaks", [None, [1], [1, 1], [2, 1], [0, float("nan"), 2], [0, float("inf")]])
def test_fixed_breaks_that_do_not_ascend_are_refused(breaks: list[float] | None) -> None:
    with pytest.raises(ClassError, match="greater than the one before"):
        classify_values([1.0], scheme="fixed", palette=COVERAGE_COLOURS, breaks=breaks)


def test_what_makes_no_classes_is_refused() -> None:
    with pytest.raises(ClassError, match="'equal'"):
        classify_values([1, 2], scheme="equal", palette=COVERAGE_COLOURS)
    with pytest.raises(ClassError, match="1 or more"):
        classify_values([1, 2], k=0, palette=COVERAGE_COLOURS)
    with pytest.raises(ClassError, match="the palette has 5"):
        classify_values(np.arange(100), k=6, palette=COVERAGE_COLOURS)


def test_labels_are_ranges_in_the_callers_words() -> None:
    classes = Classes((0, 0.5, 1), COVERAGE_COLOURS[:2])
    dash = "\N{EN DASH}"
    assert classes.labels() == (f"0{dash}0.5", f"0.5{dash}1")
    assert classes.labels("{:.0%}".format) == (f"0%{dash}50%", f"50%{dash}100%")
    assert Classes((0, 1_300_000), CRIME_COLOURS[:1]).labels() == (f"0{dash}1300000",)


def test_values_may_be_given_in_any_number_of_rows() -> None:
    classes = Classes((0, 5, 10), CRIME_COLOURS[:2])
    assert classes.assign([[1, 7], [np.nan, 5]]).tolist() == [[0, 1], [-1, 1]]


def test_palettes_have_as_many_colours_as_their_classes() -> None:
    assert [
        len(palette)
        for palette in (COVERAGE_COLOURS, CRIME_COLOURS, GAP_COLOURS, CHANGE_COLOURS, BIVARIATE_COLOURS)
    ] == [5, 5, 5, 7, 3]
    assert all(len(row) == 3 for row in BIVARIATE_COLOURS)
    assert list(STATUS_COLOURS) == ["never", "overdue", "due", "visited"]

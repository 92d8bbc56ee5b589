from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import ColumnError, GeoError
from geo.rates import measure_rates, smooth_rates

areas = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5000)), min_size=1, max_size=30)


def test_smoothing_by_hand() -> None:
    # m = 90/1110 = 0.081081; s² = Σn(r - m)²/Σn = 0.010091; m/n̄ = 0.000219; a = 0.009872.
    # n = 100: weight 0.009872/(0.009872 + 0.000811) = 0.9241; 0.081081 + 0.318919·0.9241 = 0.3758.
    assert smooth_rates([0, 40, 50], [10, 100, 1000]) == pytest.approx([0.0366, 0.3758, 0.0503], abs=5e-5)


def test_a_negative_variance_is_clipped_and_all_areas_take_the_mean() -> None:
    assert smooth_rates([0, 5, 50], [10, 100, 1000]) == pytest.approx([55 / 1110] * 3)


def test_the_interval_is_garwoods() -> None:
    # Garwood (1936): 3 events, 95 %: 0.6187 … 8.7673; 0 events: 0 … 3.6889.
    found = measure_rates(pd.Series([3, 0]), pd.Series([1000, 1000]))
    assert found["rate_low"].tolist() == pytest.approx([0.6187, 0], abs=1e-4)
    assert found["rate_high"].tolist() == pytest.approx([8.7673, 3.6889], abs=1e-4)
    assert found["rate"].tolist() == [3, 0]


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 200), confidence=st.sampled_from([0.8, 0.95, 0.99]))
def test_the_ends_of_the_interval_are_just_not_refuted(n: int, confidence: float) -> None:
    found = measure_rates(pd.Series([n]), pd.Series([1]), per=1, confidence=confidence).iloc[0]
    tail = (1 - confidence) / 2
    assert stats.poisson.sf(n - 1, found["rate_low"]) == pytest.approx(tail, rel=1e-6)
    assert stats.poisson.cdf(n, found["rate_high"]) == pytest.approx(tail, rel=1e-6)


def test_no_exposure_is_no_rate_and_the_raw_count_stays() -> None:
    found = measure_rates(
        pd.Series([3, 2, 1], index=list("abc")), pd.Series([100, 0, None], index=list("abc"))
    )
    assert found.loc[["b", "c"], ["rate", "rate_smoothed", "rate_low", "rate_high"]].isna().all(axis=None)
    assert found["n_crimes"].tolist() == [3, 2, 1]
    assert found.loc["a", "rate"] == 30


def test_no_crime_at_all_is_a_rate_of_nothing_with_room_above() -> None:
    found = measure_rates(pd.Series([0, 0]), pd.Series([100, 50]))
    assert (found[["rate", "rate_smoothed", "rate_low"]] == 0).all(axis=None)
    assert (found["rate_high"] > 0).all()
    assert np.isnan(smooth_rates([1, 2], [0, 0])).all()


@settings(max_examples=60, deadline=None)
@given(rows=areas, seed=st.integers(0, 99))
def test_smoothed_lies_between_raw_and_mean_and_order_does_not_matter(
    rows: list[tuple[int, int]], seed: int
) -> None:
    counts, exposure = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    copy = counts.copy()
    smoothed, raw, mean = smooth_rates(counts, exposure), counts / exposure, counts.sum() / exposure.sum()
    assert (smoothed >= np.minimum(raw, mean) - 1e-12).all()
    assert (smoothed <= np.maximum(raw, mean) + 1e-12).all()
    order = np.random.default_rng(seed).permutation(len(counts))
    np.testing.assert_allclose(smooth_rates(counts[order], exposure[order]), smoothed[order], rtol=1e-9)
    np.testing.assert_array_equal(counts, copy)


def test_small_areas_move_more_than_large_ones() -> None:
    smoothed = smooth_rates([5, 500, 10, 900], [10, 1000, 100, 9000])  # the first two both raw 0.5
    assert smoothed[0] < smoothed[1] < 0.5


def test_bad_counts_and_settings_are_refused() -> None:
    counts, exposure = pd.Series([1, 2]), pd.Series([10, 20])
    with pytest.raises(ColumnError, match="same areas"):
        measure_rates(counts, exposure.iloc[::-1])
    with pytest.raises(ColumnError, match="0 or more"):
        measure_rates(pd.Series([1, None]), exposure)
    with pytest.raises(ColumnError, match="below 0"):
        measure_rates(counts, -exposure)
    with pytest.raises(GeoError, match="confidence"):
        measure_rates(counts, exposure, confidence=95)
    with pytest.raises(GeoError, match="exposure above 0"):
        measure_rates(counts, exposure, per=0)

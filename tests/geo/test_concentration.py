from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, GeoError, TooFewError
from geo.hotspots.concentration import measure_concentration, trace_concentration

EQUAL = pd.Series(1.0, index=range(10))


def test_share_by_hand() -> None:
    counts = pd.Series([50, 21, 10, 9, 10, 0, 0, 0, 0, 0])  # the top two of ten cells hold 71 of 100
    found = measure_concentration(counts, EQUAL)
    assert (found.area_share, found.crime_share, found.n_crimes) == (0.2, pytest.approx(0.71), 100)
    assert 0.2 < found.chance_share < 0.4  # ten crimes a cell scatter around evenly
    assert found.p == pytest.approx(1 / 100)  # none of 99 scatters reaches 71 of 100 in two cells of ten


def test_part_of_a_cell_counts_in_part() -> None:
    counts = pd.Series([50, 30, 20, 0, 0, 0, 0, 0, 0, 0])
    assert measure_concentration(counts, EQUAL, area_share=0.15).crime_share == pytest.approx(0.65)


def test_small_dense_ground_comes_before_large_full_ground() -> None:
    curve = trace_concentration(pd.Series([10, 20]), pd.Series([1.0, 9.0]))
    assert curve.to_numpy().tolist() == [[0, 0], [pytest.approx(0.1), pytest.approx(1 / 3)], [1, 1]]


def test_few_crimes_on_many_cells_are_no_more_concentrated_than_by_chance() -> None:
    rng = np.random.default_rng(0)
    counts = pd.Series(rng.multinomial(40, [0.001] * 1000))
    found = measure_concentration(counts, pd.Series(1.0, index=counts.index))
    assert found.crime_share == 1
    assert found.chance_share == 1
    assert found.p == 1


def test_random_crimes_are_called_concentrated_as_seldom_as_the_level_says() -> None:
    # Of 400 random tables about 5 % have p of at most 5 %: 20, and more than 36 (four standard errors) never.
    rng = np.random.default_rng(5)
    maps = rng.multinomial(60, [0.02] * 50, size=400)
    ground = pd.Series(1.0, index=range(50))
    p = np.array([measure_concentration(pd.Series(row), ground, seed=i).p for i, row in enumerate(maps)])
    assert (p <= 0.05).sum() <= 36


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), min_size=2, max_size=30),
    seed=st.integers(0, 99),
)
def test_the_curve_is_above_evenness_concave_and_blind_to_order(
    cells: list[tuple[int, int]], seed: int
) -> None:
    counts, ground = (pd.Series(part, dtype=float) for part in zip(*cells, strict=True))
    counts.iloc[0] += 10
    copy, curve = counts.copy(), trace_concentration(counts, ground)
    assert (curve["crime_share"] >= curve["area_share"] - 1e-9).all()
    slopes = np.diff(curve["crime_share"]) / np.diff(curve["area_share"])
    assert (np.diff(slopes) <= 1e-9).all()
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1])
    order = np.random.default_rng(seed).permutation(len(counts))
    pd.testing.assert_frame_equal(trace_concentration(counts.iloc[order], ground.iloc[order]), curve)
    pd.testing.assert_series_equal(counts, copy)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_crimes_are_refused(n: int) -> None:
    counts = pd.Series([n] + [0] * 9)
    for measure in (trace_concentration, measure_concentration):
        with pytest.raises(TooFewError, match=rf"crimes for a result \({n}\)"):
            measure(counts, EQUAL)


def test_one_place_holds_it_all() -> None:
    assert measure_concentration(pd.Series([30] + [0] * 9), EQUAL, area_share=0.1).crime_share == 1


def test_bad_frames_and_shares_are_refused() -> None:
    counts = pd.Series(5, index=range(10))
    with pytest.raises(ColumnError, match="same areas"):
        trace_concentration(counts, EQUAL.iloc[::-1])
    with pytest.raises(ColumnError, match="with none missing"):
        trace_concentration(counts, EQUAL.where(EQUAL.index > 0))
    with pytest.raises(TooFewError, match="a size above 0"):
        trace_concentration(counts, EQUAL * 0)
    with pytest.raises(GeoError, match="above 0"):
        measure_concentration(counts, EQUAL, area_share=0)

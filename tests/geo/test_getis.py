from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.errors import ColumnError, TooFewError
from geo.grid import make_grid
from geo.hotspots.getis import compute_gi_scores, find_hotspots
from geo.weights import find_cell_neighbours
from tests.geo.builders import make_square

GRID = make_grid(make_square(1000), cell_m=100)
QUEEN = find_cell_neighbours(GRID.index)
seeds = st.integers(0, 2**32 - 1)


def make_counts(**counts: int) -> pd.Series:
    """Counts on ten by ten cells: c3_4=7 for column 3, row 4."""
    found = pd.Series(0, index=GRID.index)
    for place, count in counts.items():
        found["square_100_" + place[1:]] = count
    return found


def test_scores_by_hand() -> None:
    # Line of five, counts 4 4 0 0 0: mean 1.6, s² = 32/5 - 2.56 = 3.84.
    # Gi* of the first: (8 - 2·1.6)/√(3.84·2·3/4) = 4.8/2.4 = 2.
    # Gi of the first: the others' mean is 1, s² 3; (4 - 1)/√(3·1·3/3) = √3.
    line = sparse.csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    assert compute_gi_scores([4, 4, 0, 0, 0], line)[0] == pytest.approx(2)
    assert compute_gi_scores([4, 4, 0, 0, 0], line, star=False)[0] == pytest.approx(np.sqrt(3))


def test_getis_and_ords_z_does_not_change_with_the_unit() -> None:
    counts = np.random.default_rng(1).poisson(2, 100)
    np.testing.assert_allclose(
        compute_gi_scores(counts, QUEEN), compute_gi_scores(counts * 37.5 + 12, QUEEN), atol=1e-9
    )


def test_layers_are_scored_each_on_its_own() -> None:
    layers = np.random.default_rng(2).poisson(2, (100, 3))
    together = compute_gi_scores(layers, QUEEN)
    for number in range(3):
        np.testing.assert_array_equal(together[:, number], compute_gi_scores(layers[:, number], QUEEN))


def test_a_block_of_crime_is_hot_and_the_empty_rest_is_not() -> None:
    found = find_hotspots(make_counts(c2_2=12, c2_3=11, c3_2=13, c3_3=12), QUEEN)
    assert found.loc["square_100_2_2", "confidence"] == 3
    assert found.loc["square_100_8_8", "confidence"] == 0
    assert found.loc["square_100_0_0", "n_neighbours"] == 3
    assert found.index.equals(GRID.index)


def test_a_hole_in_a_crowd_is_cold() -> None:
    counts = pd.Series(9, index=GRID.index)
    for cell in ("4_4", "4_5", "5_4", "5_5"):
        counts["square_100_" + cell] = 0
    assert find_hotspots(counts, QUEEN).loc["square_100_4_4", "confidence"] == -3


def test_adjusting_calls_fewer_cells_hot() -> None:
    counts = pd.Series(np.random.default_rng(3).poisson(2, 100), index=GRID.index)
    plain, adjusted = (find_hotspots(counts, QUEEN, adjust=adjust) for adjust in (False, True))
    assert (adjusted["confidence"].abs() <= plain["confidence"].abs()).all()
    assert plain["confidence"].any()
    pd.testing.assert_series_equal(plain["p"], plain["p_adjusted"], check_names=False)


def test_equal_spread_has_no_hot_spot_and_says_so() -> None:
    found = find_hotspots(pd.Series(3, index=GRID.index), QUEEN)
    assert found["z"].isna().all()
    assert (found["confidence"] == 0).all()
    assert "alike" in found.attrs["note"]


@pytest.mark.parametrize("n", [0, 1, 2, 29])
def test_too_few_crimes_are_refused_in_one_sentence(n: int) -> None:
    with pytest.raises(TooFewError, match=rf"Too few crimes for a result \({n}\)"):
        find_hotspots(make_counts(c2_2=n), QUEEN)


def test_rates_need_no_least_sum_and_all_in_one_place_is_hot_there() -> None:
    assert find_hotspots(make_counts(c5_5=1) / 7, QUEEN, minimum=0)["z"].notna().all()
    found = find_hotspots(make_counts(c5_5=30), QUEEN)
    assert set(found.index[found["confidence"] > 0]) == {
        f"square_100_{c}_{r}" for c in (4, 5, 6) for r in (4, 5, 6)
    }


def test_few_areas_are_refused_and_some_make_a_note() -> None:
    counts = pd.Series([20, 20, 0], index=GRID.index[:3])
    with pytest.raises(TooFewError, match="areas"):
        find_hotspots(counts, find_cell_neighbours(counts.index))
    twenty = pd.Series(range(20), index=GRID.index[:20])
    assert "20 areas" in find_hotspots(twenty, find_cell_neighbours(twenty.index)).attrs["note"]


def test_an_island_has_no_gi_but_a_gi_star() -> None:
    lonely = sparse.csr_array((4, 4))
    assert np.isnan(compute_gi_scores([1, 2, 3, 4], lonely, star=False)).all()
    assert np.isfinite(compute_gi_scores([1, 2, 3, 4], lonely)).all()


def test_missing_values_and_foreign_weights_are_refused() -> None:
    with pytest.raises(ColumnError, match="missing"):
        compute_gi_scores([1.0, np.nan], sparse.csr_array((2, 2)))
    with pytest.raises(ColumnError, match="weights for 2"):
        compute_gi_scores([1.0, 2.0, 3.0], sparse.csr_array((2, 2)))


@settings(max_examples=30, deadline=None)
@given(seed=seeds, star=st.booleans())
def test_order_of_areas_does_not_matter_and_the_input_stays(seed: int, *, star: bool) -> None:
    rng = np.random.default_rng(seed)
    counts = pd.Series(rng.poisson(1.0, 100), index=GRID.index)
    counts.iloc[0] += 30
    copy, order = counts.copy(), rng.permutation(100)
    found = find_hotspots(counts, QUEEN, star=star)
    shuffled = counts.iloc[order]
    again = find_hotspots(shuffled, find_cell_neighbours(shuffled.index), star=star)
    pd.testing.assert_frame_equal(again.loc[counts.index], found)
    pd.testing.assert_series_equal(counts, copy)

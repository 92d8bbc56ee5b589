from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

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
    larger = plain[["p", "p_exact"]].max(axis=1)
    pd.testing.assert_series_equal(larger, plain["p_adjusted"], check_names=False)


def test_the_exact_p_is_that_of_the_crimes_around_given_all() -> None:
    counts = make_counts(c2_2=12, c2_3=11, c3_2=13, c3_3=12, c8_8=6)  # 54, of 100 cells
    found, without = (find_hotspots(counts, QUEEN, star=star)["p_exact"] for star in (True, False))
    assert found["square_100_2_2"] == pytest.approx(stats.binomtest(48, 54, 9 / 100).pvalue)
    assert found["square_100_9_9"] == pytest.approx(stats.binomtest(6, 54, 4 / 100).pvalue)
    assert found["square_100_0_5"] == pytest.approx(stats.binomtest(0, 54, 6 / 100).pvalue)
    assert without["square_100_2_2"] == pytest.approx(stats.binomtest(36, 42, 8 / 99).pvalue)
    assert without["square_100_8_8"] == pytest.approx(stats.binomtest(0, 48, 8 / 99).pvalue)


def test_cells_that_are_cut_have_less_room_for_crime() -> None:
    ground = pd.Series(1.0, index=GRID.index)
    ground[GRID.index.str.startswith("square_100_0_")] = 0.25  # one column of ten: 92.5 in all
    counts = make_counts(c0_0=3, c5_5=40)
    found = find_hotspots(counts, QUEEN, exposure=ground)["p_exact"]
    assert found["square_100_0_0"] == pytest.approx(stats.binomtest(3, 43, 2.5 / 92.5).pvalue)
    assert found["square_100_5_5"] == pytest.approx(stats.binomtest(40, 43, 9 / 92.5).pvalue)
    with pytest.raises(ColumnError, match="above 0"):
        find_hotspots(counts, QUEEN, exposure=0.0)


def test_two_crimes_that_meet_among_thirty_are_no_hot_spot() -> None:
    # Thirty fall into 2,500 cells with two in one in a map of six: 1 - 2499·…·2471/2500²⁹ = 0.16.
    wide = make_grid(make_square(5000), cell_m=100).index
    counts = pd.Series(0, index=wide)
    counts.iloc[np.arange(28) * 89] = 1  # apart
    counts["square_100_25_20"] = 2
    assert counts.sum() == 30
    found = find_hotspots(counts, find_cell_neighbours(wide))
    assert found["z"].max() > 5
    assert not found["confidence"].any()


def test_crimes_that_come_thirty_to_a_place_make_no_place_hot_by_themselves() -> None:
    # 60 of 2,500 cells hold 30: mean 0.72, s² = 900·0.024 - 0.5184; around each z = (30 - 6.48)/13.75 = 1.71.
    wide = make_grid(make_square(5000), cell_m=100).index
    counts = pd.Series(0, index=wide)
    counts[[f"square_100_{4 + 5 * c}_{3 + 7 * r}" for c in range(9) for r in range(7)][:60]] = 30
    found = find_hotspots(counts, find_cell_neighbours(wide))
    assert found["z"].max() == pytest.approx(1.71, abs=0.005)
    assert found["p_exact"].min() < 1e-9
    assert not found["confidence"].any()


def test_rates_are_scored_but_not_tested_and_that_is_said() -> None:
    found = find_hotspots(make_counts(c2_2=12, c2_3=11, c3_2=13) / 7, QUEEN, minimum=0)
    assert found["z"].max() > 3
    assert found["p_adjusted"].isna().all()
    assert not found["confidence"].any()
    assert "not counts" in found.attrs["note"]


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
